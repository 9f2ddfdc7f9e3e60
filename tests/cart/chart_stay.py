"""A week on the temperature chart of the sample's bed 8: fever, cooling, an operation, a deficit, a low reading."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cart.sample import SampleWard
from cart.sample_stays import NURSE
from wardlink.clock import WARD_ZONE
from wardlink.messages.base import Actor
from wardlink.messages.chart_events import ChartEventView, Marked
from wardlink.messages.vitals import VitalsRecorded
from wardlink.record.chart_events import CHART_EVENT

BED = "8"
ACTOR = Actor(kind="staff", id=NURSE.id)

_SETS: tuple[tuple[int, int, int, dict[str, Any]], ...] = (
    (18, 6, 0, {"temp_c": 36.8, "pulse_per_min": 76.0, "rr_per_min": 18.0, "sbp_mmhg": 128.0, "dbp_mmhg": 76.0}),
    (18, 10, 0, {"temp_c": 37.0, "pulse_per_min": 80.0, "rr_per_min": 18.0, "weight_kg": 62.5, "height_cm": 163.0}),
    (18, 14, 0, {"temp_c": 37.4, "pulse_per_min": 88.0, "rr_per_min": 20.0, "stool": "1"}),
    (18, 18, 0, {"temp_c": 38.4, "pulse_per_min": 96.0, "rr_per_min": 22.0, "sbp_mmhg": 118.0, "dbp_mmhg": 70.0}),
    (18, 22, 0, {"temp_c": 39.4, "pulse_per_min": 108.0, "rr_per_min": 24.0}),
    (18, 22, 40, {"temp_c": 38.5}),
    (19, 2, 0, {"temp_c": 38.6, "pulse_per_min": 100.0, "rr_per_min": 22.0}),
    (19, 6, 0, {"temp_c": 38.2, "temp_method": "oral", "pulse_per_min": 96.0, "rr_per_min": 20.0}),
    (19, 7, 0, {"intake_24h_ml": 1850.0, "urine_24h_ml": 1200.0}),
    (19, 14, 0, {"temp_c": 37.8, "pulse_per_min": 90.0, "rr_per_min": 20.0, "stool": "1 2/E"}),
    (19, 22, 0, {"temp_c": 37.2, "temp_method": "rectal", "pulse_per_min": 84.0, "rr_per_min": 18.0}),
    (20, 6, 0, {"temp_c": 36.9, "pulse_per_min": 80.0, "hr_per_min": 102.0, "rr_per_min": 18.0}),
    (20, 10, 0, {"temp_c": 36.6, "pulse_per_min": 78.0, "hr_per_min": 98.0, "rr_per_min": 16.0}),
    (20, 14, 0, {"temp_c": 36.4, "pulse_per_min": 76.0, "hr_per_min": 90.0, "rr_per_min": 16.0, "stool": "0"}),
    (20, 18, 0, {"temp_c": 36.2, "pulse_per_min": 74.0, "hr_per_min": 74.0, "o2_mode": "invasive"}),
    (21, 6, 0, {"temp_c": 34.8, "pulse_per_min": 68.0, "rr_per_min": 14.0, "sbp_mmhg": 104.0, "dbp_mmhg": 62.0}),
    (21, 14, 0, {"temp_c": 36.0, "pulse_per_min": 66.0, "rr_per_min": 16.0, "sbp_mmhg": 112.0, "dbp_mmhg": 66.0}),
    (22, 6, 0, {"temp_c": 36.5, "pulse_per_min": 70.0, "rr_per_min": 16.0}),
    (22, 14, 0, {"temp_c": 42.3, "pulse_per_min": 190.0, "rr_per_min": 30.0}),
    (23, 6, 0, {"temp_c": 36.7, "temp_method": "ear", "pulse_per_min": 72.0, "rr_per_min": 16.0}),
)

_EVENTS: tuple[tuple[int, int, int, Marked], ...] = (
    (18, 22, 10, "cooling"),
    (20, 9, 0, "surgery"),
    (21, 10, 0, "out"),
    (22, 16, 30, "leave"),
)


def at(day: int, hour: int, minute: int) -> datetime:
    """An instant of November."""
    return datetime(2026, 11, day, hour, minute, tzinfo=WARD_ZONE)


def clear(ward: SampleWard) -> None:
    """Forget everything about the patient of bed 8 but that they are here."""
    board = ward.replica
    stay = board.in_bed(BED).id
    board.sets = [found for found in board.sets if found.encounter != stay]
    board.held = {place: view for place, view in board.held.items() if view.encounter != stay}


def fill(ward: SampleWard) -> str:
    """Give bed 8 its week; the id of the stay. It was admitted on the 17th and its week begins then."""
    stay = ward.replica.in_bed(BED)
    clear(ward)
    ward.add_sets([_set(stay.id, n, *one) for n, one in enumerate(_SETS)])
    for n, (day, hour, minute, what) in enumerate(_EVENTS):
        when = at(day, hour, minute)
        ward.change(
            CHART_EVENT,
            ChartEventView(
                id=f"00000000-0000-7000-a000-{n:012d}",
                encounter=stay.id,
                bed=BED,
                what=what,
                at=when,
                entered_at=when,
                by=ACTOR,
                by_name=NURSE.name,
            ),
        )
    return stay.id


def _set(encounter: str, n: int, day: int, hour: int, minute: int, readings: dict[str, Any]) -> VitalsRecorded:
    when = at(day, hour, minute)
    method = {"temp_method": "axillary"} if "temp_c" in readings else {}
    said = {
        "id": f"00000000-0000-7000-b000-{n:012d}",
        "encounter": encounter,
        "measured_at": when,
        "entered_at": when,
        "received_at": when,
        "device": "c1",
        "actor": ACTOR.model_dump(),
        "actor_name": NURSE.name,
        "source": "manual",
        "readings": method | readings,
    }
    return VitalsRecorded.model_validate(said)
