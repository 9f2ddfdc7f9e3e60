"""A board made by hand, for the tests of its pictures: one patient in bed b1, nothing measured yet."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from server.dashboard.board import Board
from server.dashboard.tile import Tile, draw
from server.vitals.latest import LatestOfStay
from wardlink.clinical.news2 import Spo2Scale, assess
from wardlink.clinical.vitals import VitalSet
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.encounters import EncounterView
from wardlink.messages.scored import summary
from wardlink.messages.vitals import VitalsRecorded

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
STAY = "00000000-0000-7000-8000-000000000001"
WHOLE: dict[str, Any] = {
    "temp_c": 37.0,
    "pulse_per_min": 72.0,
    "rr_per_min": 16.0,
    "sbp_mmhg": 122.0,
    "dbp_mmhg": 78.0,
    "spo2_pct": 98.0,
    "o2_on": False,
    "acvpu": "A",
}


def stay(**other: Any) -> EncounterView:
    """A woman of 67 in bed b1."""
    fields = {
        "id": STAY,
        "admission_no": "ZY1",
        "mrn": "M1",
        "name": "王秀英",
        "sex": "female",
        "birth_on": date(1959, 5, 1),
        "ward": "w1",
        "bed": "b1",
        "status": "in-progress",
        "level": "level2",
        "diet": "regular",
        "admitted_at": NOW - timedelta(days=2),
    }
    return EncounterView.model_validate(fields | other)


def board(*sets: VitalsRecorded, who: EncounterView | None = None) -> Board:
    """The patient with these sets."""
    patient = who or stay()
    latest = LatestOfStay()
    for found in sets:
        latest.take(found)
    return Board("w1", "W1", 1, {"b1": "1", "b2": "2"}, {patient.id: patient}, {patient.id: latest}, {}, {})


def nurses(ago: timedelta = timedelta(0), **readings: Any) -> VitalsRecorded:
    """What a nurse measured some time ago, scored as the server scores it."""
    return _set("manual", ago, (), None, readings)


def monitors(
    ago: timedelta = timedelta(0), *, off: tuple[str, ...] = (), interval_s: float | None = 1.0, **readings: Any
) -> VitalsRecorded:
    """What a monitor sent some time ago."""
    return _set("monitor", ago, off, interval_s, readings)


def _set(
    source: Any, ago: timedelta, off: tuple[str, ...], interval_s: float | None, readings: dict[str, Any]
) -> VitalsRecorded:
    values = VitalSet(**readings)
    at = NOW - ago
    return VitalsRecorded(
        id=new_id(),
        encounter=STAY,
        measured_at=at,
        entered_at=at,
        received_at=at,
        device="c1" if source == "manual" else "m1",
        actor=Actor(kind="staff", id="n1") if source == "manual" else Actor(kind="device", id="m1"),
        source=source,
        readings=values,
        lead_off=off,
        interval_s=interval_s,
        news2=summary(assess(values, scale=Spo2Scale.ONE, age_years=67, pregnant=False)),
    )


def tile(*sets: VitalsRecorded, later: timedelta = timedelta(0), who: EncounterView | None = None) -> Tile:
    """Bed b1 with these sets, looked at some time after `NOW`."""
    return draw(board(*sets, who=who), "b1", [], 0, NOW + later)


def cell(name: str, *sets: VitalsRecorded, later: timedelta = timedelta(0)) -> dict[str, Any]:
    """One value of bed b1."""
    found: dict[str, Any] = next(c for c in tile(*sets, later=later).picture["cells"] if c["name"] == name)
    return found
