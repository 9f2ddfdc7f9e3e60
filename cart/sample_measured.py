"""Invented intake, output and single measurements of the invented ward."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from cart.sample_stays import NURSE
from wardlink.messages.base import Actor
from wardlink.messages.encounters import EncounterView
from wardlink.messages.fluids import FluidView
from wardlink.messages.observations import ObservationView
from wardlink.messages.records import RecordView

_BY = Actor(kind="staff", id=NURSE.id)

# Bed, hours ago, direction, kind, volume in mL, and what else is said.
_FLUIDS: tuple[tuple[Any, ...], ...] = (
    ("12", 2.9, "intake", "oral", 200, {}),
    ("12", 2.4, "output", "urine", 320, {"manner": "spontaneous", "appearance": "淡黄"}),
    ("12", 1.1, "intake", "food", 180, {"estimated": True}),
    ("12", 0.9, "output", "stool", None, {"times": 1, "manner": "spontaneous", "appearance": "成形"}),
    ("12", 0.5, "output", "urine", 260, {"manner": "spontaneous"}),
    ("12", 5.0, "output", "urine", 350, {"manner": "spontaneous"}),
    ("12", 12.0, "intake", "oral", 300, {}),
    ("12", 15.0, "intake", "oral", 400, {}),
    ("12", 16.5, "output", "urine", 420, {"manner": "spontaneous"}),
    ("12", 20.0, "intake", "food", 500, {"estimated": True}),
    ("10", 3.2, "output", "urine", 90, {"manner": "catheter", "appearance": "深黄"}),
    ("10", 2.2, "output", "drain", 60, {"site": "左胸腔引流", "appearance": "血性"}),
    ("10", 1.0, "output", "urine", 40, {"manner": "catheter", "appearance": "深黄"}),
    ("10", 0.8, "intake", "infusion", 250, {"site": "右前臂"}),
    ("10", 0.3, "output", "vomit", None, {"times": 1, "note": "未及测量"}),
)
# Bed, hours ago, what, value, and what else is said.
_OBSERVATIONS: tuple[tuple[Any, ...], ...] = (
    ("12", 100.0, "height", 158.0, {}),
    ("12", 99.9, "weight", 62.5, {}),
    ("12", 28.0, "glucose", 9.8, {"slot": "after-breakfast"}),
    ("12", 4.4, "glucose", 3.6, {"slot": "fasting"}),
    ("12", 4.1, "glucose", 5.2, {"slot": "random", "note": "处理后复测"}),
    ("12", 1.2, "pain", 5, {"scale": "nrs", "place": "右膝", "moving": True}),
    ("12", 0.4, "weight", None, {"not_measured": "refused"}),
    ("10", 90.0, "weight", 70.0, {}),
)


def sample_measured(stays: list[EncounterView], now: datetime) -> dict[tuple[str, str], RecordView]:
    """All of them, by kind and id."""
    beds = {stay.bed: stay for stay in stays}
    found: dict[tuple[str, str], RecordView] = {}
    for number, (bed, hours, direction, kind, volume_ml, more) in enumerate(_FLUIDS, 1):
        told = _told(number, "c", beds[bed], now - timedelta(hours=hours))
        at = told.pop("measured_at")
        said = {"direction": direction, "kind": kind, "volume_ml": volume_ml}
        fluid = FluidView.model_validate(told | said | more | {"at": at})
        found["fluid", fluid.id] = fluid
    for number, (bed, hours, what, value, more) in enumerate(_OBSERVATIONS, 1):
        told = _told(number, "d", beds[bed], now - timedelta(hours=hours))
        measured = ObservationView.model_validate(told | {"what": what, "value": value} | more)
        found["observation", measured.id] = measured
    return found


def _told(number: int, series: str, stay: EncounterView, at: datetime) -> dict[str, Any]:
    entered_at = at + timedelta(hours=2 if number == 1 else 0)
    return {
        "id": f"00000000-0000-7000-{series}000-{number:012d}",
        "encounter": stay.id,
        "bed": stay.bed,
        "measured_at": at,
        "entered_at": entered_at,
        "received_at": entered_at,
        "by": _BY,
        "by_name": NURSE.name,
    }
