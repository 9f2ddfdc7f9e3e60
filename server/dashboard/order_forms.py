"""The forms of orders: a new one, and what may be done about one by the role of the visitor. Plain posts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.core import Core
from server.dashboard import PREFIX, verbal_forms
from server.dashboard.fields import choice_field, text_field
from server.dashboard.guard import address
from server.dashboard.pages.stay import readable
from server.dashboard.posted import posted
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.identity.roles import Right
from server.record.service import record_called
from wardlink.clinical.drugs import sample_drugs
from wardlink.clinical.frequencies import Frequency
from wardlink.clinical.order_states import DRUG_CATEGORIES, OrderAct, after
from wardlink.clinical.routes import routes as ways
from wardlink.clock import WARD_ZONE, ward_time
from wardlink.errors import InvalidInput, NotFound
from wardlink.i18n import N_, domain, language
from wardlink.messages.bodies import parse_body
from wardlink.messages.encounters import EncounterView
from wardlink.messages.order_words import KINDS
from wardlink.messages.orders import IssueOrder, OrderView
from wardlink.record.orders import ORDER, transcribers

_ = domain("server").gettext

# What, its command, the move it makes, the right it takes, its words, and whether it asks for a reason.
_ACTS: tuple[tuple[str, str, OrderAct, Right, str, bool], ...] = (
    ("approve", "order.review", "review", "order.review", N_("Approve"), False),
    ("send-back", "order.review", "reject", "order.review", N_("Send back"), True),
    ("take-over", "order.check", "transcribe", "order.check", N_("Take over"), False),
    ("check", "order.check", "check", "order.check", N_("Checked: it is right"), False),
    ("reject", "order.reject", "reject", "order.check", N_("Send back"), True),
    ("hold", "order.hold", "hold", "order.write", N_("Put on hold"), True),
    ("resume", "order.resume", "resume", "order.write", N_("Resume"), False),
    ("stop", "order.stop", "stop", "order.write", N_("Stop now"), True),
    ("cancel", "order.cancel", "cancel", "order.write", N_("Take back"), True),
)
_BODIES: dict[str, dict[str, object]] = {
    "approve": {"accepted": True},
    "send-back": {"accepted": False},
    "take-over": {"step": "transcribed"},
    "check": {"step": "checked"},
}


def what_may_be_done(visitor: Visit, order: OrderView) -> None:
    """A form for each act that the order's state and the visitor's role allow."""
    with tag("div", cls="acts"):
        for name, _kind, act, right, words, asks in _ACTS:
            if visitor.may(right) and _allowed(order, name, act, visitor):
                _act_form(order, name, words, asks=asks)
    if visitor.may("order.check") and order.state == "transcribed" and visitor.person.actor in transcribers(order):
        tag("p", _("You took it over yourself: another nurse must check it."), cls="notice")


def _act_form(order: OrderView, name: str, words: str, *, asks: bool) -> None:
    with tag("form", method="post", action=address(f"/orders/{order.id}/{name}"), cls="ask"):
        if asks:
            with tag("label"):
                tag("span", _("Reason"))
                tag("input", name="reason", type="text", maxlength="200", required=True)
        with tag("div", cls="actions"):
            tag("button", _(words), type="submit", cls="button main" if not asks else "button")


def _allowed(order: OrderView, name: str, act: OrderAct, visitor: Visit) -> bool:
    if after(order.state, act) is None:
        return False
    drugs = order.category in DRUG_CATEGORIES
    if name in ("approve", "send-back"):
        return drugs and order.state == "issued"
    if name == "take-over":
        return order.state == "reviewed" or not drugs
    if name == "reject":
        return order.state in ("reviewed", "transcribed") or not drugs
    return name != "check" or visitor.person.actor not in transcribers(order)


def new_order_form(stay: EncounterView, now: datetime, frequencies: Iterable[Frequency]) -> None:
    """A new order for this stay: one drug, or words; what does not go together is refused with the reason.

    `frequencies`: those that can be ordered now.
    """
    zh = language() == "zh_CN"
    with tag("form", method="post", action=address(f"/orders/stay/{stay.id}/new"), cls="ask broad"):
        tag("h2", _("New order"))
        drugs = [(d.code, f"{d.name_zh if zh else d.name_en} {d.strength}") for d in sample_drugs().values()]
        with tag("div", cls="fields"):
            choice_field("kind", _("Kind"), [(code, _shared(text)) for code, text in KINDS.items()])
            choice_field("drug", _("Drug (sample dictionary)"), [("", _("no drug: in words below")), *drugs])
            text_field("dose", _("Dose"), type="number", step="any", min="0")
            text_field("unit", _("Unit"), maxlength="20", placeholder=_("tablet"))
            choice_field("route", _("Route"), [("", "—"), *((r.code, r.label_text()) for r in ways().values())])
            choice_field("frequency", _("Frequency"), [(f.code, f"{f.code} {f.label_text()}") for f in frequencies])
            text_field("start_at", _("Begins"), type="datetime-local", value=f"{ward_time(now):%Y-%m-%dT%H:%M}")
            text_field("volume_ml", _("Volume in mL, for an infusion"), type="number", step="any", min="0")
            text_field("rate_ml_per_h", _("Rate in mL/h, for an infusion"), type="number", step="any", min="0")
            text_field("indication", _("For what, if given when needed"), maxlength="100")
            text_field("min_interval_min", _("Minutes apart at least, if given when needed"), type="number", min="1")
            text_field("max_per_day", _("Times a day at most, if given when needed"), type="number", min="1")
            text_field("text", _("In words, where there is no drug"), maxlength="200")
        with tag("div", cls="actions"):
            tag("button", _("Sign this order"), type="submit", cls="button main")


def routes(core: Core) -> APIRouter:
    """Each form leads back to its page, which says how it went."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/orders/stay/{name}/new")
    async def issue(request: Request, name: str) -> Response:
        form = {key: str(value).strip() for key, value in (await request.form()).items()}
        return await asyncio.to_thread(posted, core, request, f"/orders/stay/{name}", lambda v: _issue(v, name, form))

    @router.post("/orders/stay/{name}/verbal/{verbal}")
    async def write(request: Request, name: str, verbal: str) -> Response:
        order = str((await request.form()).get("order", "")).strip()
        work = partial(verbal_forms.write, stay=name, verbal=verbal, order=order)
        return await asyncio.to_thread(posted, core, request, f"/orders/stay/{name}", work)

    @router.post("/orders/{name}/{act}")
    async def act(request: Request, name: str, act: str) -> Response:
        reason = str((await request.form()).get("reason", "")).strip()
        return await asyncio.to_thread(posted, core, request, f"/orders/{name}", lambda v: _act(v, name, act, reason))

    return router


def _issue(visitor: Visit, name: str, form: Mapping[str, str]) -> None:
    visitor.demand("order.write")
    stay = readable(visitor, name)
    visitor.demand("order.write", stay.ward)
    visitor.core.execute("order.issue", _read(form), ward=stay.ward, actor=visitor.person.actor, encounter=stay.id)


def _read(form: Mapping[str, str]) -> IssueOrder:
    drug = sample_drugs().get(form.get("drug", ""))
    try:
        start_at = datetime.fromisoformat(form.get("start_at", "")).replace(tzinfo=WARD_ZONE)
    except ValueError as exc:
        raise InvalidInput(N_("Please say when the order begins.")) from exc
    fields: dict[str, object] = {
        name: form[name]
        for name in ("volume_ml", "rate_ml_per_h", "indication", "min_interval_min", "max_per_day", "text")
        if form.get(name)
    }
    fields |= {"kind": form.get("kind"), "frequency": form.get("frequency"), "start_at": start_at}
    if drug is None:
        return IssueOrder.model_validate(fields | {"category": "nursing"})
    way = ways().get(form.get("route", ""))
    category = "infusion" if way and way.infusion else "injection" if way and way.schedule == "injection" else "drug"
    item = {"drug": drug.code, "dose": form.get("dose"), "unit": form.get("unit")}
    return IssueOrder.model_validate(fields | {"category": category, "items": [item], "route": form.get("route")})


def _act(visitor: Visit, name: str, act: str, reason: str) -> None:
    found = next((row for row in _ACTS if row[0] == act), None)
    if found is None:
        raise NotFound(what="page", name=act[:40])
    _name, kind, _move, right, _words, asks = found
    visitor.demand(right)
    with visitor.core.db.read() as conn:
        known = record_called(conn, ORDER, name)
    if known is None or not visitor.sees(known[0]):
        raise NotFound(what="order", name=name[:40])
    fields: dict[str, object] = {"order": name} | _BODIES.get(act, {})
    if act == "stop":
        fields["stop_at"] = visitor.core.clock.now().isoformat()
    if asks:
        fields["reason"] = reason
    order = known[1]
    body = parse_body(kind, fields)
    visitor.core.execute(
        kind, body, ward=known[0], actor=visitor.person.actor, encounter=order.encounter, bed=order.bed
    )


def _shared(text: str) -> str:
    return domain("wardlink").gettext(text)
