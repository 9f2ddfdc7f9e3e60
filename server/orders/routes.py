"""Orders over HTTP: for doctors, pharmacists and nurses who sit at a desk, and for a hospital system in their place."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from server.core import Core
from server.http import CoreOf, StaffOf, staff_with
from server.identity.roles import Right
from server.identity.staff import Person
from server.orders import service
from server.patients.routes import known
from server.record.service import record_called, records_of
from wardlink.errors import NotFound
from wardlink.ids import Id, Slug, new_id
from wardlink.messages.base import Instant, Message
from wardlink.messages.doses import DoseView
from wardlink.messages.orders import (
    CancelOrder,
    CheckOrder,
    HoldOrder,
    IssueOrder,
    MarkOrderWrong,
    OrderView,
    RejectOrder,
    ResumeOrder,
    ReviewOrder,
    StopOrder,
)
from wardlink.record.doses import DOSE
from wardlink.record.orders import ORDER

router = APIRouter(prefix="/api/v1", tags=["orders"])

Reader = Annotated[Person, Depends(staff_with("ward.read"))]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Limit = Annotated[int, Query(ge=1, le=200)]

_DAYS = timedelta(days=2)


class Page(BaseModel):
    """Part of a list; ask again with `offset` = `next` while it is set."""

    items: list[OrderView]
    next: int | None = None


class Whole(BaseModel):
    """An order and its doses, the earliest first."""

    order: OrderView
    doses: list[DoseView]


class IssueRequest(IssueOrder):
    """An order. `command`: send the same one again after a lost answer; it is the order's id."""

    command: Id | None = None


class Said(BaseModel):
    """What somebody says about an order. `command`: send the same one again after a lost answer."""

    command: Id | None = None


class Because(Said):
    """With a reason."""

    reason: str = Field(min_length=1, max_length=200)


class Reviewing(Said):
    """A pharmacist's word."""

    accepted: bool
    reason: str | None = Field(default=None, min_length=1, max_length=200)


class Checking(Said):
    """A nurse's word."""

    step: str = Field(pattern="^(transcribed|checked|stop-seen)$")


class Stopping(Said):
    """From when on; now, if nothing is said."""

    stop_at: Instant | None = None
    reason: str | None = Field(default=None, min_length=1, max_length=200)


@router.get("/wards/{ward}/orders", summary="Orders of a ward")
def listed(
    core: CoreOf,
    reader: Reader,
    ward: Slug,
    state: Annotated[list[str], Query(max_length=20)] = [],  # noqa: B006 - the framework copies it
    encounter: Id | None = None,
    only_open: bool = True,
    offset: Offset = 0,
    limit: Limit = 50,
) -> Page:
    """Those that somebody still has to do something about, or all; the latest start first."""
    with core.db.read() as conn:
        items = records_of(
            conn,
            ORDER,
            ward=ward,
            encounter=encounter,
            states=state,
            only_open=only_open and not state,
            newest_first=True,
            limit=limit + 1,
            offset=offset,
        )
    core.audit("list", actor=str(reader.actor), what=f"orders of ward {ward}", encounter=encounter)
    return Page(items=items[:limit], next=offset + limit if len(items) > limit else None)


@router.get("/orders/{order}", summary="One order with its doses")
def one(core: CoreOf, reader: StaffOf, order: Id) -> Whole:
    """For those who work in the ward where the patient lies."""
    _ward, view = _order(core, reader, order, "ward.read")
    with core.db.read() as conn:
        doses = service.doses_of(conn, view)
    core.audit("view", actor=str(reader.actor), what=f"order {order}", encounter=view.encounter)
    return Whole(order=view, doses=doses)


@router.get("/encounters/{encounter}/doses", summary="Doses of a stay")
def doses_of(
    core: CoreOf,
    reader: StaffOf,
    encounter: Id,
    from_at: Instant | None = None,
    until_at: Instant | None = None,
) -> list[DoseView]:
    """From two days ago until everything that is planned, unless other instants are said."""
    with core.db.read() as conn:
        known(conn, encounter, reader, "ward.read")
        since = from_at or core.clock.now() - _DAYS
        found = records_of(conn, DOSE, encounter=encounter, since=since, until=until_at)
    core.audit("view", actor=str(reader.actor), what="doses", encounter=encounter)
    return found


@router.post("/encounters/{encounter}/orders", summary="Issue an order", status_code=201)
def issue(core: CoreOf, writer: StaffOf, encounter: Id, body: IssueRequest) -> OrderView:
    """A doctor signs it; refused in words where it cannot be carried out."""
    with core.db.read() as conn:
        ward = known(conn, encounter, writer, "order.write").ward
    said = IssueOrder.model_validate(body.model_dump(exclude={"command"}))
    command = body.command or new_id()
    core.execute("order.issue", said, ward=ward, actor=writer.actor, command_id=command, encounter=encounter)
    return _order(core, writer, command, "order.write")[1]


@router.post("/orders/{order}/review", summary="Review the drugs of an order")
def review(core: CoreOf, writer: StaffOf, order: Id, body: Reviewing) -> OrderView:
    """A pharmacist approves them, or sends the order back."""
    said = ReviewOrder(order=order, accepted=body.accepted, reason=body.reason)
    return _act(core, writer, "order.review", said, body, "order.review")


@router.post("/orders/{order}/check", summary="Take an order over, or check it")
def check(core: CoreOf, writer: StaffOf, order: Id, body: Checking) -> OrderView:
    """Two nurses, one after the other; also that a stop was seen."""
    said = CheckOrder.model_validate({"order": order, "step": body.step})
    return _act(core, writer, "order.check", said, body, "order.check")


@router.post("/orders/{order}/reject", summary="Send an order back to the doctor")
def reject(core: CoreOf, writer: StaffOf, order: Id, body: Because) -> OrderView:
    """By a nurse who cannot take it over as it is."""
    return _act(core, writer, "order.reject", RejectOrder(order=order, reason=body.reason), body, "order.check")


@router.post("/orders/{order}/hold", summary="Let an order rest")
def hold(core: CoreOf, writer: StaffOf, order: Id, body: Because) -> OrderView:
    """Until it is resumed."""
    return _act(core, writer, "order.hold", HoldOrder(order=order, reason=body.reason), body, "order.write")


@router.post("/orders/{order}/resume", summary="Carry an order out again")
def resume(core: CoreOf, writer: StaffOf, order: Id, body: Said) -> OrderView:
    """After it rested."""
    return _act(core, writer, "order.resume", ResumeOrder(order=order), body, "order.write")


@router.post("/orders/{order}/stop", summary="Stop an order")
def stop(core: CoreOf, writer: StaffOf, order: Id, body: Stopping) -> OrderView:
    """What is due from then on is not given any more."""
    said = StopOrder(order=order, stop_at=body.stop_at or core.clock.now(), reason=body.reason)
    return _act(core, writer, "order.stop", said, body, "order.write")


@router.post("/orders/{order}/cancel", summary="Take an order back")
def cancel(core: CoreOf, writer: StaffOf, order: Id, body: Because) -> OrderView:
    """As long as nothing of it was given."""
    return _act(core, writer, "order.cancel", CancelOrder(order=order, reason=body.reason), body, "order.write")


@router.post("/orders/{order}/mark-wrong", summary="Say that an order should never have been")
def mark_wrong(core: CoreOf, writer: StaffOf, order: Id, body: Because) -> OrderView:
    """It stays readable, with what was given of it."""
    return _act(core, writer, "order.mark-wrong", MarkOrderWrong(order=order, reason=body.reason), body, "order.write")


def _order(core: Core, person: Person, order: str, right: Right) -> tuple[str, OrderView]:
    with core.db.read() as conn:
        found = record_called(conn, ORDER, order)
    if found is None:
        person.demand(right)
        raise NotFound(what="order", name=order)
    person.demand(right, found[0])
    return found


def _act(core: Core, writer: Person, kind: str, said: Message, body: Said, right: Right) -> OrderView:
    order: str = said.order  # type: ignore[attr-defined]
    ward, view = _order(core, writer, order, right)
    core.execute(
        kind, said, ward=ward, actor=writer.actor, command_id=body.command, encounter=view.encounter, bed=view.bed
    )
    return _order(core, writer, order, right)[1]
