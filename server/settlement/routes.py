"""Settlements over HTTP: for cashiers, and from the confirmation on for the terminal at the patient's own bed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from server.http import CoreOf, StaffOf, language_of
from server.identity.roles import Right
from server.identity.staff import Person
from server.payments.orders import By
from server.payments.routes import Asker, AskerOf, shown
from server.settlement.insurer import cover_of
from server.settlement.papers import PAPERS, pdf_answer
from server.settlement.rows import Saga
from server.settlement.service import Settlements
from server.settlement.steps import is_at_bed
from server.settlement.views import (
    Audited,
    Beginning,
    Confirmed,
    Decided,
    Going,
    HandedOut,
    Paying,
    SettlementView,
    Why,
)
from wardlink.errors import Collision, NotFound
from wardlink.i18n import N_, speaking
from wardlink.ids import Id
from wardlink.messages.payments import PaymentView

router = APIRouter(prefix="/api/v1", tags=["settlements"])


class NotAtBed(Collision):
    """The patient's own terminal takes part only from the confirmation on."""

    code = "settlement-not-at-bed"
    sentence = N_("The cashier is still checking your bill. You will be asked here as soon as it is ready.")


def settlements_of(request: Request) -> Settlements:
    """Settlements of this server."""
    found: Settlements = request.app.state.settlements
    return found


SettlementsOf = Annotated[Settlements, Depends(settlements_of)]


@router.post("/encounters/{encounter}/settlements", summary="Begin to settle a stay", status_code=201)
def begin(
    settlements: SettlementsOf, core: CoreOf, person: StaffOf, request: Request, encounter: Id, body: Beginning
) -> SettlementView:
    """By a cashier; it goes as far as it does by itself."""
    with core.db.read() as conn:
        Asker(person).demand(conn, "settle.run", encounter, core.clock.now())
        cover = None if body.alone else body.cover or cover_of(conn, encounter)
    by = By(str(person.actor))
    saga = settlements.begin(body.key, encounter, cover, by)
    return _view(settlements, settlements.go(saga.id, by), request)


@router.get("/encounters/{encounter}/settlements", summary="The settlements of a stay")
def of_stay(
    settlements: SettlementsOf, core: CoreOf, asker: AskerOf, request: Request, encounter: Id
) -> list[SettlementView]:
    """The newest first. Audited."""
    with core.db.read() as conn:
        asker.demand(conn, "settle.read", encounter, core.clock.now())
    core.audit("list", actor=asker.by.actor, device=asker.by.device, what="settlements", encounter=encounter)
    return [_view(settlements, saga, request) for saga in settlements.of_stay(encounter)]


@router.get("/settlements/{id}", summary="How a settlement stands")
def one(settlements: SettlementsOf, core: CoreOf, asker: AskerOf, request: Request, id: Id) -> SettlementView:
    """Its steps, why it does not go on, who pays what. Audited."""
    saga = _saga(settlements, asker, "settle.read", id)
    core.audit("view", actor=asker.by.actor, device=asker.by.device, what="settlement", encounter=saga.encounter)
    return _view(settlements, saga, request)


@router.post("/settlements/{id}/go", summary="Let it go on")
def go(settlements: SettlementsOf, asker: AskerOf, request: Request, id: Id, body: Going) -> SettlementView:
    """As far as it goes by itself; the same again does nothing twice."""
    _saga(settlements, asker, "settle.run", id)
    return _view(settlements, settlements.go(id, asker.by, card=body.shown()), request)


@router.post("/settlements/{id}/audit", summary="The bill is checked")
def audit(settlements: SettlementsOf, person: StaffOf, request: Request, id: Id, body: Audited) -> SettlementView:
    """By a cashier, who says what it came to; from here on it is closed."""
    by = _cashier(settlements, person, id)
    settlements.audit(id, total_fen=body.total_fen, by=by)
    return _view(settlements, settlements.go(id, by), request)


@router.post("/settlements/{id}/decide", summary="Settle by the estimate, or not")
def decide(settlements: SettlementsOf, person: StaffOf, request: Request, id: Id, body: Decided) -> SettlementView:
    """By a cashier, with a reason, where the insurance could not be asked."""
    by = _cashier(settlements, person, id)
    settlements.decide(id, by_estimate=body.by_estimate, reason=body.reason, by=by)
    return _view(settlements, settlements.go(id, by), request)


@router.post("/settlements/{id}/confirm", summary="The patient agrees")
def confirm(settlements: SettlementsOf, asker: AskerOf, request: Request, id: Id, body: Confirmed) -> SettlementView:
    """To the amount that was shown; at the bed, or to the cashier."""
    _saga(settlements, asker, "settle.run", id)
    settlements.confirm(id, cash_fen=body.cash_fen, by=asker.by)
    return _view(settlements, settlements.go(id, asker.by), request)


@router.post("/settlements/{id}/payments", summary="Pay what is missing", status_code=201)
def pay(settlements: SettlementsOf, core: CoreOf, asker: AskerOf, id: Id, body: Paying) -> PaymentView:
    """With a code to scan, over exactly what is missing."""
    _saga(settlements, asker, "settle.run", id)
    return shown(settlements.pay(id, key=body.key, channel=body.channel, by=asker.by), core.clock.now())


@router.post("/settlements/{id}/payouts/{no}", summary="A part of the rest was handed out")
def hand_out(
    settlements: SettlementsOf, person: StaffOf, request: Request, id: Id, no: int, body: HandedOut
) -> SettlementView:
    """By a cashier, in cash or by bank transfer."""
    by = _cashier(settlements, person, id)
    settlements.hand_out(id, no=no, way=body.way, by=by)
    return _view(settlements, settlements.go(id, by), request)


@router.post("/settlements/{id}/give-up", summary="End a settlement")
def give_up(settlements: SettlementsOf, person: StaffOf, request: Request, id: Id, body: Why) -> SettlementView:
    """As long as nothing has left the house; with a reason."""
    by = _cashier(settlements, person, id)
    return _view(settlements, settlements.give_up(id, reason=body.reason, by=by), request)


@router.post("/settlements/{id}/without-platform", summary="Go on without the insurance platform")
def without_platform(
    settlements: SettlementsOf, person: StaffOf, request: Request, id: Id, body: Why
) -> SettlementView:
    """By a cashier, with a reason: our own estimate is decided on next, or the patient pays and claims it later."""
    by = _cashier(settlements, person, id)
    settlements.without_platform(id, reason=body.reason, by=by)
    return _view(settlements, settlements.go(id, by), request)


@router.post("/settlements/{id}/take-back", summary="Take back what the insurance platform has settled")
def take_back(settlements: SettlementsOf, person: StaffOf, request: Request, id: Id, body: Why) -> SettlementView:
    """By a cashier, with a reason, before money has moved; afterwards another settlement may begin."""
    by = _cashier(settlements, person, id)
    settlements.take_back(id, reason=body.reason, by=by)
    return _view(settlements, settlements.go(id, by), request)


@router.get("/settlements/{id}/{paper}.pdf", summary="Receipt or list of fees", response_class=Response)
def paper(settlements: SettlementsOf, core: CoreOf, asker: AskerOf, request: Request, id: Id, paper: str) -> Response:
    """`receipt` once it is done, and `fees`; in the language of the one who asks. Audited."""
    saga = _saga(settlements, asker, "settle.read", id)
    if paper not in PAPERS:
        raise NotFound(what="page", name=request.url.path[:100])
    with speaking(language_of(request)):
        font = request.app.state.settings.font
        pdf = PAPERS[paper](settlements, saga, font=font, is_sample=core.demo)
    by = asker.by
    core.audit("print", actor=by.actor, device=by.device, what=f"{paper} of settlement {id}", encounter=saga.encounter)
    return pdf_answer(pdf, f"{paper}-{id}")


def _cashier(settlements: Settlements, person: Person, id: str) -> By:
    person.demand("settle.run")
    _saga(settlements, Asker(person), "settle.run", id)
    return By(str(person.actor))


def _saga(settlements: Settlements, asker: Asker, right: Right, id: str) -> Saga:
    if asker.person is not None:
        asker.person.demand(right)
    saga = settlements.called(id)
    with settlements.tools.core.db.read() as conn:
        asker.demand(conn, right, saga.encounter, settlements.tools.core.clock.now())
    if asker.terminal is not None and not is_at_bed(saga.step):
        raise NotAtBed
    return saga


def _view(settlements: Settlements, saga: Saga, request: Request) -> SettlementView:
    with speaking(language_of(request)):
        return SettlementView.of(settlements, saga)
