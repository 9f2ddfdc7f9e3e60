"""One bed at `/beds/{ward}/{bed}`: closed for a time, given back, and what was closed when, why and by whom."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request

from server.dashboard import tables
from server.dashboard.fields import choice_field, instant_typed, send_button, text_field
from server.dashboard.frame import framed
from server.dashboard.guard import address
from server.dashboard.posted import say
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.names import staff_names
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.patients.service import occupant_of
from server.wards import acts, service
from server.wards.closures import Closing, Closure, history, mark
from wardlink.clinical.bed_closing import reason_text, reasons
from wardlink.clock import ward_time
from wardlink.i18n import domain
from wardlink.messages.changes import BedView

_ = domain("server").gettext


@dataclass(frozen=True)
class _Found:
    bed: BedView
    closures: Sequence[Closure]
    names: Mapping[str, str]
    is_taken: bool


async def one_bed(visit: Visit, request: Request) -> None:
    """The page."""
    ward, bed = request.path_params["ward"], request.path_params["bed"]
    visit.demand("ward.manage", ward)

    def read() -> _Found:
        with visit.core.db.read() as conn:
            (found,) = service.beds_of(conn, ward, bed)
            is_taken = occupant_of(conn, ward, bed) is not None
            return _Found(found, history(conn, ward, bed), staff_names(conn), is_taken)

    found, now = await asyncio.to_thread(read), visit.core.clock.now()
    here, seen = address(f"/beds/{ward}"), mark(found.closures)
    with framed(visit, _("Bed {bed}").format(bed=found.bed.label), here="beds"):
        with tag("div", cls="page-head"):
            tag("h1", _("Bed {bed}").format(bed=found.bed.label))
            tag("p", state_text(found.closures, now, is_taken=found.is_taken))
            with tag("span", cls="tools"):
                tag("a", _("All beds of the ward"), cls="button", href=here)
        say(request)
        with tag("div", cls="acts"):
            for closure in reversed(found.closures):
                if not closure.is_over(now):
                    _give_back(here, found.bed, closure, seen, now)
            if not any(closure.holds(now) for closure in found.closures):
                _close(here, found, seen, request.query_params)
        tag("h2", _("When it was closed"))
        tables.show(
            _history(found, now), label=_("When it was closed"), nothing=_("This bed has never been out of service.")
        )


def state_text(closures: Sequence[Closure], now: datetime, *, is_taken: bool = False) -> str:
    """How the bed is now, in a line."""
    closed = next((each for each in closures if each.holds(now)), None)
    if closed is not None and closed.ends_at is None:
        return _("Closed since {since}: {why}").format(since=_time(closed.from_at), why=closed.text())
    if closed is not None:
        return _("Closed until {until}: {why}").format(until=_time(closed.ends_at), why=closed.text())
    coming = [each for each in closures if not each.is_over(now)]
    if coming:
        first = min(coming, key=lambda each: each.from_at)
        return _("Will be closed from {since} on: {why}").format(since=_time(first.from_at), why=first.text())
    return _("In service; a patient lies there.") if is_taken else _("In service; nobody lies there.")


def close(visitor: Visit, ward: str, typed: Mapping[str, str]) -> None:
    """Take the bed out of service as the form says."""
    asked = Closing(
        instant_typed(typed.get("from", "")),
        instant_typed(typed.get("until", "")),
        typed.get("reason", ""),
        typed.get("words", ""),
    )
    acts.close_bed(visitor.core, visitor.person, ward, typed.get("bed", ""), asked, seen=typed.get("seen", ""))


def give_back(visitor: Visit, ward: str, typed: Mapping[str, str]) -> None:
    """Give the bed back, or call off what has not begun."""
    bed, closure = typed.get("bed", ""), typed.get("closure", "")
    acts.give_back_bed(visitor.core, visitor.person, ward, bed, closure, seen=typed.get("seen", ""))


def _give_back(here: str, bed: BedView, closure: Closure, seen: str, now: datetime) -> None:
    begun = closure.holds(now)
    with tag("form", method="post", action=f"{here}/give-back", cls="ask"):
        tag("h2", _("Give the bed back") if begun else _("Call the closing off"))
        for name, value in (("bed", bed.id), ("closure", closure.id), ("seen", seen)):
            tag("input", type="hidden", name=name, value=value)
        tag("p", state_text([closure], now))
        send_button(_("The bed is open again") if begun else _("It stays open"))


def _close(here: str, found: _Found, seen: str, asked: Mapping[str, str]) -> None:
    if found.is_taken:
        tag("p", _("A patient lies here. The bed can be closed when the patient has been moved or discharged."))
        return
    with tag("form", method="post", action=f"{here}/close", cls="ask"):
        tag("h2", _("Close the bed"))
        tag("input", type="hidden", name="bed", value=found.bed.id)
        tag("input", type="hidden", name="seen", value=seen)
        options = [("", _("Please choose")), *((reason, reason_text(reason)) for reason in reasons())]
        choice_field("reason", _("Why"), options, asked.get("reason"), required=True)
        text_field("words", _("In a few words"), maxlength="100", value=asked.get("words", "")[:100])
        text_field("from", _("From (empty: now)"), type="datetime-local", value=asked.get("from", "")[:16])
        until = asked.get("until", "")[:16]
        text_field("until", _("Until (empty: until it is given back)"), type="datetime-local", value=until)
        send_button(_("Close the bed"))


def _history(found: _Found, now: datetime) -> Sheet:
    columns = (
        Column("from", _("Closed from")),
        Column("until", _("Closed until")),
        Column("why", _("Why")),
        Column("by", _("Taken out of service by")),
        Column("back", _("Given back by")),
    )
    return Sheet(columns, tuple(_line(each, found.names, now) for each in found.closures))


def _line(each: Closure, names: Mapping[str, str], now: datetime) -> Row:
    off = each.ends_at is not None and each.ends_at <= each.from_at
    until = _("called off") if off else _("until further notice") if each.ends_at is None else _time(each.ends_at)
    cells = {
        "from": Cell(_time(each.from_at)),
        "until": Cell(until, "warm" if each.holds(now) else ""),
        "why": Cell(each.text()),
        "by": Cell(_who(each.closed_by, each.closed_at, names)),
        "back": Cell(_who(each.back_by, each.back_at, names)),
    }
    return Row(each.id, cells)


def _who(actor: str | None, at: datetime | None, names: Mapping[str, str]) -> str:
    if actor is None or at is None:
        return "—"
    id = actor.partition(":")[2]
    return _("{name}, {at}").format(name=names.get(id, id), at=_time(at))


def _time(at: datetime | None) -> str:
    return "—" if at is None else f"{ward_time(at):%Y-%m-%d %H:%M}"
