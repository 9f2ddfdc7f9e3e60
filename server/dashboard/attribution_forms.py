"""On the page of a case: whose a monitor's values were, chosen among who lay there; and taking such a word back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from server.core import Core
from server.dashboard.forms import answer
from server.dashboard.guard import address
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.exceptions.service import exception_called
from server.patients.service import stays_between
from server.record.service import record_called
from server.vitals import nobodys
from server.vitals.attribution import said_about
from wardlink.clinical.names import masked_name
from wardlink.clock import WARD_ZONE, ward_time
from wardlink.errors import InvalidInput, NoRight, NotFound
from wardlink.i18n import domain
from wardlink.messages.attributions import AttributeValues, AttributionView, StrikeAttribution
from wardlink.messages.exceptions import ExceptionView
from wardlink.record.attributions import ATTRIBUTION
from wardlink.record.occupancy import MINUTE, Candidate, Stretch, candidates, stretch_of

_ = domain("server").gettext

_LOCAL = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True)
class Whose:
    """What the page asks: a monitor's values that are nobody's, who may be meant, and what was said already."""

    monitor: str
    sets: int
    time: Stretch | None
    people: tuple[Candidate, ...]
    said: tuple[AttributionView, ...]


def whose_of(conn: Connection, ward: str, case: ExceptionView, now: datetime) -> Whose | None:
    """What a case asks about a monitor's values; None for a case of something else."""
    if case.kind not in ("unknown-encounter", "values-claimed-twice"):
        return None
    is_nobodys = case.kind == "unknown-encounter" and case.encounter is None
    monitor = case.detail.get("monitor") or (case.device if is_nobodys else None)
    if monitor is None:
        return None
    said = tuple(said_about(conn, monitor, now - nobodys.LOOK_BACK))
    left = nobodys.left(conn, monitor, now)
    if left.first_at is None or left.last_at is None:
        return Whose(monitor, 0, None, (), said)
    time = stretch_of(left.first_at, left.last_at)
    people = candidates(stays_between(conn, ward, time.from_at, time.until_at), ward, case.bed, time)
    return Whose(monitor, left.sets, time, tuple(people), said)


def show(case: ExceptionView, whose: Whose) -> None:
    """The form that gives the values, and a form for each word that can be taken back."""
    if whose.time is not None and whose.people:
        _give_form(case, whose, whose.time)
    for view in whose.said:
        _take_back_form(case, view)


def _give_form(case: ExceptionView, whose: Whose, time: Stretch) -> None:
    with tag("form", method="post", action=address(f"/exceptions/{case.id}/give"), cls="ask"):
        tag("h2", _("Whose were these values?"))
        said = _("{n} sets of monitor {monitor} are without a patient. Nobody is chosen for you.")
        tag("p", said.format(n=whose.sets, monitor=whose.monitor))
        with tag("label"):
            tag("span", _("Patient"))
            with tag("select", name="stay", required=True):
                tag("option", _("please choose"), value="")
                for each in whose.people:
                    tag("option", _person(each, case.bed), value=each.stay.id)
        for name, label, at in (
            ("from", _("From"), time.from_at),
            ("until", _("Until, this minute included"), time.last_minute),
        ):
            with tag("label"):
                tag("span", label)
                value = ward_time(at).strftime(_LOCAL)
                tag("input", name=name, type="datetime-local", value=value, required=True)
        with tag("label"):
            tag("span", _("Why was it not known? It stays in the record under your name."))
            tag("textarea", name="reason", maxlength="200", required=True)
        with tag("div", cls="actions"):
            tag("button", _("Give the values to this patient"), type="submit", cls="button main")


def _person(each: Candidate, bed: str | None) -> str:
    stay = each.stay
    who = f"{stay.bed} · {masked_name(stay.name)} · {stay.admission_no}"
    if each.lay is None:
        return _("{who} · not in bed {bed} then").format(who=who, bed=bed or "?")
    if each.all_of_it:
        return _("{who} · in bed {bed} all the time").format(who=who, bed=bed)
    return _("{who} · in bed {bed} {time}").format(who=who, bed=bed, time=_span(each.lay))


def _span(time: Stretch) -> str:
    return f"{ward_time(time.from_at):%H:%M}-{ward_time(time.last_minute):%H:%M}"


def _take_back_form(case: ExceptionView, view: AttributionView) -> None:
    with tag("form", method="post", action=address(f"/exceptions/{case.id}/take-back"), cls="ask"):
        tag("h2", _("Given already") if view.stands else _("Said otherwise; it does not count"))
        told = _("{who}: {time}, {n} sets. {reason}").format(
            who=view.by_name or view.by.id,
            time=f"{ward_time(view.from_at):%m-%d} {_span(Stretch(view.from_at, view.until_at))}",
            n=view.sets,
            reason=view.reason,
        )
        tag("p", told)
        if view.encounter is not None:
            tag("a", _("Open the patient"), href=address(f"/stay/{view.encounter}"))
        tag("input", type="hidden", name="attribution", value=view.id)
        with tag("label"):
            tag("span", _("Why is it wrong? It stays in the record under your name."))
            tag("textarea", name="reason", maxlength="200", required=True)
        with tag("div", cls="actions"):
            tag("button", _("Take it back"), type="submit", cls="button")


def routes(core: Core) -> APIRouter:
    """Both forms lead back to the case, which says how it went."""
    router = APIRouter(prefix=address(""), include_in_schema=False)

    @router.post("/exceptions/{name}/give")
    async def give(request: Request, name: str) -> Response:
        return await answer(
            core, request, f"/exceptions/{name}", "vitals.assign", lambda v, typed: _give(v, name, typed)
        )

    @router.post("/exceptions/{name}/take-back")
    async def take_back(request: Request, name: str) -> Response:
        return await answer(
            core, request, f"/exceptions/{name}", "vitals.assign", lambda v, typed: _take_back(v, name, typed)
        )

    return router


def _give(visitor: Visit, name: str, typed: Mapping[str, str]) -> None:
    with visitor.core.db.read() as conn:
        ward, case = _case(visitor, conn, name)
        whose = whose_of(conn, ward, case, visitor.core.clock.now())
        begin, last = _instant(typed.get("from", "")), _instant(typed.get("until", ""))
        here = {stay.id: stay for stay in stays_between(conn, ward, begin, last + MINUTE)}
    if whose is None:
        raise NoRight
    if typed.get("stay") not in here:
        raise InvalidInput
    stay = here[typed["stay"]]
    body = AttributeValues(monitor=whose.monitor, from_at=begin, until_at=last + MINUTE, reason=typed.get("reason", ""))
    visitor.core.execute(
        "attribution.record",
        body,
        ward=ward,
        actor=visitor.person.actor,
        encounter=stay.id,
        bed=stay.bed,
        measured_at=begin,
    )


def _take_back(visitor: Visit, name: str, typed: Mapping[str, str]) -> None:
    with visitor.core.db.read() as conn:
        _case(visitor, conn, name)
        known = record_called(conn, ATTRIBUTION, typed.get("attribution", ""))
    if known is None or not visitor.sees(known[0]):
        raise NotFound(what="attribution", name=typed.get("attribution", "")[:40])
    ward, view = known
    body = StrikeAttribution(attribution=view.id, reason=typed.get("reason", ""))
    visitor.core.execute(
        "attribution.strike",
        body,
        ward=ward,
        actor=visitor.person.actor,
        encounter=view.encounter,
        bed=view.bed,
        measured_at=view.from_at,
    )


def _case(visitor: Visit, conn: Connection, name: str) -> tuple[str, ExceptionView]:
    known = exception_called(conn, name)
    if known is None or not visitor.sees(known[0]):
        raise NotFound(what="exception", name=name[:40])
    return known


def _instant(typed: str) -> datetime:
    try:
        return datetime.strptime(typed[:16], _LOCAL).replace(tzinfo=WARD_ZONE)
    except ValueError as exc:
        raise InvalidInput from exc
