"""`wardlink faults`: break the link on purpose and count what was lost."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from wardlink.i18n import domain

_ = domain("commands").gettext


def faults(
    commands: Annotated[int, typer.Option(min=1, help="How many sets of vital signs the carts record.")] = 1_000,
    events: Annotated[int, typer.Option(min=0, help="How many faults happen meanwhile.")] = 40,
    seed: Annotated[int, typer.Option(help="Draws the faults; the same seed draws the same ones.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")] = False,
    plant: Annotated[
        str | None, typer.Option(help="Plant a known bug, to see that the run finds it: see --help of the bugs below.")
    ] = None,
    fault: Annotated[
        list[str] | None, typer.Option(help="Let only this fail, again and again; may be given several times.")
    ] = None,
    keep: Annotated[
        Path | None, typer.Option(help="Keep the data, logs and the journal of the run in this empty folder.")
    ] = None,
) -> None:
    """Break the link on purpose and count what was lost.

    Carts, server and broker run as processes of their own. They are killed, cut off, stalled and slowed while
    traffic goes on; the broker also loses its storage. In the end everything is healed, and what each cart was
    told to be saved is compared with the log of the server and with the replica of every cart.

    The bugs that can be planted: no-dedupe, receipt-before-commit, gaps-accepted, puback-is-receipt.
    """
    from wardlink.errors import InvalidInput
    from workbench.faults.plan import Fault
    from workbench.faults.plants import PLANTS
    from workbench.faults.run import FaultRun, Order
    from workbench.progress import ProgressLine

    if plant is not None and plant not in PLANTS:
        raise InvalidInput(detail=f"--plant {plant}: {', '.join(PLANTS)}")
    unknown = sorted(set(fault or ()) - set(Fault))
    if unknown:
        raise InvalidInput(detail=f"--fault {unknown[0]}: {', '.join(Fault)}")
    line = ProgressLine()
    with tempfile.TemporaryDirectory(prefix="wardlink-faults-") as temporary:
        folder = (keep or Path(temporary)).resolve()
        with FaultRun(Order(commands, events, seed, folder, plant, tuple(map(Fault, fault or ()))), line.show) as run:
            result = run.go()
    line.end()
    verdict = result.verdict
    if as_json:
        found = asdict(verdict) | {"drain_s": result.drain_s, "run_s": result.run_s, "events": result.events}
        found |= {"unpromised": result.unpromised, "parked": result.parked, "seed": seed, "plant": plant}
        print(json.dumps(found))
    else:
        words = _(
            "{promised} promises, {events} faults: lost {lost}, duplicated {duplicated}, reordered {reordered},"
            " wrong patient {wrong_patient}, gaps in the log {log_gaps}; in step again after {drain_s} s."
        )
        print(words.format(**asdict(verdict), events=sum(result.events.values()), drain_s=result.drain_s))
    if not verdict.is_clean:
        raise typer.Exit(1)
