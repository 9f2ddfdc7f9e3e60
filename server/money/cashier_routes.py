"""Money that people move or decide about, over HTTP: cash, charges and reversals by hand, agreements. All audited."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request

from server.core import Core
from server.http import CoreOf, StaffOf, language_of
from server.money.cash import give_cash_back, moving, take_cash
from server.money.charges import charge_by_hand, reverse_by_hand
from server.money.requests import (
    AgreeRequest,
    Booked,
    CashIn,
    CashOut,
    ChargeRequest,
    LineView,
    ReverseRequest,
    StandingView,
)
from server.money.routes import Expected, Prices, view_of
from server.money.standing import Expectation, agree, end_agreement
from server.patients.routes import known
from server.words import plain
from wardlink.clock import ward_date
from wardlink.errors import InvalidInput, NotFound
from wardlink.i18n import N_, speaking
from wardlink.ids import Id

router = APIRouter(prefix="/api/v1/encounters/{encounter}/money", tags=["money"])

_AHEAD = N_("This time lies ahead. Please check it.")
_BEFORE = N_("This was before the patient came. Please check the time.")


@router.post("/deposits", summary="Take cash for a deposit", status_code=201)
def cash_in(core: CoreOf, cashier: StaffOf, expected: Expected, encounter: Id, body: CashIn) -> Booked:
    """By a cashier. The same key again books nothing."""
    done = take_cash(core, cashier, encounter, amount_fen=body.amount_fen, key=body.key, note=body.note)
    return _booked(core, expected, encounter, done)


@router.post("/refunds", summary="Give cash back of a deposit", status_code=201)
def cash_out(
    core: CoreOf, cashier: StaffOf, expected: Expected, request: Request, encounter: Id, body: CashOut
) -> Booked:
    """At most what is held and not needed for what was charged, with a second person who signs here.

    The same key again books nothing.
    """
    done = give_cash_back(
        core,
        cashier,
        encounter,
        amount_fen=body.amount_fen,
        key=body.key,
        reason=body.reason,
        badge=body.agreed_by.badge,
        pin=body.agreed_by.pin.get_secret_value(),
        origin=request.client.host if request.client else None,
    )
    return _booked(core, expected, encounter, done)


@router.post("/charges", summary="Charge something that no record stands for", status_code=201)
def charge(
    core: CoreOf, cashier: StaffOf, request: Request, encounter: Id, prices: Prices, body: ChargeRequest
) -> LineView:
    """By a cashier, with a reason. After the stay has ended it is kept, and listed for whoever settles."""
    now = core.clock.now()
    at = body.at or now
    how = {"item": body.item, "quantity_e4": body.quantity_e4, "key": body.key}
    with moving(core, cashier, encounter, "money.write", "charge", **how) as conn:
        stay = known(conn, encounter, cashier, "money.write")
        item = prices.item(body.item)
        if item is None:
            raise NotFound(what="item", name=body.item)
        if at > now:
            raise InvalidInput(_AHEAD)
        if ward_date(at) < ward_date(stay.admitted_at):
            raise InvalidInput(_BEFORE)
        row = charge_by_hand(
            conn,
            encounter=encounter,
            item=item,
            quantity_e4=body.quantity_e4,
            at=at,
            reason=plain(body.reason, most=200),
            key=body.key,
            now=now,
            actor=str(cashier.actor),
        )
    with speaking(language_of(request)):
        return LineView.of(row)


@router.post("/charges/{entry}/reverse", summary="Take a line back", status_code=201)
def reverse(
    core: CoreOf, cashier: StaffOf, request: Request, encounter: Id, entry: Id, body: ReverseRequest
) -> LineView:
    """By a cashier, with a reason; it is not charged again. The line that takes it back."""
    with moving(core, cashier, encounter, "money.write", "charge-reversal", entry=entry) as conn:
        row = reverse_by_hand(
            conn,
            encounter=encounter,
            entry=entry,
            reason=plain(body.reason, most=200),
            now=core.clock.now(),
            actor=str(cashier.actor),
        )
    with speaking(language_of(request)):
        return LineView.of(row)


@router.post("/agreements", summary="Agree that a stay is treated first and paid later, or release it", status_code=201)
def agreed(core: CoreOf, person: StaffOf, expected: Expected, encounter: Id, body: AgreeRequest) -> Booked:
    """With the ground and a reason. The same key again changes nothing."""
    how = {"kind": body.kind, "ground": body.ground, "key": body.key}
    with moving(core, person, encounter, "money.agree", "money-agreement", **how) as conn:
        done = agree(
            conn,
            id=body.key,
            encounter=encounter,
            kind=body.kind,
            ground=body.ground,
            credit_fen=body.credit_fen,
            reason=plain(body.reason, most=200),
            at=core.clock.now(),
            actor=str(person.actor),
        )
    return _booked(core, expected, encounter, done)


@router.post("/agreements/{agreement}/end", summary="End an agreement")
def ended(core: CoreOf, person: StaffOf, expected: Expected, encounter: Id, agreement: Id) -> StandingView:
    """From now on."""
    now = core.clock.now()
    with moving(core, person, encounter, "money.agree", "money-agreement-ended", key=agreement) as conn:
        end_agreement(conn, id=agreement, encounter=encounter, at=now, actor=str(person.actor))
        return view_of(conn, core, expected, encounter)


def _booked(core: Core, expected: Expectation, encounter: str, done: bool) -> Booked:
    outcome: Literal["applied", "already-applied"] = "applied" if done else "already-applied"
    with core.db.read() as conn:
        return Booked(outcome=outcome, standing=view_of(conn, core, expected, encounter))
