"""Thirty-two hours of a real patient through the whole ward, compared value by value with the file.

A monitor plays the recording; a server with its broker takes it in; one cart looks on, another is away and comes
back. Whatever holds it in the end must hold exactly the file, and a lead that was off must never be a number.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from cart.usecases.readings import show
from cart.usecases.trends import GROUPS, picture
from server.dashboard.load import read_board
from server.dashboard.tile import draw
from server.vitals.models import VitalsRow
from tests.system.recording import (
    MINUTES,
    READINGS,
    differences,
    header,
    last,
    last_off,
    minutes,
    table,
)
from tests.system.wards import BED, MONITOR, RunningWard, running
from tests.waiting import wait_until
from wardlink.clock import SystemClock
from wardlink.device import Device
from wardlink.messages.vitals import VitalsRecorded
from wardlink.process.child import Child

pytestmark = [pytest.mark.cases, pytest.mark.slow]

PLAYED_WITHIN_S = 120
SLOW = 5_000
"""At this speed the recording takes 23 seconds: time to be interrupted, also on a busy machine."""


@dataclass
class Played:
    """The ward after the replay. `away`: the cart that was away while it was played."""

    ward: RunningWard
    looked_on: Device
    away: Device

    def sets(self, cart: Device) -> list[VitalsRecorded]:
        """All sets of the stay that a cart holds, oldest first."""
        return cart.replica.vitals(self.ward.stay, limit=10 * MINUTES)


def command(ward: RunningWard, file: Path, speed: int = 0) -> list[str]:
    """`wardlink replay`; at speed 0 as fast as the ward can take it."""
    return [
        *(sys.executable, "-m", "commands", "replay", str(file), "--speed", str(speed), "--bed", BED),
        *("--credential", str(ward.credential(MONITOR)), "--encounter", ward.stay),
        *("--data", str(ward.folder / "replay")),
    ]


def play(ward: RunningWard, file: Path) -> None:
    """Play a file to its end."""
    done = subprocess.run(command(ward, file), capture_output=True, text=True, timeout=PLAYED_WITHIN_S, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The WFDB record, played while cart C2 is away."""
    header()
    with running(tmp_path_factory.mktemp("replay")) as ward:
        looked_on, away = ward.device("c1"), ward.device("c2")
        ward.in_step(looked_on, away)
        ward.end("c2")
        play(ward, header())
        away = ward.device("c2")
        ward.in_step(looked_on, away)
        yield Played(ward, looked_on, away)


def test_the_change_log_holds_the_file(played: Played) -> None:
    """Every minute is one change, in order, with the values of the file."""
    told = [VitalsRecorded.model_validate(change.body) for change in played.ward.changes("vitals.recorded")]

    assert differences(told) == []
    assert {found.encounter for found in told} == {played.ward.stay}


def test_the_table_of_vital_signs_holds_the_file(played: Played) -> None:
    """A column a reading: the value of the file, or NULL; never a zero."""
    with played.ward.db.read() as conn:
        query = select(VitalsRow.__table__).order_by(col(VitalsRow.measured_at))  # type: ignore[attr-defined]
        rows = conn.execute(query).all()

    assert [{name: getattr(row, name) for name in READINGS} for row in rows] == [
        {name: minute.values.get(name) for name in READINGS} for minute in minutes()
    ]
    assert [frozenset((row.extra or {}).get("lead_off", ())) for row in rows] == [minute.off for minute in minutes()]


@pytest.mark.parametrize("which", ["looked_on", "away"])
def test_both_carts_hold_the_file(played: Played, which: str) -> None:
    """The cart that looked on and the one that was away hold the same, and it is the file."""
    assert differences(played.sets(getattr(played, which))) == []


@pytest.mark.parametrize("which", ["looked_on", "away"])
def test_the_carts_show_the_newest_value_and_that_its_lead_is_off(played: Played, which: str) -> None:
    """Of each reading the last value of the file; off where a later minute says so, as in the file's end."""
    cart, start_at = getattr(played, which), played.sets(played.looked_on)[0].measured_at

    shown, off = cart.replica.latest(played.ward.stay), cart.replica.leads_off(played.ward.stay)

    for reading in READINGS:
        value, off_in = last(minutes(), reading), last_off(minutes(), reading)
        assert value is not None
        assert (shown[reading].value, shown[reading].measured_at) == (value[1], start_at + timedelta(minutes=value[0]))
        is_off = off_in is not None and off_in > value[0]
        assert shown[reading].lead_off_at == (start_at + timedelta(minutes=off_in) if is_off and off_in else None)
        assert (reading in off) == is_off
    assert {"hr_per_min", "spo2_pct", "rr_per_min", "pulse_per_min"} <= off.keys()
    on_screen = show(shown, off, cart.clock.now(), None)
    assert {reading for reading in READINGS if on_screen[reading].off} == set(off) & set(READINGS)


@pytest.mark.parametrize("which", ["looked_on", "away"])
def test_the_curves_hold_the_file_and_no_zero(played: Played, which: str) -> None:
    """Each curve has a point where the file has a value, and a break where the lead was off."""
    cart = getattr(played, which)
    sets, now = played.sets(cart), SystemClock().now()

    drawn = {
        series_key: series
        for group in GROUPS
        for series_key, series in zip(group.keys, picture(group, sets, {}, timedelta(days=3), now).series, strict=True)
        if series_key in READINGS
    }

    start_at = sets[0].measured_at
    for reading, series in drawn.items():
        points = [(found.at, found.value) for found in series.readings if found.value is not None]
        expected = [
            (start_at + timedelta(minutes=number), minute.values[reading])
            for number, minute in enumerate(minutes())
            if reading in minute.values
        ]
        assert points == expected, reading
        assert {found.at for found in series.readings if found.off} == {
            start_at + timedelta(minutes=number) for number, minute in enumerate(minutes()) if reading in minute.off
        }
        assert all(found.value is None for found in series.readings if found.off)
    assert {"hr_per_min", "spo2_pct", "rr_per_min", "sbp_mmhg", "abp_sbp_mmhg"} <= drawn.keys()


def test_the_bed_board_holds_the_end_of_the_file(played: Played) -> None:
    """The newest values of the file; every lead that is off in its end says so instead of showing a number."""
    now = SystemClock().now()
    with played.ward.db.read() as conn:
        board = read_board(conn, "w3", now)

    latest = board.latest[played.ward.stay]
    start_at = played.sets(played.looked_on)[0].measured_at
    for reading in READINGS:
        value, off_in = last(minutes(), reading), last_off(minutes(), reading)
        assert value is not None
        if reading in latest.values:
            known = latest.values[reading]
            assert (known.value, known.measured_at) == (value[1], start_at + timedelta(minutes=value[0]))
        is_off = off_in is not None and off_in > value[0]
        assert latest.off_since(reading) == (start_at + timedelta(minutes=off_in) if is_off and off_in else None)
    cells = {cell["name"]: cell for cell in draw(board, BED, [], 0, now).picture["cells"]}
    assert {cells[name]["state"] for name in ("pulse", "resp", "spo2")} == {"off"}
    assert not any("value" in cells[name] for name in ("pulse", "resp", "spo2"))


def test_no_score_was_made_of_a_lead_that_was_off(played: Played) -> None:
    """A score counts only what the file has a value for, and is never a whole one: nobody looked at consciousness."""
    scored = [found for found in played.sets(played.away) if found.news2 is not None]

    assert len(scored) > 1_000
    assert all(found.news2 is not None and found.news2.total is None for found in scored)
    for found, minute in zip(played.sets(played.away), minutes(), strict=True):
        if found.news2 is not None and "spo2_pct" in minute.off:
            assert any("spo2" in name.lower() for name in found.news2.missing), found.news2


def test_nothing_was_put_aside(played: Played) -> None:
    """No message was parked, and no exception waits for a person."""
    assert played.away.replica.exceptions() == []
    # What the menu and diets say, and an alert where the engine looked while a grave minute was the newest.
    aside = {"menu.changed", "diet-card.changed", "alert.changed", "care-team.changed"}
    assert {change.kind for change in played.ward.changes()} - aside == {"encounter.changed", "vitals.recorded"}


def test_played_again_it_is_refused(played: Played) -> None:
    """The same recording for the same stay is not played twice by accident."""
    done = subprocess.run(
        command(played.ward, header()), capture_output=True, text=True, timeout=PLAYED_WITHIN_S, check=False
    )

    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert len(played.ward.changes("vitals.recorded")) == MINUTES


def interrupt(ward: RunningWard, log: Path, upto: int) -> None:
    """Begin to play the CSV, and kill the player once it has recorded so many minutes."""
    player = Child("replay", command(ward, table(), SLOW), log=log)
    player.start()
    wait_until(lambda: played_upto(ward) >= upto or not player.alive, "a part was played", timeout_s=60)
    player.kill()
    assert upto <= played_upto(ward) < MINUTES, "it was not killed in the middle"


def played_upto(ward: RunningWard) -> int:
    """How many minutes a player has recorded, by its own journal."""
    path = ward.folder / "replay" / "replay.json"
    return int(json.loads(path.read_text())["next"]) if path.exists() else 0


def test_an_interrupted_replay_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """Killed twice in the middle and then played to its end, every minute of the CSV is there once."""
    with running(tmp_path) as ward:
        cart = ward.device("c1")
        for upto in (300, 900):
            interrupt(ward, tmp_path / "replay.log", upto)

        play(ward, table())

        ward.in_step(cart)
        assert differences(cart.replica.vitals(ward.stay, limit=10 * MINUTES)) == []
        assert differences([VitalsRecorded.model_validate(c.body) for c in ward.changes("vitals.recorded")]) == []
