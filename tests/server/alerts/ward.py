"""The small ward as alerts see it: sets of vital signs, and what is said of an alert."""

from __future__ import annotations

from typing import Any

from server.record.service import records_of
from tests.server.wards import NURSE, STAY_1, SmallWard
from wardlink.clinical.vitals import VitalSet
from wardlink.messages.alerts import AlertView
from wardlink.messages.base import Message
from wardlink.messages.vitals import RecordVitals
from wardlink.record.alerts import ALERT

WELL = {"temp_c": 36.8, "pulse_per_min": 72, "rr_per_min": 16, "sbp_mmhg": 122, "dbp_mmhg": 78, "spo2_pct": 98}
WELL |= {"o2_on": False, "acvpu": "A"}
HIGH = WELL | {"rr_per_min": 25, "spo2_pct": 91, "pulse_per_min": 112}
MEDIUM = WELL | {"rr_per_min": 21, "spo2_pct": 95, "pulse_per_min": 112}
RED = WELL | {"rr_per_min": 25}
BREATHLESS = WELL | {"spo2_pct": 84}


def measure(ward: SmallWard, readings: dict[str, Any], *, encounter: str = STAY_1) -> str:
    """A nurse's set; the id of its command."""
    body = RecordVitals(readings=VitalSet.model_validate(readings))
    command = ward.cart.command("vitals.record", body, encounter=encounter)
    ward.take(command)
    return command.id


def alerts(ward: SmallWard, *, only_open: bool = False) -> list[AlertView]:
    """Every alert of the ward, oldest first."""
    with ward.db.read() as conn:
        return records_of(conn, ALERT, ward="w1", only_open=only_open)


def only(ward: SmallWard) -> AlertView:
    """The one alert there is."""
    [found] = alerts(ward)
    return found


def says(ward: SmallWard, kind: str, body: Message, *, by: Any = NURSE) -> None:
    """A cart reports what somebody does about an alert or a call."""
    ward.take(ward.cart.command(kind, body, actor=by, bed="b1", encounter=STAY_1))
