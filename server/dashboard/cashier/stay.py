"""One stay at the cashier's: what is held and charged, deposits, payments with their refunds, and the settlement."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request

from server.dashboard import tables
from server.dashboard.cashier import late, settling
from server.dashboard.cashier.desk import CashDesk
from server.dashboard.fields import second_fields, send_button, text_field
from server.dashboard.frame import framed
from server.dashboard.guard import address
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import time_text
from server.money.accounts import channels
from server.money.deposits import held, refundable, unsettled
from server.payments.rows import Order, RefundRow
from server.settlement.insurer import cover_of
from server.settlement.late import Late, late_lines
from server.settlement.rows import Saga
from wardlink.i18n import N_, domain, language
from wardlink.ids import new_id
from wardlink.messages.encounters import EncounterView
from wardlink.money import yuan

_ = domain("server").gettext

ORDER_STATES: Mapping[str, str] = {
    "created": N_("being made"),
    "qr_ready": N_("waits for the payer"),
    "unknown": N_("result being confirmed"),
    "closing": N_("being closed"),
    "closed": N_("closed, not paid"),
    "paid": N_("paid"),
    "part_refunded": N_("partly refunded"),
    "refunded": N_("refunded"),
}
REFUND_STATES: Mapping[str, str] = {
    "asked": N_("a second person must agree"),
    "approved": N_("agreed, on its way"),
    "sent": N_("result being confirmed"),
    "done": N_("refunded"),
    "declined": N_("declined"),
    "refused": N_("refused by the channel"),
}


@dataclass(frozen=True)
class Known:
    """What the page shows."""

    stay: EncounterView
    held_fen: int
    unsettled_fen: int
    orders: Sequence[Order]
    refunds: Mapping[str, Sequence[RefundRow]]
    sagas: list[Saga]
    is_insured: bool
    late: list[Late]
    from_insurance_fen: int
    refundable_fen: int


async def page(desk: CashDesk, visit: Visit, request: Request) -> None:
    """The page of the stay in the address."""
    name = request.path_params["encounter"]
    found = await asyncio.to_thread(_read, desk, visit, name)
    may_run = visit.may("settle.run")
    with framed(visit, _("Cashier"), here="cashier"):
        with tag("div", cls="page-head"):
            tag("h1", f"{found.stay.name} · {found.stay.admission_no}")
            tag("p", f"{found.stay.ward} {found.stay.bed}")
            tag("a", _("All stays"), cls="button", href=address("/cashier"))
        said = desk.said(request.query_params.get("said"))
        if said:
            tag("p", said, cls="notice", role="alert")
        _facts(found)
        late.section(desk, found.late, may_run=may_run)
        settling.section(desk, found.stay.id, found.sagas, known=found.is_insured, may_run=may_run)
        _payments(desk, visit, found, may_run=may_run)
        if may_run:
            _deposits(desk, found.stay.id)
        if found.refundable_fen > 0 and visit.may("money.refund"):
            _cash_back(found)


def _read(desk: CashDesk, visit: Visit, name: str) -> Known:
    stay = desk.stay(visit, name)
    visit.audit("view", "money of a stay, cashier", stay.id)
    orders = desk.payments.orders.of_stay(stay.id)
    with desk.core.db.read() as conn:
        held_fen, unsettled_fen = held(conn, stay.id), unsettled(conn, stay.id)
        is_insured = cover_of(conn, stay.id) is not None
        came_late = late_lines(conn, desk.core.clock.now(), encounter=stay.id)
        from_insurance_fen = desk.insurance.expected_fen(conn, stay.id)
        most_fen = refundable(conn, stay.id)
    refunds = {order.id: desk.payments.refunds.of_order(order.id) for order in orders if order.is_paid}
    sagas = desk.settlements.of_stay(stay.id)
    return Known(
        stay, held_fen, unsettled_fen, orders, refunds, sagas, is_insured, came_late, from_insurance_fen, most_fen
    )


def _facts(found: Known) -> None:
    left_fen = found.held_fen - found.unsettled_fen + found.from_insurance_fen
    expected = [(_("Of it expected from the insurance, estimate (yuan)"), yuan(found.from_insurance_fen))]
    facts = [
        (_("Deposit held (yuan)"), yuan(found.held_fen)),
        (_("Charged, not settled (yuan)"), yuan(found.unsettled_fen)),
        *(expected if found.from_insurance_fen else []),
        (_("In arrears (yuan)") if left_fen < 0 else _("Left (yuan)"), yuan(abs(left_fen))),
    ]
    with tag("dl", cls="facts"):
        for label, text in facts:
            with tag("div"):
                tag("dt", label)
                tag("dd", text)


def _payments(desk: CashDesk, visit: Visit, found: Known, *, may_run: bool) -> None:
    now = desk.core.clock.now()
    columns = (
        Column("at", _("Time"), "mono"),
        Column("channel", _("Channel")),
        Column("amount", _("Amount (yuan)"), "number"),
        Column("back", _("Refunded (yuan)"), "number"),
        Column("state", _("State")),
    )
    rows = [
        Row(
            order.id,
            {
                "at": Cell(
                    time_text(order.created_at, now), href=address(f"/cashier/{order.encounter}/pay/{order.id}")
                ),
                "channel": Cell(channel_name(order.channel)),
                "amount": Cell(yuan(order.amount_fen)),
                "back": Cell(yuan(order.refunded_fen)),
                "state": Cell(_(ORDER_STATES[order.status])),
            },
        )
        for order in found.orders
    ]
    with tag("section", cls="section", id="payments"):
        tag("h2", _("Payments by code"))
        tables.show(Sheet(columns, tuple(rows)), label=_("Payments by code"), nothing=_("No payment by code yet."))
        for order in found.orders:
            for refund in found.refunds.get(order.id, ()):
                _refund(visit, found.stay.id, refund, may_run=may_run)


def _refund(visit: Visit, encounter: str, refund: RefundRow, *, may_run: bool) -> None:
    text = _("Refund of {amount} yuan: {state}. Reason: {reason}").format(
        amount=yuan(refund.amount_fen), state=_(REFUND_STATES[refund.status]), reason=refund.reason
    )
    tag("p", text, cls="notice")
    if refund.status != "asked" or not may_run:
        return
    if refund.asked_by == str(visit.person.actor):
        tag("p", _("You asked for it: somebody else must agree."))
        return
    with tag("form", method="post", action=address(f"/cashier/{encounter}/agree"), cls="ask"):
        tag("input", type="hidden", name="refund", value=refund.id)
        with tag("div", cls="actions"):
            text = _("Agree to the refund of {amount} yuan").format(amount=yuan(refund.amount_fen))
            tag("button", text, type="submit", cls="button main")


def _deposits(desk: CashDesk, encounter: str) -> None:
    with tag("section", cls="section", id="deposits"):
        tag("h2", _("Take a deposit"))
        with tag("form", method="post", action=address(f"/cashier/{encounter}/deposit"), cls="ask"):
            tag("input", type="hidden", name="key", value=new_id())
            with tag("label"):
                tag("span", _("Amount (yuan)"))
                tag("input", name="amount", inputmode="decimal", maxlength="13", required=True)
            with tag("div", cls="actions"):
                for channel in desk.payments.channels:
                    text = _("By code: {channel}").format(channel=channel_name(channel))
                    tag("button", text, type="submit", name="way", value=channel, cls="button main")
                tag("button", _("Cash received"), type="submit", name="way", value="cash", cls="button")


def _cash_back(found: Known) -> None:
    with tag("section", cls="section", id="cash-back"):
        tag("h2", _("Give cash back"))
        with tag("form", method="post", action=address(f"/cashier/{found.stay.id}/cash-back"), cls="ask"):
            tag("p", _("What was paid by code goes back the way it came, on the page of that payment."))
            tag("input", type="hidden", name="key", value=new_id())
            most = _("Amount (yuan), at most {most}").format(most=yuan(found.refundable_fen))
            text_field("amount", most, required=True, inputmode="decimal", maxlength="13")
            text_field("reason", _("Why? It stays in the record under your name."), required=True, maxlength="80")
            second_fields()
            send_button(_("Cash given back"))


def channel_name(code: str) -> str:
    """A channel in the language of this context."""
    found = channels()[code]
    return found.name_zh if language() == "zh_CN" else found.name_en
