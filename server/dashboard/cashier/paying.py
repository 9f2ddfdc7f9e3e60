"""One payment: the code to scan, and what becomes of it without a touch; a refund can be asked for when it is paid."""

from __future__ import annotations

import asyncio

from fastapi import Request
from nicegui import ui

from server.dashboard.cashier.desk import CashDesk
from server.dashboard.cashier.stay import ORDER_STATES, channel_name
from server.dashboard.frame import framed
from server.dashboard.guard import address
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.labels.modules import modules_of
from server.payments.rows import Order
from wardlink.errors import NotFound
from wardlink.i18n import domain
from wardlink.ids import new_id
from wardlink.money import yuan

_ = domain("server").gettext

_LOOK_EVERY_S = 2.0
_QUIET_MODULES = 4


async def page(desk: CashDesk, visit: Visit, request: Request) -> None:
    """The page of the payment in the address."""
    encounter, name = request.path_params["encounter"], request.path_params["order"]

    def read() -> tuple[Order, int]:
        stay = desk.stay(visit, encounter)
        order = desk.payments.orders.called(name)
        if order.encounter != stay.id:
            raise NotFound(what="payment", name=name[:40])
        visit.audit("view", "payment, cashier", stay.id)
        spoken_for = sum(
            refund.amount_fen
            for refund in desk.payments.refunds.of_order(order.id)
            if refund.status not in ("declined", "refused")
        )
        return order, (order.paid_fen or 0) - spoken_for

    order, left_fen = await asyncio.to_thread(read)
    with framed(visit, _("A payment"), here="cashier"):
        with tag("div", cls="page-head"):
            tag(
                "h1",
                _("{amount} yuan, {channel}").format(
                    amount=yuan(order.amount_fen), channel=channel_name(order.channel)
                ),
            )
            tag("a", _("Back to the stay"), cls="button", href=address(f"/cashier/{encounter}"))
        said = desk.said(request.query_params.get("said"))
        if said:
            tag("p", said, cls="notice", role="alert")
        good = "notice good" if order.is_paid else "notice"
        tag("p", _(ORDER_STATES[order.status]), cls=good, role="status", id="state", data_state=order.status)
        if order.status == "qr_ready" and order.qr and desk.core.clock.now() < order.expires_at:
            tag("p", _("Have the patient scan this. The page says by itself when it is paid."))
            ui.html(code_picture(order.qr), sanitize=False)
        if order.is_open:
            _follow(desk, order)
        if order.is_paid and left_fen > 0 and visit.may("pay.refund"):
            _ask_back(order, left_fen)


def code_picture(text: str) -> str:
    """A QR code as a picture for the page."""
    rows = modules_of(text, "qr")
    size = len(rows) + 2 * _QUIET_MODULES
    path = "".join(
        f"M{x + _QUIET_MODULES} {y + _QUIET_MODULES}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, dark in enumerate(row)
        if dark
    )
    return (
        f'<svg class="code" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img"'
        f' shape-rendering="crispEdges"><rect width="{size}" height="{size}" fill="#fff"/><path d="{path}"/></svg>'
    )


def _follow(desk: CashDesk, order: Order) -> None:
    async def look() -> None:
        now = await asyncio.to_thread(desk.payments.orders.called, order.id)
        if now.status != order.status:
            ui.navigate.reload()

    ui.timer(_LOOK_EVERY_S, look)


def _ask_back(order: Order, left_fen: int) -> None:
    with tag("form", method="post", action=address(f"/cashier/{order.encounter}/refund"), cls="ask"):
        tag("h2", _("Ask for money back"))
        tag("p", _("Somebody else must agree before it is sent."))
        tag("input", type="hidden", name="key", value=new_id())
        tag("input", type="hidden", name="order", value=order.id)
        with tag("label"):
            tag("span", _("Amount (yuan), at most {most}").format(most=yuan(left_fen)))
            tag("input", name="amount", inputmode="decimal", maxlength="13", required=True)
        with tag("label"):
            tag("span", _("Why? It stays in the record under your name."))
            tag("input", name="reason", maxlength="80", required=True)
        with tag("div", cls="actions"):
            tag("button", _("Ask for the refund"), type="submit", cls="button main")
