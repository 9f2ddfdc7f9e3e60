"""What is written from the cashier's pages. Each form leads back to its page, which says how it went."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from server.dashboard import PREFIX
from server.dashboard.cashier.desk import CashDesk
from server.dashboard.door import way_in
from server.dashboard.visit import Visit, visit
from server.identity import audit
from server.insurance.codes import Scheme, Status
from server.insurance.port import Card, CardKind
from server.money.cash import give_cash_back, take_cash
from server.payments.orders import By, Wanted
from server.settlement.insurer import Cover, cover_of
from server.settlement.late import waive
from wardlink.errors import InvalidInput, NoRight, NotFound, NotSignedIn, WardlinkError
from wardlink.i18n import N_, domain, speaking
from wardlink.money import fen, yuan

_ = domain("server").gettext

_ID = re.compile(r"[0-9a-f-]{36}")
_NO_CHANNEL = N_("No payment channel is switched on here. Please take cash.")

Act = Callable[[CashDesk, Visit, str, Mapping[str, str]], str | None]
"""Does what was asked, for a stay; where to go on, or None: back to the stay. May raise any WardlinkError."""


def routes(desk: CashDesk) -> APIRouter:
    """`/cashier/{encounter}/{act}`."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/cashier/{encounter}/{act}")
    async def acted(request: Request, encounter: str, act: str) -> Response:
        form = await request.form()
        return await asyncio.to_thread(_do, desk, request, encounter, act, form)

    return router


def _do(desk: CashDesk, request: Request, encounter: str, act: str, form: FormData) -> Response:
    here = f"{PREFIX}/cashier/{encounter[:40]}"
    try:
        visitor = visit(desk.core, request)
    except NotSignedIn:
        return way_in(here)
    with speaking(visitor.language):
        try:
            if act not in ACTS or not _ID.fullmatch(encounter):
                raise NotFound(what="page", name=request.url.path[:100])
            if not visitor.may("settle.run"):
                raise NoRight
            desk.stay(visitor, encounter, "settle.run")
            said = {name: str(value).strip()[:200] for name, value in form.items()}
            then = ACTS[act](desk, visitor, encounter, said)
        except NoRight:
            raise
        except WardlinkError as fault:
            return RedirectResponse(f"{here}?said={desk.say(fault.text())}", status_code=303)
    return RedirectResponse(f"{PREFIX}{then}" if then else here, status_code=303)


def _by(visitor: Visit) -> By:
    return By(str(visitor.person.actor))


def _deposit(desk: CashDesk, visitor: Visit, encounter: str, form: Mapping[str, str]) -> str | None:
    amount_fen, way, key = fen(form.get("amount", "")), form.get("way", ""), _key(form)
    if way != "cash":
        order = desk.payments.orders.create(Wanted(key, encounter, "deposit", amount_fen, way), _by(visitor))
        return f"/cashier/{encounter}/pay/{order.id}"
    take_cash(desk.core, visitor.person, encounter, amount_fen=amount_fen, key=key)
    return _told(desk, encounter, _("{amount} yuan were taken in cash.").format(amount=yuan(amount_fen)))


def _cash_back(desk: CashDesk, visitor: Visit, encounter: str, form: Mapping[str, str]) -> str | None:
    amount_fen, reason = fen(form.get("amount", "")), _reason(form)
    signed = {"badge": form.get("badge", ""), "pin": form.get("pin", "")}
    how = {"reason": reason, "key": _key(form)} | signed
    give_cash_back(desk.core, visitor.person, encounter, amount_fen=amount_fen, origin=visitor.origin, **how)
    return _told(desk, encounter, _("{amount} yuan were given back in cash.").format(amount=yuan(amount_fen)))


def _refund(desk: CashDesk, visitor: Visit, encounter: str, form: Mapping[str, str]) -> str | None:
    order = desk.payments.orders.called(form.get("order", ""))
    if order.encounter != encounter:
        raise NotFound(what="payment", name=order.id)
    reason, amount_fen = _reason(form), fen(form.get("amount", ""))
    if amount_fen <= 0:
        raise InvalidInput(detail=_("an amount"))
    desk.payments.refunds.ask(order.id, key=_key(form), amount_fen=amount_fen, reason=reason[:80], by=_by(visitor))
    return _told(desk, encounter, _("The refund was asked for. Somebody else must agree to it."))


def _agree(desk: CashDesk, visitor: Visit, encounter: str, form: Mapping[str, str]) -> str | None:
    refund = desk.payments.refunds.called(form.get("refund", ""))
    if desk.payments.orders.called(refund.pay_order).encounter != encounter:
        raise NotFound(what="payment", name=refund.id)
    desk.payments.refunds.agree(refund.id, _by(visitor))
    return None


def _begin(desk: CashDesk, visitor: Visit, encounter: str, form: Mapping[str, str]) -> str | None:
    scheme, _slash, status = form.get("cover", "").partition("/")
    cover = None
    if scheme == "known":
        with desk.core.db.read() as conn:
            cover = cover_of(conn, encounter)
    elif scheme != "alone":
        try:
            balance_fen = fen(form["balance"]) if form.get("balance") else 0
            cover = Cover(scheme=Scheme(scheme), status=Status(status), balance_fen=balance_fen)
        except ValueError as exc:
            raise InvalidInput(detail=_("the insurance")) from exc
    saga = desk.settlements.begin(_key(form), encounter, cover, _by(visitor))
    desk.settlements.go(saga.id, _by(visitor))
    return None


def _go(desk: CashDesk, visitor: Visit, encounter: str, form: Mapping[str, str]) -> str | None:
    desk.settlements.go(_settlement(desk, encounter, form), _by(visitor))
    return None


def _audit(desk: CashDesk, visitor: Visit, encounter: str, form: Mapping[str, str]) -> str | None:
    id = _settlement(desk, encounter, form)
    desk.settlements.audit(id, total_fen=fen(form.get("total", "")), by=_by(visitor))
    return _go(desk, visitor, encounter, form)


def _decide(desk: CashDesk, visitor: Visit, encounter: str, form: Mapping[str, str]) -> str | None:
    id, by_estimate = _settlement(desk, encounter, form), form.get("way") == "estimate"
    desk.settlements.decide(id, by_estimate=by_estimate, reason=form.get("reason", ""), by=_by(visitor))
    return _go(desk, visitor, encounter, form)


def _confirm(desk: CashDesk, visitor: Visit, encounter: str, form: Mapping[str, str]) -> str | None:
    id = _settlement(desk, encounter, form)
    desk.settlements.confirm(id, cash_fen=fen(form.get("cash", "")), by=_by(visitor))
    return _go(desk, visitor, encounter, form)


def _pay(desk: CashDesk, visitor: Visit, encounter: str, form: Mapping[str, str]) -> str | None:
    if not desk.payments.channels:
        raise InvalidInput(_NO_CHANNEL)
    way = form.get("way") or desk.payments.channels[0]
    order = desk.settlements.pay(_settlement(desk, encounter, form), key=_key(form), channel=way, by=_by(visitor))
    return f"/cashier/{encounter}/pay/{order.id}"


def _payout(desk: CashDesk, visitor: Visit, encounter: str, form: Mapping[str, str]) -> str | None:
    id, no = _settlement(desk, encounter, form), form.get("no", "")
    number = int(no) if no.isascii() and no.isdigit() and len(no) < 6 else 0
    desk.settlements.hand_out(id, no=number, way=form.get("way", ""), by=_by(visitor))
    return _go(desk, visitor, encounter, form)


def _give_up(desk: CashDesk, visitor: Visit, encounter: str, form: Mapping[str, str]) -> str | None:
    desk.settlements.give_up(_settlement(desk, encounter, form), reason=form.get("reason", ""), by=_by(visitor))
    return None


def _card(desk: CashDesk, visitor: Visit, encounter: str, form: Mapping[str, str]) -> str | None:
    try:
        shown = Card(CardKind(form.get("kind", "")), form["card"]) if form.get("card") else None
    except ValueError as exc:
        raise InvalidInput(detail=_("the insurance")) from exc
    desk.settlements.go(_settlement(desk, encounter, form), _by(visitor), card=shown)
    return None


def _without_platform(desk: CashDesk, visitor: Visit, encounter: str, form: Mapping[str, str]) -> str | None:
    id = _settlement(desk, encounter, form)
    desk.settlements.without_platform(id, reason=form.get("reason", ""), by=_by(visitor))
    return _go(desk, visitor, encounter, form)


def _take_back(desk: CashDesk, visitor: Visit, encounter: str, form: Mapping[str, str]) -> str | None:
    desk.settlements.take_back(_settlement(desk, encounter, form), reason=form.get("reason", ""), by=_by(visitor))
    return _go(desk, visitor, encounter, form)


def _waive(desk: CashDesk, visitor: Visit, encounter: str, form: Mapping[str, str]) -> str | None:
    core, entry = desk.core, form.get("entry", "")
    with core.db.write() as conn:
        how = {"encounter": encounter, "entry": entry, "reason": form.get("reason", "")}
        waive(conn, now=core.clock.now(), actor=str(visitor.person.actor), **how)
        audit.note(core, conn, visitor.person, "charge-waived", "late line", encounter=encounter, entry=entry)
    return _told(desk, encounter, _("The charge was waived."))


def _settlement(desk: CashDesk, encounter: str, form: Mapping[str, str]) -> str:
    saga = desk.settlements.called(form.get("settlement", ""))
    if saga.encounter != encounter:
        raise NotFound(what="settlement", name=saga.id)
    return saga.id


def _reason(form: Mapping[str, str]) -> str:
    reason = form.get("reason", "")
    if not reason:
        raise InvalidInput(detail=_("a reason"))
    return reason


def _key(form: Mapping[str, str]) -> str:
    key = form.get("key", "")
    if not _ID.fullmatch(key):
        raise InvalidInput(detail="key")
    return key


def _told(desk: CashDesk, encounter: str, text: str) -> str:
    return f"/cashier/{encounter}?said={desk.say(text)}"


ACTS: Mapping[str, Act] = {
    "deposit": _deposit,
    "cash-back": _cash_back,
    "refund": _refund,
    "agree": _agree,
    "begin": _begin,
    "go": _go,
    "audit": _audit,
    "decide": _decide,
    "confirm": _confirm,
    "pay": _pay,
    "payout": _payout,
    "give-up": _give_up,
    "card": _card,
    "without-platform": _without_platform,
    "take-back": _take_back,
    "waive": _waive,
}
