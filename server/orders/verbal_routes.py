"""Doses on a doctor's word over HTTP: which wait for their order, and the order that is written for one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from server.core import Core
from server.http import CoreOf, staff_with
from server.identity.staff import Person
from server.orders.verbal import write_order
from server.record.service import record_called, records_of
from wardlink.errors import NotFound
from wardlink.ids import Id, Slug
from wardlink.messages.base import Instant
from wardlink.messages.verbal import VerbalView
from wardlink.record.verbal import VERBAL, waits, write_by

router = APIRouter(prefix="/api/v1", tags=["orders"])

Reader = Annotated[Person, Depends(staff_with("ward.read"))]


class Waiting(BaseModel):
    """A dose whose order is to be written, and by when; `is_overdue` by the server's clock."""

    verbal: VerbalView
    write_by: Instant
    is_overdue: bool


class Writing(BaseModel):
    """Which order was written. Without `order` it is issued now, as it was said, from the time it was given.

    `command`: send the same one again after a lost answer.
    """

    order: Id | None = None
    command: Id | None = None
    issue_command: Id | None = None


@router.get("/wards/{ward}/verbal-orders", summary="Verbal orders that are still to be written")
def listed(core: CoreOf, reader: Reader, ward: Slug) -> list[Waiting]:
    """The oldest first."""
    now = core.clock.now()
    with core.db.read() as conn:
        found = [view for view in records_of(conn, VERBAL, ward=ward, only_open=True) if waits(view)]
    core.audit("list", actor=str(reader.actor), what=f"verbal orders of ward {ward}")
    return [Waiting(verbal=view, write_by=write_by(view), is_overdue=now > write_by(view)) for view in found]


@router.post("/verbal-orders/{verbal}/write", summary="Write the order of a dose given on a doctor's word")
def write(
    core: CoreOf, writer: Annotated[Person, Depends(staff_with("order.write"))], verbal: Id, body: Writing
) -> VerbalView:
    """By a doctor; the case that waits for it closes."""
    ward, view = _found(core, verbal)
    writer.demand("order.write", ward)
    write_order(
        core, writer.actor, ward, view, body.order or view.order, command=body.command, issue_command=body.issue_command
    )
    return _found(core, verbal)[1]


def _found(core: Core, verbal: str) -> tuple[str, VerbalView]:
    with core.db.read() as conn:
        found = record_called(conn, VERBAL, verbal)
    if found is None:
        raise NotFound(what="verbal order", name=verbal)
    return found
