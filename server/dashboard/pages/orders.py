"""Orders at a desk: what waits, those of a patient with a form for a new one, and one order with what may be done."""

from __future__ import annotations

import asyncio

from fastapi import Request

from server.core import Core
from server.dashboard import tables, verbal_forms
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.order_forms import new_order_form, what_may_be_done
from server.dashboard.pages.fleet import wards_shown
from server.dashboard.pages.stay import readable
from server.dashboard.posted import say
from server.dashboard.sheet import Sheet
from server.dashboard.sheets import orders
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING, time_text
from server.orders.schedules import Schedules
from server.orders.scheduling import schedules_at
from server.record.service import record_called, records_of
from wardlink.errors import NotFound
from wardlink.i18n import domain
from wardlink.messages.encounters import EncounterView
from wardlink.messages.order_words import alert_text, how_text, kind_text, state_text, step_text, what_text
from wardlink.messages.orders import OrderView
from wardlink.messages.verbal import VerbalView
from wardlink.record.orders import ORDER
from wardlink.record.verbal import VERBAL

_ = domain("server").gettext


def register(core: Core) -> None:
    """The list at `/orders`, those of a stay at `/orders/stay/{id}`, one at `/orders/{id}`."""
    page(core, "/orders", _list, "ward.read")
    page(core, "/orders/stay/{name}", _of_stay, "ward.read")
    page(core, "/orders/{name}", _one, "ward.read")


async def _list(visit: Visit, request: Request) -> None:
    asked = request.query_params
    ward, typed, every = asked.get("ward", ""), asked.get("q", "")[:100], asked.get("show") == "all"
    wards = await wards_shown(visit, ward or None)
    number = tables.page_of(asked.get("page"))
    rights = [right for right in ("order.review", "order.check") if visit.may(right)]

    def read() -> Sheet:
        visit.audit("view", f"orders of {', '.join(wards)}")
        with visit.core.db.read() as conn:
            mine = None if every or not rights else rights
            return orders.of_wards(conn, wards, visit.core.clock.now(), rights=mine).having(typed)

    found = await asyncio.to_thread(read)
    kept = {name: value for name, value in (("ward", ward), ("q", typed), ("show", asked.get("show", ""))) if value}
    here, begin = address("/orders"), (number - 1) * tables.PER_PAGE
    with framed(visit, _("Orders"), here="orders", ward=ward or None):
        with tag("div", cls="page-head"):
            tag("h1", _("Orders"))
            tag("p", _("Open orders of the ward. A patient's name leads to all orders of the patient."))
            if rights:
                of_ward = f"&ward={ward}" if ward else ""
                with tag("span", cls="tools"):
                    tables.choices(
                        _("Show"),
                        [
                            (_("Waits for me"), f"{here}?show=mine{of_ward}", not every),
                            (_("All open ones"), f"{here}?show=all{of_ward}", every),
                        ],
                    )
        tables.search(here, typed, {name: value for name, value in kept.items() if name != "q"})
        shown = Sheet(found.columns, found.rows[begin : begin + tables.PER_PAGE])
        tables.show(shown, label=_("Orders"), nothing=_("Nothing found.") if typed else _("No order waits here."))
        tables.turn_pages(here, kept, number, total=len(found.rows))


async def _of_stay(visit: Visit, request: Request) -> None:
    name = request.path_params["name"]

    def read() -> tuple[EncounterView, Sheet, list[VerbalView], list[OrderView], Schedules]:
        stay = readable(visit, name)
        visit.audit("view", "orders", stay.id)
        with visit.core.db.read() as conn:
            said = records_of(conn, VERBAL, encounter=stay.id, only_open=True)
            written = [one for one in records_of(conn, ORDER, encounter=stay.id) if one.items] if said else []
            now = visit.core.clock.now()
            return stay, orders.of_stay(conn, stay.id, now), said, written, schedules_at(conn, now)

    stay, sheet, said, written, schedules = await asyncio.to_thread(read)
    with framed(visit, _("Orders of {name}").format(name=stay.name), here="orders", ward=stay.ward):
        with tag("div", cls="page-head"):
            tag("h1", stay.name)
            tag("p", _("bed {bed}, allergies: {what}").format(bed=stay.bed, what=_allergies(stay)))
            with tag("span", cls="tools"):
                tag("a", _("The patient's page"), cls="button", href=address(f"/stay/{stay.id}"))
        say(request)
        verbal_forms.waiting(visit, stay, said, written, visit.core.clock.now())
        tables.show(sheet, label=_("Orders"), nothing=_("No orders yet."))
        if stay.status == "in-progress" and visit.may("order.write"):
            new_order_form(stay, visit.core.clock.now(), schedules.frequencies.values())


async def _one(visit: Visit, request: Request) -> None:
    name = request.path_params["name"]

    def read() -> tuple[OrderView, EncounterView, Sheet]:
        with visit.core.db.read() as conn:
            known = record_called(conn, ORDER, name)
        if known is None:
            raise NotFound(what="order", name=name[:40])
        order = known[1]
        stay = readable(visit, str(order.encounter))
        visit.audit("view", f"order {order.id}", order.encounter)
        with visit.core.db.read() as conn:
            return order, stay, orders.doses_of(conn, order, visit.core.clock.now())

    order, stay, doses = await asyncio.to_thread(read)
    now = visit.core.clock.now()
    with framed(visit, what_text(order), here="orders", ward=stay.ward):
        with tag("div", cls="page-head"):
            tag("h1", what_text(order))
            tag("p", f"{kind_text(order.kind)} · {how_text(order)}")
            with tag("span", cls="tools"):
                tag("a", _("All orders of the patient"), cls="button", href=address(f"/orders/stay/{stay.id}"))
        say(request)
        with tag("dl", cls="facts"):
            for label, text in (
                (_("Patient"), f"{stay.name} · {stay.ward} {stay.bed}"),
                (_("Allergies"), _allergies(stay)),
                (_("State"), state_text(order.state)),
                (_("Careful"), alert_text(order)),
                (_("Begins"), time_text(order.start_at, now)),
                (_("Ends"), time_text(order.stop_at, now)),
                (_("For"), order.indication),
                (_("Doctor"), order.doctor_name or str(order.doctor)),
                (_("Signed"), time_text(order.issued_at, now)),
                (_("Note"), order.note),
            ):
                with tag("div"):
                    tag("dt", label)
                    tag("dd", text or NOTHING)
        what_may_be_done(visit, order)
        with tag("section", cls="section"):
            tag("h2", _("What was done about it"))
            if not order.steps:
                tag("p", _("Nothing yet: it was only signed."))
            with tag("ol"):
                for step in order.steps:
                    by = step.by_name or str(step.by)
                    reason = f" ({step.reason})" if step.reason else ""
                    tag("li", f"{time_text(step.at, now)} {step_text(step.what)} {by}{reason}")
        with tag("section", cls="section"):
            tag("h2", _("Doses"))
            tables.show(doses, label=_("Doses"), nothing=_("No doses are planned."))


def _allergies(stay: EncounterView) -> str:
    return ", ".join(stay.allergies) or _("none written down")
