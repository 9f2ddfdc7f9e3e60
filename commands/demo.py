"""`wardlink demo`: a whole sample ward on this machine."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from commands.places import data_home
from wardlink.i18n import domain

if TYPE_CHECKING:
    from workbench.demo.health import Check
    from workbench.demo.run import Demo

_ = domain("commands").gettext


def demo(
    seconds: Annotated[
        float | None,
        typer.Option(min=1.0, help="Run so long, check that all is well, and end; without it, until Ctrl-C."),
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Where the demo keeps its ward.")] = None,
    host: Annotated[str, typer.Option(help="The address that the pages are served on.")] = "127.0.0.1",
    port_base: Annotated[
        int | None,
        typer.Option(
            min=1024,
            max=65531,
            help="Use this port and the four behind it: page, cart, bedside, broker, payment gateway. Without it: 8080,"
            " 8081, 8082, 1883 and 8083, or the next ones that are free.",
        ),
    ] = None,
    simulation: Annotated[
        bool, typer.Option("--simulation/--no-simulation", help="Let simulated patients and monitors take part.")
    ] = True,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin with a new ward; the old one is deleted.")] = False,
) -> None:
    """Run a whole sample ward: server, simulated patients, the manager's page, cart, bedside screen, payments.

    Everything runs on this machine, keeps its data in one folder, and goes on there the next time. Patients and
    staff are invented. Exit codes: 0 all was well, also after Ctrl-C; 1 a check failed; 5 a port is busy.
    """
    began_s = time.monotonic()
    # Said outright: started in the background of a script, we would not hear Ctrl-C.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, _end)
    from workbench.demo.run import Demo, Order
    from workbench.progress import ProgressLine

    line = ProgressLine()
    order = Order(data or data_home() / "demo", host, port_base, seconds, simulation, fresh)
    checks: list[Check] | None = None
    try:
        with Demo(order, line.show, line.end) as running:
            try:
                running.start()
                line.end()
                _show(running, time.monotonic() - began_s)
                checks = running.run()
            finally:
                # From here on we are ending already; one Ctrl-C is enough.
                for ending in (signal.SIGINT, signal.SIGTERM):
                    signal.signal(ending, signal.SIG_IGN)
                line.end(_("Ending ..."))
    except _Ended:
        print(_("Ended. The ward is kept in {folder}.").format(folder=order.folder))
        return
    for check in checks or ():
        print(f"  {'✓' if check.is_well else '✗'} {check.what}")
    faults = sum(not check.is_well for check in checks or ())
    if faults:
        print(_("{count} checks failed.").format(count=faults))
        raise typer.Exit(1)
    print(_("All is well."))


class _Ended(Exception):
    """Somebody has asked us to end."""


def _end(*_: object) -> NoReturn:
    raise _Ended


def _show(running: Demo, ready_s: float) -> None:
    for wanted, found in running.moved_ports():
        print(
            _("Port {wanted} is used by another program; {found} takes its place.").format(wanted=wanted, found=found)
        )
    print(_("Ready after {seconds:.1f} seconds.").format(seconds=ready_s))
    for login in running.logins():
        print(f"\n  {login.what}\n    {login.address}\n    {login.typed}")
    print()
    print(_("  Broker: {host}:{port}").format(host=running.order.host, port=running.ports.broker))
    print(_("  Payment gateway: {address} (the codes lead there; no real money moves)").format(address=running.gateway))
    print(_("  Data: {folder}").format(folder=running.path))
    print(_("Patients and staff are invented. Ctrl-C ends the demo; the next start goes on with this ward."))
    sys.stdout.flush()
