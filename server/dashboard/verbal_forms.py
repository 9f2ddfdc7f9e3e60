"""What was given on a doctor's word and waits for its order: on the page of the patient's orders, for a doctor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from server.dashboard.guard import address
from server.dashboard.pages.stay import readable
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.orders.verbal import write_order
from server.record.service import record_called
from wardlink.clinical.routes import routes
from wardlink.clock import ward_time
from wardlink.errors import NotFound
from wardlink.i18n import domain
from wardlink.messages.encounters import EncounterView
from wardlink.messages.order_words import what_text
from wardlink.messages.orders import OrderView
from wardlink.messages.verbal import VerbalView
from wardlink.record.verbal import VERBAL, waits, write_by

_ = domain("server").gettext


def waiting(
    visitor: Visit, stay: EncounterView, views: Sequence[VerbalView], orders: Sequence[OrderView], now: datetime
) -> None:
    """A line for each that waits, red where it is overdue, with a form for whoever may write orders."""
    for view in (one for one in views if waits(one)):
        late = now > write_by(view)
        with tag("section", cls="section"):
            tag("p", _line(view, late=late), cls="notice bad" if late else "notice")
            if visitor.may("order.write"):
                _form(stay, view, orders)


def write(visitor: Visit, stay: str, verbal: str, order: str) -> None:
    """Link an order that was written, or write it now as it was said.

    Raises:
        NotFound: no such stay or dose.
        NoRight: the visitor writes no orders here.
    """
    visitor.demand("order.write")
    here = readable(visitor, stay)
    with visitor.core.db.read() as conn:
        found = record_called(conn, VERBAL, verbal)
    if found is None or found[1].encounter != here.id:
        raise NotFound(what="verbal order", name=verbal[:40])
    visitor.demand("order.write", found[0])
    write_order(visitor.core, visitor.person.actor, found[0], found[1], order or None)


def _line(view: VerbalView, *, late: bool) -> str:
    route = routes().get(view.route)
    said = _("Verbal order overdue: {what}") if late else _("Verbal order to be written: {what}")
    how = route.label_text() if route is not None else view.route
    what = f"{view.name} {view.dose:g} {view.unit} {how}"
    told = _("{at} {what}, said by {doctor}, given by {nurse}")
    return said.format(
        what=told.format(
            at=f"{ward_time(view.given_at):%m-%d %H:%M}",
            what=what,
            doctor=view.doctor_name,
            nurse=view.by_name or str(view.by),
        )
    )


def _form(stay: EncounterView, view: VerbalView, orders: Sequence[OrderView]) -> None:
    with tag("form", method="post", action=address(f"/orders/stay/{stay.id}/verbal/{view.id}"), cls="ask"):
        with tag("label"):
            tag("span", _("Order"))
            with tag("select", name="order"):
                if view.drug is not None:
                    tag("option", _("write it now, as it was said"), value="")
                for order in orders:
                    tag("option", f"{ward_time(order.issued_at):%m-%d %H:%M} {what_text(order)}", value=order.id)
        with tag("div", cls="actions"):
            tag("button", _("This is its order"), type="submit", cls="button main")
