"""A monitor that stood at nobody, its case, and what others have said of it: for tests of the cart's pages."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.cart.nurse import AT, Nurse, sample_of
from wardlink.clinical.vitals import VitalSet
from wardlink.messages.attributions import AttributionView
from wardlink.messages.base import Actor
from wardlink.messages.exceptions import ExceptionView
from wardlink.messages.vitals import VitalsRecorded

MONITOR = "m12"


def uid(no: int) -> str:
    """An id that is the same each time."""
    return f"00000000-0000-7000-8000-{no:012d}"


def before(minutes: float) -> datetime:
    """So many minutes before the ward's clock stood still."""
    return AT - timedelta(minutes=minutes)


def measured(minutes_ago: float, no: int = 0) -> VitalsRecorded:
    """A set of the monitor without a patient."""
    return VitalsRecorded(
        id=uid(7_000 + no),
        measured_at=before(minutes_ago),
        entered_at=before(minutes_ago),
        received_at=before(minutes_ago),
        device=MONITOR,
        actor=Actor(kind="device", id=MONITOR),
        source="monitor",
        readings=VitalSet(hr_per_min=90 + no, rr_per_min=18, spo2_pct=96, sbp_mmhg=124, dbp_mmhg=76),
    )


SETS = [measured(40 - 3 * no, no) for no in range(13)]
"""From 10:02:07 to 10:38:07 by the ward's clock."""


def case(bed: str | None = "12") -> ExceptionView:
    """The case that the monitor's first set opened."""
    return ExceptionView(
        id=uid(7_900),
        kind="unknown-encounter",
        opened_at=before(40),
        device=MONITOR,
        bed=bed,
        actor=Actor(kind="device", id=MONITOR),
        measured_at=before(40),
    )


def said(nurse: Nurse, bed: str, no: int = 0, **how: object) -> AttributionView:
    """What a colleague has said, as the server told it."""
    view = AttributionView(
        id=uid(7_800 + no),
        encounter=sample_of(nurse).replica.in_bed(bed).id,
        bed=bed,
        monitor=MONITOR,
        from_at=before(40).replace(second=0),
        until_at=before(3).replace(second=0),
        reason="抢救中，无法扫码",
        device="c1",
        entered_at=before(2),
        received_at=before(2),
        by=Actor(kind="staff", id="n-wang"),
        by_name="王芳",
        sets=13,
    )
    return view.model_copy(update=how)


async def waiting(nurse: Nurse, *, bed: str | None = "12") -> None:
    """Signed in, on the page of cases, with values that are nobody's."""
    await nurse.sign_in()
    sample_of(nurse).add_sets(SETS)
    sample_of(nurse).open_case(case(bed))
    await nurse.press("w")
    await nurse.changed()
