"""Payments over HTTP: for staff, for the terminal at a patient's own bed, and for channels that say something.

Whoever sees a payment sees no more of it than its amount and how it stands; the code to scan is shown while it can be
paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials, HTTPBasicCredentials
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from server.http import CoreOf, StaffOf, basic_auth, bearer_auth, device_of, staff_of, token_of
from server.identity.roles import EVERYWHERE, Right
from server.identity.staff import Person
from server.patients.at_bed import AtBed, at_bed_of
from server.patients.service import encounter_view
from server.payments.orders import By, Wanted
from server.payments.rows import Order, RefundRow
from server.payments.service import Payments
from wardlink.errors import NotFound
from wardlink.ids import Id
from wardlink.messages.base import Instant
from wardlink.messages.family import HEADER
from wardlink.messages.payments import NewPayment, PaymentView, Ways
from wardlink.money import Fen, PositiveFen

router = APIRouter(prefix="/api/v1", tags=["payments"])

Words = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]*$")]


def payments_of(request: Request) -> Payments:
    """Payments of this server."""
    found: Payments = request.app.state.payments
    return found


PaymentsOf = Annotated[Payments, Depends(payments_of)]


@dataclass(frozen=True)
class Asker:
    """Who asks: a member of staff, or the terminal at a bed."""

    person: Person | None = None
    terminal: AtBed | None = None

    @property
    def by(self) -> By:
        """As the audit says it."""
        if self.person is not None:
            return By(str(self.person.actor))
        assert self.terminal is not None
        return By(self.terminal.actor, self.terminal.device.id)

    def demand(self, conn: Connection, right: Right, encounter: str, now: datetime) -> None:
        """Let through who may do this for this stay: a terminal for whoever lies in its bed now, and nobody else.

        Raises:
            NotAllowed: not this one.
            NotFound: there is no such stay.
        """
        if self.terminal is not None:
            self.terminal.demand(conn, encounter, "money", now)
            return
        assert self.person is not None
        self.person.demand(right)
        stay = encounter_view(conn, encounter)
        if stay is None:
            raise NotFound(what="stay", name=encounter)
        self.person.demand(right, stay.ward)


def asker_of(
    core: CoreOf,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer_auth)],
    basic: Annotated[HTTPBasicCredentials | None, Depends(basic_auth)],
    family: Annotated[Id | None, Header(alias=HEADER)] = None,
) -> Asker:
    """Who asks.

    Raises:
        NotSignedIn: nobody has signed in.
        DeviceUnknown: the device is none of ours.
    """
    if basic is not None:
        return Asker(terminal=at_bed_of(device_of(core, basic), family))
    return Asker(person=staff_of(core, token_of(bearer)))


AskerOf = Annotated[Asker, Depends(asker_of)]


class NewRefund(BaseModel):
    """Money of a payment to be given back, and why."""

    key: Id
    amount_fen: PositiveFen
    reason: Words


class Declining(BaseModel):
    """Why not."""

    reason: Words


class RefundView(BaseModel):
    """A refund and who decided on it."""

    id: Id
    payment: Id
    amount_fen: Fen
    status: str
    reason: str
    asked_by: str
    asked_at: Instant
    agreed_by: str | None
    agreed_at: Instant | None
    done_at: Instant | None
    fault: str | None


@router.get("/pay/channels", summary="The ways to pay here")
def channels(payments: PaymentsOf, _asker: AskerOf) -> Ways:
    """By name."""
    return Ways(channels=list(payments.channels))


@router.post("/encounters/{encounter}/payments", summary="Ask for a payment", status_code=201)
def create(payments: PaymentsOf, core: CoreOf, asker: AskerOf, encounter: Id, body: NewPayment) -> PaymentView:
    """With a code to scan. `unknown`: the channel has not answered yet; look again in a moment."""
    with core.db.read() as conn:
        asker.demand(conn, "pay.take", encounter, core.clock.now())
    wanted = Wanted(body.key, encounter, body.purpose, body.amount_fen, body.channel)
    return shown(payments.orders.create(wanted, asker.by), core.clock.now())


@router.get("/encounters/{encounter}/payments", summary="The payments of a stay")
def of_stay(payments: PaymentsOf, core: CoreOf, asker: AskerOf, encounter: Id) -> list[PaymentView]:
    """The newest first. Audited."""
    with core.db.read() as conn:
        asker.demand(conn, "pay.take", encounter, core.clock.now())
    found, by = payments.orders.of_stay(encounter), asker.by
    core.audit("list", actor=by.actor, device=by.device, what="payments", encounter=encounter)
    return [shown(order, core.clock.now()) for order in found]


@router.get("/payments/{id}", summary="How a payment stands")
def one(payments: PaymentsOf, core: CoreOf, asker: AskerOf, id: Id) -> PaymentView:
    """As we know it; the channel is asked beside this, by plan."""
    return shown(_order(payments, core, asker, id), core.clock.now())


@router.post("/payments/{id}/ask", summary="Ask the channel now")
def ask(payments: PaymentsOf, core: CoreOf, asker: AskerOf, id: Id) -> PaymentView:
    """For somebody who has paid and waits."""
    _order(payments, core, asker, id)
    return shown(payments.orders.look(id), core.clock.now())


@router.post("/payments/{id}/close", summary="Let nobody pay it any more")
def close(payments: PaymentsOf, core: CoreOf, asker: AskerOf, id: Id) -> PaymentView:
    """What has been paid meanwhile stays paid."""
    _order(payments, core, asker, id)
    return shown(payments.orders.close(id, asker.by), core.clock.now())


@router.post("/payments/{id}/refunds", summary="Ask for money back", status_code=201)
def ask_refund(payments: PaymentsOf, person: StaffOf, id: Id, body: NewRefund) -> RefundView:
    """Somebody else must agree before it is sent."""
    _for_refund(payments, person, id)
    by = By(str(person.actor))
    return _refund(payments.refunds.ask(id, key=body.key, amount_fen=body.amount_fen, reason=body.reason, by=by))


@router.get("/payments/{id}/refunds", summary="The refunds of a payment")
def refunds(payments: PaymentsOf, person: StaffOf, id: Id) -> list[RefundView]:
    """The oldest first."""
    _for_refund(payments, person, id)
    return [_refund(each) for each in payments.refunds.of_order(id)]


@router.get("/refunds", summary="Refunds that wait for a second person")
def waiting(payments: PaymentsOf, person: StaffOf) -> list[RefundView]:
    """Of the wards of the one who asks, the oldest first."""
    person.demand("pay.refund")
    wards = None if person.role in EVERYWHERE else person.wards
    return [_refund(each) for each in payments.refunds.waiting(wards)]


@router.post("/refunds/{id}/agree", summary="Agree to a refund")
def agree(payments: PaymentsOf, person: StaffOf, id: Id) -> RefundView:
    """By somebody else than the one who asked for it; it is sent at once."""
    _decides(payments, person, id)
    return _refund(payments.refunds.agree(id, By(str(person.actor))))


@router.post("/refunds/{id}/decline", summary="Do not give it back")
def decline(payments: PaymentsOf, person: StaffOf, id: Id, body: Declining) -> RefundView:
    """With a reason."""
    _decides(payments, person, id)
    return _refund(payments.refunds.decline(id, By(str(person.actor)), body.reason))


@router.post("/pay/notices/{channel}", summary="For payment channels", include_in_schema=False)
async def notice(payments: PaymentsOf, request: Request, channel: str) -> Response:
    """Nobody signs in here: what is not signed by the channel changes nothing."""
    raw = await request.body()
    headers = {name.lower(): value for name, value in request.headers.items()}
    answer = await run_in_threadpool(payments.notices.take, channel, headers, raw)
    return Response(answer.body, answer.status, media_type=answer.media_type)


def _order(payments: Payments, core: CoreOf, asker: Asker, id: str) -> Order:
    if asker.person is not None:
        asker.person.demand("pay.take")
    order = payments.orders.called(id)
    with core.db.read() as conn:
        asker.demand(conn, "pay.take", order.encounter, core.clock.now())
    return order


def _for_refund(payments: Payments, person: Person, order: str) -> None:
    person.demand("pay.refund")
    encounter = payments.orders.called(order).encounter
    with payments.core.db.read() as conn:
        Asker(person).demand(conn, "pay.refund", encounter, payments.core.clock.now())


def _decides(payments: Payments, person: Person, refund: str) -> None:
    person.demand("pay.refund")
    _for_refund(payments, person, payments.refunds.called(refund).pay_order)


def shown(order: Order, now: datetime) -> PaymentView:
    """A payment as it is shown: the code only while it can be paid."""
    can_be_paid = order.status == "qr_ready" and now < order.expires_at
    fields = {name: getattr(order, name) for name in PaymentView.model_fields if name != "number"}
    return PaymentView(**fields | {"number": order.out_trade_no, "qr": order.qr if can_be_paid else None})


def _refund(refund: RefundRow) -> RefundView:
    names = RefundView.model_fields.keys() - {"payment"}
    return RefundView(payment=refund.pay_order, **{name: getattr(refund, name) for name in names})
