"""`wardlink cart`: the nurse's screen, in this terminal or in a browser."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from commands.places import data_home
from wardlink.i18n import domain, language

_ = domain("commands").gettext


def cart(
    credential: Annotated[
        Path | None, typer.Option(help="The credential of the cart, from `wardlink device enrol`.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Where the cart keeps what it knows and what is unsent.")] = None,
    serve: Annotated[bool, typer.Option("--serve", help="Show the screen in a browser instead of here.")] = False,
    host: Annotated[str, typer.Option(help="The address to serve on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to serve on. 0 takes a free one.")] = 0,
    token: Annotated[
        str | None,
        typer.Option(help="The key in the address; without it, a new one each time.", envvar="WARDLINK_SCREEN_TOKEN"),
    ] = None,
    sample: Annotated[bool, typer.Option("--sample", help="Show an invented ward. Nothing is saved.")] = False,
    scan_prefix: Annotated[
        str, typer.Option(help="What the scanner types before a code.", envvar="WARDLINK_SCAN_PREFIX")
    ] = "",
    scan_gap_ms: Annotated[
        int,
        typer.Option(min=5, max=200, help="The most between two characters of the scanner, in milliseconds."),
    ] = 35,
    scan_end: Annotated[
        Literal["enter", "tab", "both"], typer.Option(help="What the scanner types behind a code.")
    ] = "both",
) -> None:
    """Run the nurse's screen of one cart.

    The cart works without a network: what is entered is saved in its data folder and sent when the ward can be
    reached. One program at a time may use a data folder. In a browser the screen opens with the address that is
    printed; whoever has the address has the screen.
    """
    from wardlink import credential as credentials

    if sample:
        arguments = ["--sample"]
    elif credential is None:
        raise typer.BadParameter(_("Say --credential FILE, or --sample to look around."))
    else:
        known = credentials.read(credential, kind="cart")
        folder = data or data_home() / "cart" / known.device
        arguments = ["--credential", str(credential), "--data", str(folder)]
    arguments += ["--language", language()]
    arguments += [f"--scan-prefix={scan_prefix}", f"--scan-gap-ms={scan_gap_ms}", f"--scan-end={scan_end}"]
    if serve:
        from wardlink.terminal.serve import Screen
        from wardlink.terminal.serve import serve as serve_screen

        command = [sys.executable, "-m", "cart", *arguments]
        screen = Screen(command, _("Nursing cart"), host=host, port=port, token=token)
        serve_screen(screen, announce=lambda address: print(_("The cart's screen: {address}").format(address=address)))
        return
    from cart.__main__ import main

    raise typer.Exit(main(arguments))
