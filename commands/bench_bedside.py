"""`wardlink bench bedside` and `bedside-day`: the bed's screen, measured and played with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.bench_options import AsJson, Check, Work, run, verdict


def bedside(
    rounds: Annotated[int, typer.Option(min=1, help="How many rounds are played; the medians are shown.")] = 5,
    taps: Annotated[int, typer.Option(min=2, help="How many taps there are in each round.")] = 20,
    terminals: Annotated[int, typer.Option(min=0, help="How many terminals one ward server has; 0 for none.")] = 50,
    browser: Annotated[bool, typer.Option(help="Measure a tap in Chromium as well.")] = True,
    work: Work = None,
    as_json: AsJson = False,
    check: Check = False,
) -> None:
    """Measure how soon the bed's screen is there and answers a finger, and the memory of a ward's terminals.

    The screen runs on a terminal of its own beside an empty Textual app, and in Chromium behind its own server; the
    terminals are the real program on real devices of one real server with its broker.

    The JSON object holds: machine; rounds; first_paint_s, empty_first_paint_s and first_paint_times; tap_p50_ms and
    tap_p95_ms (a tap until the words of another page have come), empty_key_ms; browser_p50_ms and browser_p95_ms;
    memory, an object of terminals, server_alone_mb, server_mb, terminal_mb and rss_mb; goals, a list of name, value,
    side, bound and met; goals_met.
    """
    from workbench.bench import report
    from workbench.bench.bedside import Order, measure

    with run(work) as (folder, show):
        result = measure(Order(folder, rounds, taps, terminals, browser), show)
    print(report.as_json(result) if as_json else report.bedside(result))
    verdict(check, all(goal.met for goal in result.goals))


def day(
    hours: Annotated[float, typer.Option(min=0.01, help="How many hours of the ward's time are played.")] = 24.0,
    seed: Annotated[int, typer.Option(help="Decides what the patient does and what breaks, but not how fast.")] = 1,
    work: Annotated[Path | None, typer.Option(help="Keep the ward's data in this folder.")] = None,
    as_json: AsJson = False,
    check: Check = False,
) -> None:
    """Play a day of a patient who touches anything, on the bed's real program, with faults of network and server.

    It ends at the first exception or broken promise and says what was done last.

    The JSON object holds: machine; seed; hours; seconds; acts; pages and did (how often each); broken (faults by
    their names); warm_mb, end_mb and growth; unsent; faults, a list of sentences; goals, a list of name, value,
    side, bound and met; goals_met.
    """
    from workbench.bedside_day.run import Order, measure
    from workbench.bench import report

    with run(work) as (folder, show):
        result = measure(Order(folder, hours, seed), show)
    print(report.as_json(result) if as_json else report.bedside_day(result))
    verdict(check, all(goal.met for goal in result.goals))
