"""Whom a patient has let in at `/family/{stay}`: for those who may, a guardian is entered there and a consent ended."""

from __future__ import annotations

import asyncio
from datetime import datetime

from fastapi import Request

from server.core import Core
from server.dashboard import tables
from server.dashboard.family.forms import consent_forms, guardian_form
from server.dashboard.frame import framed
from server.dashboard.guard import address, page
from server.dashboard.pages.stay import readable
from server.dashboard.posted import say
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.names import staff_names
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.dashboard.words import NOTHING, time_text
from server.record.service import records_of
from wardlink.clinical.family import scopes, who_text
from wardlink.i18n import N_, domain
from wardlink.messages.encounters import EncounterView
from wardlink.messages.family import FamilyConsentView
from wardlink.record.family import FAMILY_CONSENT

_ = domain("server").gettext

_WHY = {
    "patient": N_("taken back by the patient"),
    "staff": N_("ended by the ward"),
    "discharged": N_("the patient has left"),
    "moved": N_("the patient was moved"),
}


def register(core: Core) -> None:
    """A patient's family at `/family/{name}`."""
    page(core, "/family/{name}", _show, "ward.read")


async def _show(visit: Visit, request: Request) -> None:
    name = request.path_params["name"]

    def read() -> tuple[EncounterView, list[FamilyConsentView], dict[str, str]]:
        stay = readable(visit, name)
        visit.audit("view", "family", stay.id)
        with visit.core.db.read() as conn:
            found = records_of(conn, FAMILY_CONSENT, encounter=stay.id)
            return stay, sorted(found, key=lambda one: (not one.is_open, one.granted_at)), staff_names(conn)

    stay, consents, staff = await asyncio.to_thread(read)
    now = visit.core.clock.now()
    title = _("Family, bed {bed}").format(bed=stay.bed or NOTHING)
    with framed(visit, title, here="", ward=stay.ward):
        with tag("div", cls="page-head"):
            tag("h1", title)
            tag("p", _("What a patient lets family see and do at the bed. They sign in there with a PIN of their own."))
            with tag("span", cls="tools"):
                tag("a", _("The patient's page"), cls="button", href=address(f"/stay/{stay.id}"))
        say(request)
        tables.show(_sheet(consents, staff, now), label=title, nothing=_("The patient has let nobody in."))
        may = visit.may("family.guardian") and visit.sees(stay.ward) and stay.status == "in-progress"
        if may:
            for one in consents:
                if one.stands(now):
                    consent_forms(stay.id, one)
            if not any(one.relation == "guardian" and one.is_open for one in consents):
                guardian_form(stay.id, request.query_params)


def _sheet(consents: list[FamilyConsentView], staff: dict[str, str], now: datetime) -> Sheet:
    columns = (
        Column("who", _("Relative")),
        Column("what", _("May see and do"), "wide"),
        Column("since", _("Since")),
        Column("until", _("Until")),
        Column("by", _("Let in by"), "wide"),
    )
    return Sheet(columns, tuple(_row(one, staff, now) for one in consents))


def _row(one: FamilyConsentView, staff: dict[str, str], now: datetime) -> Row:
    labels = [row.label_text() for row in scopes() if row.code in one.scopes]
    if one.ended_at is not None:
        until = _("{time}, {why}").format(time=time_text(one.ended_at, now), why=_(_WHY[one.why or "patient"]))
    else:
        until = time_text(one.until, now) if one.until is not None else _("the end of the stay")
    cells = {
        "who": Cell(who_text(one.name, one.relation, one.number)),
        "what": Cell(_(", ").join(labels)),
        "since": Cell(time_text(one.granted_at, now), when=one.granted_at),
        "until": Cell(until),
        "by": Cell(_by(one, staff)),
    }
    return Row(one.id, cells, "" if one.stands(now) else "faded")


def _by(one: FamilyConsentView, staff: dict[str, str]) -> str:
    if one.by.kind != "staff" or one.second is None:
        return _("the patient") if one.by.kind == "patient" else _("the guardian")
    first, second = staff.get(one.by.id, one.by.id), staff.get(one.second, one.second)
    return _("{first} and {second}: {reason}").format(first=first, second=second, reason=one.reason or NOTHING)
