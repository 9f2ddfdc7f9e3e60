"""`wardlink bedside`: the patient's screen, in this terminal or in a browser."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from commands.places import data_home
from wardlink.i18n import domain, language

_ = domain("commands").gettext

FONT_PX = 24
"""A patient reads at 60 to 80 cm. Source: ward domain sheet 10.9."""
LEAST_CELLS = (60, 20)
"""The smallest layout: letters are no larger than leaves room for it."""


def bedside(
    credential: Annotated[
        Path | None, typer.Option(help="The credential of the terminal, from `wardlink device enrol`.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Where the terminal keeps what it knows and what is unsent.")
    ] = None,
    serve: Annotated[bool, typer.Option("--serve", help="Show the screen in a browser instead of here.")] = False,
    host: Annotated[str, typer.Option(help="The address to serve on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to serve on. 0 takes a free one.")] = 0,
    token: Annotated[
        str | None,
        typer.Option(help="The key in the address; without it, a new one each time.", envvar="WARDLINK_SCREEN_TOKEN"),
    ] = None,
    sample: Annotated[bool, typer.Option("--sample", help="Show an invented bed. Nothing is saved.")] = False,
) -> None:
    """Run the patient's screen of one bed.

    It works without a network: a call is saved in its data folder and sent when the ward can be reached. One
    program at a time may use a data folder. In a browser the screen opens with the address that is
    printed; whoever has the address has the screen.
    """
    from wardlink import credential as credentials

    if sample:
        arguments = ["--sample"]
    elif credential is None:
        raise typer.BadParameter(_("Say --credential FILE, or --sample to look around."))
    else:
        known = credentials.read(credential, kind="terminal")
        folder = data or data_home() / "bedside" / known.device
        arguments = ["--credential", str(credential), "--data", str(folder)]
    arguments += ["--language", language()]
    if serve:
        from wardlink.terminal.serve import Screen
        from wardlink.terminal.serve import serve as serve_screen

        command = [sys.executable, "-m", "bedside", *arguments]
        screen = Screen(
            command, _("Bedside terminal"), host=host, port=port, token=token, font_px=FONT_PX, least_cells=LEAST_CELLS
        )
        serve_screen(screen, announce=lambda address: print(_("The bed's screen: {address}").format(address=address)))
        return
    from bedside.__main__ import main

    raise typer.Exit(main(arguments))
