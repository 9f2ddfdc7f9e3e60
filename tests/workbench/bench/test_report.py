"""What is made of rounds: medians, goals, JSON and tables."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from wardlink.i18n import set_process_language
from workbench.bench import hospital, report
from workbench.bench.alerts import AlertsResult, Reached
from workbench.bench.alerts import goals as alert_goals
from workbench.bench.catch_up import CatchUpResult, CaughtUp
from workbench.bench.catch_up import goals as catch_up_goals
from workbench.bench.hospital import Preload
from workbench.bench.ingest import IngestResult, goals, summary
from workbench.bench.machine import Machine
from workbench.bench.peers import Measured, PeersResult
from workbench.bench.rounds import Round, Seen
from workbench.bench.screens import Screen, ScreensResult
from workbench.bench.screens import goals as screen_goals

MACHINE = Machine(2, "CPU", 4096, "ext4", "Linux", "3.11", 0.1)


@pytest.fixture(autouse=True)
def _english() -> None:
    set_process_language("en")


def a_round(per_s: float, p99_ms: float, rss_mb: float = 100.0, *, open_loop: bool = True) -> Round:
    """A round with these figures under every load."""
    seen = Seen(per_s, p99_ms / 2, p99_ms, 50.0, 20.0, 10.0, 0.5, rss_mb)
    loads = {"closed": seen} | ({"1332": seen, "4000": seen} if open_loop else {})
    return Round(loads, bytes_a_message=600.0, messages=1_000)


@pytest.fixture
def result(tmp_path: Path) -> IngestResult:
    """Ours takes in half as much as the floor, with three times its p99."""
    hospital.make_floor(tmp_path / "a.db", Preload(0))
    hospital.make_floor(tmp_path / "b.db", Preload(0))
    found = summary(
        0,
        (tmp_path / "a.db", tmp_path / "b.db"),
        0.0,
        [a_round(100, 10), a_round(200, 10), a_round(10, 90)],
        [a_round(50, 30), a_round(100, 30), a_round(5, 270)],
    )
    return IngestResult(MACHINE, "broker", 3, 1.0, 1332, 5, found.loads["closed"].per_s.ratio, [found], goals([found]))


def test_the_figures_are_medians_and_the_ratio_is_paired(result: IngestResult) -> None:
    """The disturbed round moves neither."""
    closed = result.found[0].loads["closed"]

    assert (closed.per_s.floor, closed.per_s.ours, closed.per_s.ratio) == (100, 50, 0.5)
    assert (closed.p99_ms.floor, closed.p99_ms.ours, closed.p99_ms.ratio) == (10, 30, 3.0)


def test_every_goal_of_the_ingest_is_asked(result: IngestResult) -> None:
    """The rate, both loads, the hospital's hundred milliseconds, and the memory."""
    asked = [(goal.side, goal.bound, goal.met) for goal in result.goals]

    assert asked == [
        ("at least", 0.5, True),
        ("at most", 5.0, True),
        ("at most", 100.0, True),
        ("at most", 3.0, True),
        ("at most", 200.0, True),
    ]


def test_the_json_holds_what_the_help_says(result: IngestResult) -> None:
    """The names of the schema, and null for what is no number."""
    told = json.loads(report.as_json(result))

    assert list(told) == [
        *("machine", "broker", "rounds", "seconds", "beds", "values_a_message", "ratio", "found", "goals", "goals_met")
    ]
    found = told["found"][0]
    assert list(found) == ["preload_values", "preload_mb", "commit_delay_ms", "loads", "rss_mb", "bytes_a_message"]
    assert list(found["loads"]) == ["closed", "1332", "4000"]
    assert set(found["loads"]["closed"]["per_s"]) == {"floor", "ours", "ratio"}
    assert set(told["goals"][0]) == {"name", "value", "side", "bound", "met"}
    assert told["goals_met"] is True


def test_what_was_not_measured_is_null_and_misses_its_goal() -> None:
    """NaN is no JSON."""
    screen = Screen("cart", 1.0, math.nan, 1.0, 1.0, 50.0)
    told = json.loads(report.as_json(ScreensResult(MACHINE, "120 x 40", 1, 2, [screen], screen_goals(screen))))

    assert told["screens"][0]["first_paint_times"] is None
    assert [goal["met"] for goal in told["goals"]] == [False, True, True]
    assert told["goals_met"] is False


def test_tables_name_the_machine_the_figures_and_the_goals(result: IngestResult) -> None:
    """What a person reads of each measurement."""
    reached = Reached("nothing", 200, 20.0, 600.0, 700.0)
    caught = CaughtUp(2_000, 800, 4.0, 5.0, 500.0)
    texts = [
        report.ingest(result),
        report.peers(PeersResult(MACHINE, "b", 1, 1.0, [Measured("p", 1, 2, 3, 4, 5, 16.0)], {"q": "left out"}, [])),
        report.screens(ScreensResult(MACHINE, "120 x 40", 1, 2, [Screen("empty", 1, 1, 1, 1, 1)], [])),
        report.catch_up(CatchUpResult(MACHINE, "b", 1, [caught], catch_up_goals([caught]))),
        report.alerts(AlertsResult(MACHINE, "b", [reached], alert_goals([reached]))),
    ]

    assert all("2 cores of CPU" in text for text in texts)
    assert "reached" in texts[0]
    assert "16 x" in texts[1]
    assert "left out" in texts[1]
    assert "2,000" in texts[3]
    assert "MISSED" in texts[4]


def test_the_hospital_has_as_many_beds_as_it_says() -> None:
    """27 wards, 1,332 stays with names of their own, one gateway a ward."""
    wards = hospital.gateways()
    stays = {stay for gateway in wards for stay, _ in gateway.encounters}

    assert (len(wards), len(stays), hospital.BEDS) == (27, 1332, 1332)
