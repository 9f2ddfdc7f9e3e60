"""What a board finds when it begins: the newest of everything, however many sets a monitor has made since."""

from __future__ import annotations

from datetime import timedelta

from server.vitals.latest import CUFF_BACK, LOOK_BACK, NEWEST_SETS, LatestOfStay, read_latest
from tests.server.wards import STAY_1, SmallWard
from wardlink.clinical.vitals import VitalSet
from wardlink.messages.base import Actor
from wardlink.messages.vitals import RecordVitals

MONITOR = Actor(kind="device", id="m1")


def watch(ward: SmallWard, times: int, **readings: float) -> None:
    """The monitor sends once a second."""
    commands = []
    for _second in range(times):
        ward.clock.advance(1)
        body = RecordVitals(readings=VitalSet(hr_per_min=80.0, **readings), source="monitor", interval_s=1.0)
        commands.append(ward.monitor.command("vitals.record", body, encounter=STAY_1, actor=MONITOR))
    ward.take(*commands)


def found(ward: SmallWard) -> LatestOfStay:
    """What the database says now."""
    with ward.db.read() as conn:
        return read_latest(conn, STAY_1, ward.clock.now())


def test_a_nurses_value_is_found_behind_a_monitors_many(ward: SmallWard) -> None:
    """It is still what it was."""
    ward.take(ward.cart.vitals(74))
    watch(ward, NEWEST_SETS + 5)

    assert found(ward).values["pulse_per_min"].value == 74.0


def test_the_pressure_of_the_cuff_is_found_behind_a_monitors_many(ward: SmallWard) -> None:
    """The cuff inflates every half hour, the monitor speaks every second."""
    watch(ward, 1, sbp_mmhg=121.0, dbp_mmhg=79.0)
    watch(ward, NEWEST_SETS + 5)

    values = found(ward).values
    assert (values["sbp_mmhg"].value, values["dbp_mmhg"].value) == (121.0, 79.0)


def test_what_is_older_than_any_reading_stays_fresh_is_not_looked_for(ward: SmallWard) -> None:
    """A value of eight days ago is history, on the patient's page."""
    ward.take(ward.cart.vitals(74))
    ward.clock.advance((LOOK_BACK + timedelta(seconds=1)).total_seconds())

    assert found(ward).values == {}
    assert CUFF_BACK < LOOK_BACK
