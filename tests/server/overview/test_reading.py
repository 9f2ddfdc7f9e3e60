"""A line a ward, counted by the database as a person would who walks through all wards with the records before her."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Table, insert

from server.calls.models import CallRow
from server.db import Database
from server.overview.reading import WardLine, need, read_lines
from server.patients.models import Bed, Encounter, Patient, Ward
from server.record.models import RecordRow
from server.vitals.models import VitalsRow
from wardlink.ids import new_id

_TABLES: dict[type, Table] = {
    model: model.__table__  # type: ignore[attr-defined]
    for model in (Ward, Bed, Patient, Encounter, CallRow, RecordRow, VitalsRow)
}
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
WARDS = ("a", "b", "c")
HELD = new_id()


def ago(**span: float) -> datetime:
    """So long before now."""
    return NOW - timedelta(**span)


@dataclass(frozen=True)
class Set:
    """A set of vital signs at a stay: `total` where it is whole."""

    stay: str
    at: datetime
    band: str | None
    total: int | None = None
    manual: bool = True
    struck: bool = False


@dataclass
class Hospital:
    """What a test has put into the database."""

    stays: list[tuple[str, str, bool]] = field(default_factory=list)
    sets: list[Set] = field(default_factory=list)
    calls: list[tuple[str, str, str, datetime]] = field(default_factory=list)
    alerts: list[tuple[str, str, str, datetime]] = field(default_factory=list)
    doses: list[tuple[str, str, datetime, str]] = field(default_factory=list)


def put(conn: Connection, model: type, **values: Any) -> None:
    """A row."""
    conn.execute(insert(_TABLES[model]).values(**values))


@pytest.fixture
def empty(database: Database) -> Database:
    """Three wards, of four beds, of one and of none."""
    with database.write() as conn:
        for ward, beds in zip(WARDS, (4, 1, 0), strict=True):
            put(conn, Ward, id=ward, name=f"ward {ward}", log_id=ward, head=b"")
            for n in range(beds):
                put(conn, Bed, ward=ward, id=str(n), label=str(n))
        put(conn, Patient, id="p", mrn="p", name="p", sex="female", birth_on=date(1950, 1, 1))
        order = {"kind": "order", "id": HELD, "ward": "a", "state": "on-hold", "is_open": True, "at": NOW}
        put(conn, RecordRow, **order, body="{}")
    return database


def filled(db: Database, told: Hospital) -> list[WardLine]:
    """The lines of this hospital."""
    with db.write() as conn:
        for name, ward, is_here in told.stays:
            stay = {"id": name, "admission_no": name, "patient": "p", "ward": ward, "bed": name, "level": "level2"}
            state = {"status": "in-progress" if is_here else "finished", "diet": "regular", "allergies": []}
            put(conn, Encounter, **stay, **state, admitted_at=ago(days=9))
        for n, one in enumerate(told.sets):
            row = {"ward": "a", "seq": n + 1, "encounter": one.stay, "measured_at": one.at, "rr_per_min": 16.0}
            score = {"news2_total": one.total, "news2_band": one.band, "struck_at": NOW if one.struck else None}
            put(conn, VitalsRow, **row, **score, source="manual" if one.manual else "monitor")
        for n, (ward, cls, state, at) in enumerate(told.calls):
            times = dict.fromkeys(("raised_at", "pressed_at", "rang_at", "received_at"), at)
            put(conn, CallRow, id=str(n), ward=ward, bed="0", cls=cls, state=state, count=1, **times)
        for ward, code, state, at in told.alerts:
            row = {"kind": "alert", "id": new_id(), "ward": ward, "state": state, "at": at}
            put(conn, RecordRow, **row, is_open=state != "resolved", body=f'{{"code": "{code}"}}')
        for ward, state, closes, order in told.doses:
            row = {"kind": "dose", "id": new_id(), "ward": ward, "state": state, "at": closes - timedelta(hours=1)}
            body = f'{{"order": "{order}", "closes_at": "{closes.isoformat().replace("+00:00", "Z")}"}}'
            put(conn, RecordRow, **row, is_open=state in ("planned", "running"), body=body)
    with db.read() as conn:
        return read_lines(conn, WARDS, NOW)


WHOLE_HIGH = Set("s", ago(hours=4), "high", 9)
WHOLE_LOW = Set("s", ago(hours=4), "low", 1)
PARTLY_HIGH = Set("s", ago(hours=1), "high", manual=False)
PARTLY_LOW = Set("s", ago(hours=1), None, manual=False)
HIGH: tuple[tuple[tuple[Set, ...], bool], ...] = (
    ((), False),
    ((WHOLE_HIGH,), True),
    ((WHOLE_LOW,), False),
    ((WHOLE_HIGH, PARTLY_LOW), True),
    ((WHOLE_LOW, PARTLY_HIGH), True),
    ((WHOLE_LOW, PARTLY_HIGH, Set("s", ago(minutes=1), None, manual=False)), False),
    ((WHOLE_HIGH, Set("s", ago(hours=1), "low", 2)), False),
    ((WHOLE_HIGH, Set("s", ago(hours=1), "low", 2, struck=True)), True),
    ((replace(WHOLE_HIGH, struck=True),), False),
    ((replace(WHOLE_HIGH, at=ago(days=7, seconds=1)),), False),
    ((replace(WHOLE_HIGH, at=ago(days=7)),), True),
)


def test_high_is_as_on_the_bed_board(empty: Database) -> None:
    """The newest whole score; a newer set that already asks for as much stands before it, one that is calm does not."""
    told = Hospital()
    for n, (sets, _expected) in enumerate(HIGH):
        told.stays.append((f"s{n}", "a", True))
        told.sets += [replace(one, stay=f"s{n}") for one in sets]

    line = filled(empty, told)[0]

    assert line.high == sum(expected for _sets, expected in HIGH)
    assert (line.occupied, line.beds) == (len(HIGH), 4)
    assert line.measured_at == ago(minutes=1)


def test_each_ward_has_its_own(empty: Database) -> None:
    """What is over is left out, the alert of a call is its call, and a dose of an order on hold is not late."""
    told = Hospital(
        stays=[("x", "a", True), ("y", "a", False), ("z", "b", True)],
        calls=[
            ("a", "P3", "acknowledged", ago(minutes=9)),
            ("a", "P2", "raised", ago(minutes=2)),
            ("a", "P1", "resolved", ago(minutes=1)),
            ("b", "P1", "arrived", ago(seconds=5)),
        ],
        alerts=[
            ("a", "news2-high", "offered", ago(minutes=3)),
            ("a", "news2-high", "accepted", ago(minutes=4)),
            ("a", "news2-high", "raised", ago(minutes=8)),
            ("a", "news2-high", "resolved", ago(minutes=9)),
            ("a", "call-p2", "offered", ago(minutes=9)),
        ],
        doses=[
            ("a", "planned", ago(microseconds=1), new_id()),
            ("a", "planned", NOW, new_id()),
            ("a", "planned", ago(hours=2), HELD),
            ("a", "running", ago(hours=2), new_id()),
            ("b", "done", ago(hours=2), new_id()),
            ("c", "planned", ago(hours=2), new_id()),
        ],
    )

    first = WardLine("a", "ward a", 4, 1, 2, "P2", ago(minutes=9), 2, ago(minutes=4), late_doses=1)
    second = WardLine("b", "ward b", 1, 1, 1, "P1", ago(seconds=5))
    assert filled(empty, told) == [first, second, WardLine("c", "ward c", late_doses=1)]


def test_a_ward_grows_old_and_an_empty_one_does_not() -> None:
    """Five hours to the second; nobody measured is old, nobody there is not."""
    line = WardLine("a", "a", occupied=1)
    ages = [None, ago(hours=5, seconds=1), ago(hours=5), NOW, NOW + timedelta(minutes=6)]

    assert [replace(line, measured_at=at).is_old(NOW) for at in ages] == [True, True, False, False, True]
    assert not WardLine("a", "a").is_old(NOW)


def test_who_needs_somebody_comes_first() -> None:
    """A call for help before any score, a score before alerts, and old data before nothing at all."""
    calm = WardLine("calm", "calm", occupied=1, measured_at=NOW)
    old = replace(calm, ward="old", measured_at=None)
    late = replace(calm, ward="late", late_doses=9)
    waits = replace(calm, ward="waits", calls=1, call_class="P3", call_since=ago(hours=1))
    alerts = replace(calm, ward="alerts", alerts=1, alert_since=NOW)
    high = replace(calm, ward="high", high=1)
    urgent = replace(calm, ward="urgent", calls=1, call_class="P1", call_since=NOW)
    expected = [urgent, high, alerts, waits, late, old, calm]
    mixed = [calm, high, late, urgent, old, alerts, waits]

    assert sorted(mixed, key=lambda line: need(line, NOW), reverse=True) == expected


@pytest.mark.parametrize("seed", range(3))
def test_sql_counts_as_a_person_would(empty: Database, seed: int) -> None:
    """Any hospital: the same as going through every row by hand."""
    dice = random.Random(seed)
    told = Hospital(stays=[(str(n), dice.choice(WARDS), dice.random() < 0.8) for n in range(12)])
    for _n in range(60):
        total = dice.choice([None, 1, 8])
        band = dice.choice([None, "low", "high"]) if total is None else "high" if total == 8 else "low"
        at = ago(minutes=dice.randrange(0, 12_000), microseconds=dice.randrange(1_000_000))
        is_manual = total is not None or dice.random() < 0.5
        told.sets.append(Set(str(dice.randrange(12)), at, band, total, is_manual, dice.random() < 0.2))
    for _n in range(20):
        state = dice.choice(["raised", "acknowledged", "arrived", "resolved", "cancelled"])
        told.calls.append(
            (dice.choice(WARDS), dice.choice(["P1", "P2", "P3"]), state, ago(seconds=dice.random() * 999))
        )
        state = dice.choice(["raised", "offered", "accepted", "resolved"])
        code = dice.choice(["news2-high", "call-p1"])
        told.alerts.append((dice.choice(WARDS), code, state, ago(seconds=dice.random() * 999)))
        closes = ago(seconds=dice.randrange(-3600, 3600))
        told.doses.append((dice.choice(WARDS), dice.choice(["planned", "done"]), closes, dice.choice([HELD, new_id()])))

    assert filled(empty, told) == [_by_hand(told, ward, beds) for ward, beds in zip(WARDS, (4, 1, 0), strict=True)]


def _by_hand(told: Hospital, ward: str, beds: int) -> WardLine:
    here = [name for name, of, is_here in told.stays if of == ward and is_here]
    sets = {name: [s for s in told.sets if s.stay == name and not s.struck and s.at >= ago(days=7)] for name in here}
    calls = [(cls, at) for of, cls, state, at in told.calls if of == ward and state not in ("resolved", "cancelled")]
    alerts = [
        at
        for of, code, state, at in told.alerts
        if of == ward and state in ("offered", "accepted") and not code.startswith("call-")
    ]
    late = [c for of, state, c, order in told.doses if of == ward and state == "planned" and c < NOW and order != HELD]
    return WardLine(
        ward,
        f"ward {ward}",
        beds,
        len(here),
        len(calls),
        min((cls for cls, _at in calls), default=None),  # type: ignore[arg-type]
        min((at for _cls, at in calls), default=None),
        len(alerts),
        min(alerts, default=None),
        sum(_is_high(found) for found in sets.values()),
        len(late),
        max((one.at for found in sets.values() for one in found), default=None),
    )


def _is_high(sets: Iterable[Set]) -> bool:
    in_order = sorted(sets, key=lambda one: one.at)
    wholes = [one for one in in_order if one.total is not None]
    return "high" in (*(one.band for one in in_order[-1:]), *(one.band for one in wholes[-1:]))
