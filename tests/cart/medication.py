"""A nurse on the page of a bed's medication, and what the sample ward has for her."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from cart.sample import SECOND_BADGE, SECOND_PIN, SampleWard
from cart.widgets.grid import Grid
from tests.cart.nurse import AT, DESIGN, Nurse, cart, sample, sample_of
from wardlink.clinical.drugs import sample_drugs
from wardlink.messages.base import Actor
from wardlink.messages.doses import DoseView
from wardlink.messages.orders import OrderView
from wardlink.record.doses import DOSE
from wardlink.record.orders import ORDER

BANDS = {"12": "20261110", "10": "20261108", "2": "20261102", "6": "20261105"}
OTHER = Actor(kind="staff", id="n-wangfang")


def pack(drug: str) -> str:
    """The number on a pack of this drug."""
    return sample_drugs()[drug].gtins[0]


def in_time() -> SampleWard:
    """The invented ward; what was due an hour and a half ago may be given until 11:12."""
    ward = sample()
    for dose in ward.replica.records(DOSE):
        if dose.due_at is not None and dose.due_at < AT:
            ward.replica.held["dose", dose.id] = dose.model_copy(update={"closes_at": AT + timedelta(minutes=30)})
    return ward


def dose_of(ward: SampleWard, drug: str, index: int = 0) -> DoseView:
    """A dose of this drug, the earliest first."""
    return [dose for dose in ward.replica.records(DOSE) if any(item.drug == drug for item in dose.items)][index]


def order_of(ward: SampleWard, drug: str) -> OrderView:
    """The order of this drug."""
    return next(order for order in ward.replica.records(ORDER) if any(item.drug == drug for item in order.items))


@asynccontextmanager
async def at_bed(
    bed: str = "12", *, ward: SampleWard | None = None, size: tuple[int, int] = DESIGN, scanned: bool = True
) -> AsyncIterator[Nurse]:
    """A nurse on the page of this bed, its wristband scanned unless told otherwise."""
    ready = ward or in_time()
    async with cart(size, ward=lambda: ready) as nurse:
        await nurse.sign_in()
        await begin(nurse, bed, scanned=scanned)
        yield nurse


async def begin(nurse: Nurse, bed: str, *, scanned: bool = True) -> None:
    """Open the round at this bed."""
    if scanned:
        await nurse.scan(BANDS[bed])
    else:
        await nurse.open(bed)
    await nurse.press("m")
    assert nurse.page == "MedicationScreen"


def said(nurse: Nurse) -> list[tuple[str, dict[str, Any]]]:
    """What was recorded about doses."""
    return [(c.kind, c.body) for c in sample_of(nurse).recorded if c.kind.startswith("dose.")]


async def go_to(nurse: Nurse, drug: str, index: int = 0) -> None:
    """Put the cursor on a dose of this drug."""
    nurse.app.page.query_one(Grid).go_to(dose_of(sample_of(nurse), drug, index).id)
    await nurse.settle()


async def sign_as_second(nurse: Nurse) -> None:
    """The second nurse holds her badge under the scanner and types her PIN."""
    await nurse.scan(SECOND_BADGE)
    await nurse.typed(SECOND_PIN, "enter")
