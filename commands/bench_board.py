"""`wardlink bench board`: the ward's board, its station and its open pages, measured."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from commands.bench_options import AsJson, Check, Work, run, verdict


def board(
    beds: Annotated[int, typer.Option(min=2, help="How many beds the board shows.")] = 60,
    sets_per_s: Annotated[
        int, typer.Option("--per-s", min=1, help="How many sets of vital signs come in a second under stress.")
    ] = 1_000,
    boards: Annotated[int, typer.Option(min=1, help="How many boards are open at once.")] = 50,
    alarms: Annotated[int, typer.Option(min=1, help="How many alarms are raised in each load.")] = 1_000,
    rounds: Annotated[int, typer.Option(min=1, help="How often the first picture is timed; medians are shown.")] = 7,
    seconds: Annotated[float, typer.Option(min=1, help="How long processor time is counted, four times.")] = 12.0,
    only: Annotated[
        Literal["boards", "paint", "shown", "lost"] | None, typer.Option(help="Measure this part alone.")
    ] = None,
    broker: Annotated[Literal["nats", "mosquitto"], typer.Option(help="The broker between them.")] = "nats",
    work: Work = None,
    as_json: AsJson = False,
    check: Check = False,
) -> None:
    """Measure how soon the ward's board is there, shows what happens, and what fifty open boards take.

    Boards: processor time of the server with and without them, usual load and stress. Paint: Chromium with an empty
    cache until every value stands there, beside the same HTML as a plain file. Shown: from the disk of a cart until a
    change is on the board and an alarm on the station, both in Chromium, and on another cart. Lost: until a killed and
    a frozen terminal are shown as silent. Usual is a set a minute from every bed; in both loads a cart raises four
    alarms a second. Takes about ten minutes.

    The JSON object holds: machine; broker; beds; sets_per_s (taken in under stress); paint, an object of ours_s,
    floor_s and times; boards, a list of load, boards, without_cores, with_cores, frames_per_s and kb_per_s (of each
    board); shown, a list of load, what, sent, shown, p50_ms, p99_ms and slowest_ms; lost, a list of how and seconds;
    goals, a list of name, value, side, bound and met; goals_met.
    """
    from workbench.bench import report
    from workbench.bench.board import PARTS, Order, measure

    with run(work) as (folder, show):
        order = Order(
            folder,
            beds=beds,
            sets_per_s=sets_per_s,
            boards=boards,
            alarms=alarms,
            rounds=rounds,
            seconds=seconds,
            broker=broker,
            parts=(only,) if only else PARTS,
        )
        result = measure(order, show)
    print(report.as_json(result) if as_json else report.board(result))
    verdict(check, all(goal.met for goal in result.goals))
