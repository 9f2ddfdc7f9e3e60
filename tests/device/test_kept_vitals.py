"""How long a device keeps sets of vital signs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from wardlink.clinical.vitals import VitalSet
from wardlink.device import vitals_rows
from wardlink.device.intake import KEPT_BY_HAND, KEPT_VITALS, Intake
from wardlink.device.replica import Replica
from wardlink.device.store import Store
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.vitals import VitalsRecorded

NOW = datetime(2026, 11, 26, 2, tzinfo=UTC)
STAY = "00000000-0000-7000-8000-000000000001"
JUST_BEFORE, JUST_AFTER = -timedelta(seconds=1), timedelta(seconds=1)


@pytest.mark.parametrize(("bed", "by_hand"), [(None, KEPT_BY_HAND), ("12", KEPT_VITALS)], ids=["cart", "terminal"])
def test_a_cart_keeps_two_pages_of_the_chart(tmp_path: Path, bed: str | None, by_hand: timedelta) -> None:
    """What was measured by hand; of a monitor, and at a bed, four days are enough."""
    ages = {("manual", by_hand + d): d is JUST_BEFORE for d in (JUST_BEFORE, JUST_AFTER)}
    ages |= {("monitor", KEPT_VITALS + d): d is JUST_BEFORE for d in (JUST_BEFORE, JUST_AFTER)}
    # The newest set stays whatever its age; that is another rule.
    sets = {key: _found(*key) for key in [*ages, ("manual", timedelta(0))]}
    store = Store(tmp_path)
    with store.write() as conn:
        vitals_rows.put_all(conn, sets.values())
        Intake(ward="w3", bed=bed).tidy(conn, NOW)

    held = {found.id for found in Replica(store).vitals(STAY)}
    store.close()

    assert {key: sets[key].id in held for key in ages} == ages


def _found(source: str, age: timedelta) -> VitalsRecorded:
    at = NOW - age
    return VitalsRecorded(
        id=new_id(),
        encounter=STAY,
        measured_at=at,
        entered_at=at,
        received_at=at,
        device="c1",
        actor=Actor(kind="staff", id="n1"),
        source=source,  # type: ignore[arg-type]
        readings=VitalSet(pulse_per_min=72),
    )
