"""Stays and what is recorded about them, for the tests of what is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from wardlink.clinical.vitals import VitalSet
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.chart_events import ChartEventView
from wardlink.messages.doses import DoseEvent, DoseView
from wardlink.messages.encounters import EncounterView
from wardlink.messages.observations import ObservationView
from wardlink.messages.orders import OrderedDrug, OrderView
from wardlink.messages.records import RecordView
from wardlink.messages.rounds import RoundView
from wardlink.messages.vitals import VitalsRecorded
from wardlink.record.due.due import Facts
from wardlink.record.due.measured import Measured, learn
from wardlink.record.kinds import KINDS

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
"""Ten in the morning on the ward's wall."""
MIN = timedelta(minutes=1)
HOUR = timedelta(hours=1)

NURSE = Actor(kind="staff", id="n1")
NORMAL = {
    "temp_c": 36.8,
    "temp_method": "axillary",
    "pulse_per_min": 72,
    "rr_per_min": 16,
    "sbp_mmhg": 122,
    "dbp_mmhg": 78,
    "spo2_pct": 98,
    "o2_on": False,
    "acvpu": "A",
}
MORPHINE = OrderedDrug(
    drug="morphine",
    dose=10,
    unit="mg",
    name_zh="吗啡",
    name_en="morphine",
    ingredient="morphine",
    strength="10 mg",
    analgesic=True,
)


def stay(**more: Any) -> EncounterView:
    """A stay of somebody grown up, admitted a week ago."""
    fields: dict[str, Any] = {
        "id": new_id(),
        "admission_no": "ZY1",
        "mrn": "M1",
        "name": "王秀英",
        "sex": "female",
        "birth_on": date(1959, 3, 2),
        "ward": "w1",
        "bed": "12",
        "status": "in-progress",
        "level": "level2",
        "diet": "regular",
        "admitted_at": NOW - timedelta(days=7),
    }
    return EncounterView(**(fields | more))


def vitals_set(at: datetime, *, source: Any = "manual", struck: bool = False, **readings: Any) -> VitalsRecorded:
    """A normal set with these readings in place of the normal ones; None leaves one out."""
    found = {key: value for key, value in (NORMAL | readings).items() if value is not None}
    return VitalsRecorded(
        id=new_id(),
        measured_at=at,
        entered_at=at,
        device="c1",
        actor=NURSE,
        source=source,
        readings=VitalSet(**found),
        struck_at=at if struck else None,
    )


def a_round(at: datetime, *, struck: bool = False) -> RoundView:
    """A round at that instant."""
    return RoundView(id=new_id(), done_at=at, by=NURSE, evidence="bed-tag", struck_at=at if struck else None)


def marked(what: Any, at: datetime, *, struck: bool = False) -> ChartEventView:
    """Something marked on the chart."""
    return ChartEventView(id=new_id(), what=what, at=at, entered_at=at, by=NURSE, struck_at=at if struck else None)


def asked_pain(at: datetime) -> ObservationView:
    """A nurse asked about pain, apart from any set."""
    fields: dict[str, Any] = {"what": "pain", "value": 3, "scale": "nrs"}
    return ObservationView(id=new_id(), measured_at=at, entered_at=at, by=NURSE, **fields)


def order(state: Any = "active", route: str = "po", **more: Any) -> OrderView:
    """A drug order."""
    fields: dict[str, Any] = {"kind": "standing", "category": "drug", "frequency": "tid", "start_at": NOW}
    doctor = Actor(kind="staff", id="d1")
    fields |= {"state": state, "route": route, "issued_at": NOW, "doctor": doctor, "id": new_id()}
    return OrderView(**(fields | more))


def dose(of: OrderView, due_at: datetime | None, state: Any = "planned", *events: DoseEvent, **more: Any) -> DoseView:
    """A dose of an order, an hour to either side of its time."""
    window = {} if due_at is None else {"opens_at": due_at - HOUR, "closes_at": due_at + HOUR}
    fields: dict[str, Any] = {"id": new_id(), "order": of.id, "due_at": due_at, "state": state, "events": events}
    return DoseView(**(fields | window | more))


def event(act: str, at: datetime, **more: Any) -> DoseEvent:
    """An entry about a dose."""
    return DoseEvent(command=new_id(), act=act, at=at, entered_at=at, device="c1", by=NURSE, **more)


def facts(of: EncounterView, *things: VitalsRecorded | RecordView) -> Facts:
    """What is known of a stay: sets and records, in whatever order."""
    sets = sorted((t for t in things if isinstance(t, VitalsRecorded)), key=lambda found: found.measured_at)
    records = {kind.name: tuple(thing for thing in things if type(thing) is kind.view) for kind in KINDS}
    return Facts(of, learn(Measured(), sets, of), records)
