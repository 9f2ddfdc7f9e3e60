"""The forms of consultations: asking for one, and what may be done about one by its state and the visitor's role."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlmodel import col

from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.fields import choice_field, text_field
from server.dashboard.guard import address
from server.dashboard.pages.stay import readable
from server.dashboard.posted import posted
from server.dashboard.sheets.names import patient_names
from server.dashboard.tags import tag
from server.dashboard.visit import Visit
from server.identity.models import Staff
from server.identity.roles import Right
from server.patients.models import Encounter
from server.record.service import record_called
from wardlink.clinical.consults import FORMS, URGENCIES, ConsultAct, after, form_text, specialties, urgency_text
from wardlink.clinical.names import masked_name
from wardlink.clock import WARD_ZONE, ward_time
from wardlink.errors import InvalidInput, NotFound
from wardlink.i18n import N_, domain
from wardlink.messages.bodies import parse_body
from wardlink.messages.consults import ConsultView
from wardlink.record.consults import CONSULT

_ = domain("server").gettext

_MOST = 4000

# The act, the right it takes, its words, and the fields it asks for.
_ACTS: tuple[tuple[ConsultAct, Right, str, tuple[str, ...]], ...] = (
    ("accept", "consult.answer", N_("Accept the consultation"), ()),
    ("schedule", "consult.answer", N_("Arrange the time"), ("slot_at", "consultant")),
    ("begin", "consult.sign", N_("Begin the consultation"), ("consent", "participants")),
    ("sign", "consult.sign", N_("Sign the opinion"), ("opinion", "orders")),
    ("close", "consult.answer", N_("Finish: the ward has read it"), ()),
    ("decline", "consult.answer", N_("Decline the consultation"), ("reason",)),
)


async def forms_of(visit: Visit, found: ConsultView) -> None:
    """A form for each act that the state and the visitor's role allow."""
    doctors = await asyncio.to_thread(_doctors, visit) if visit.may("consult.answer") else []
    with tag("div", cls="acts"):
        for act, right, words, fields in _ACTS:
            if after(found.state, act) is None or not visit.may(right):
                continue
            with tag("form", method="post", action=address(f"/consultations/{found.id}/{act}"), cls="ask"):
                for field in fields:
                    _field(field, found, doctors, visit.core.clock.now())
                with tag("div", cls="actions"):
                    tag("button", _(words), type="submit", cls="button" if act == "decline" else "button main")


async def ask_form(visit: Visit, wards: Collection[str]) -> None:
    """A doctor asks another team for a patient."""
    stays = await asyncio.to_thread(_stays, visit, wards)
    with tag("form", method="post", action=address("/consultations/new"), cls="ask broad"):
        tag("h2", _("Ask for a consultation"))
        with tag("div", cls="fields"):
            choice_field("encounter", _("Patient"), stays)
            choice_field("specialty", _("Team"), [(code, one.team_text()) for code, one in specialties().items()])
            choice_field("form", _("At the bed or by video"), [(form, form_text(form)) for form in FORMS])
            choice_field("urgency", _("Urgency"), [(urgency, urgency_text(urgency)) for urgency in URGENCIES])
        with tag("label"):
            tag("span", _("Question to the specialist (never shown at the bed)"))
            tag("textarea", name="question", maxlength="1000", required=True)
        with tag("div", cls="actions"):
            tag("button", _("Ask"), type="submit", cls="button main")


def routes(core: Core) -> APIRouter:
    """Each form leads back to its page, which says how it went."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/consultations/new")
    async def ask(request: Request) -> Response:
        form = {key: str(value).strip()[:_MOST] for key, value in (await request.form()).items()}
        return await asyncio.to_thread(posted, core, request, "/consultations", lambda v: _ask(v, form))

    @router.post("/consultations/{name}/{act}")
    async def acted(request: Request, name: str, act: str) -> Response:
        form = {key: str(value).strip()[:_MOST] for key, value in (await request.form()).items()}
        path = f"/consultations/{name}"
        return await asyncio.to_thread(posted, core, request, path, lambda v: _act(v, name, act, form))

    return router


def _ask(visitor: Visit, form: Mapping[str, str]) -> None:
    visitor.demand("consult.answer")
    stay = readable(visitor, form.get("encounter", ""))
    visitor.demand("consult.answer", stay.ward)
    fields = {name: form.get(name) for name in ("specialty", "form", "urgency", "question")}
    body = parse_body("consult.request", fields)
    visitor.core.execute(
        "consult.request", body, ward=stay.ward, actor=visitor.person.actor, encounter=stay.id, bed=stay.bed
    )


def _act(visitor: Visit, name: str, act: str, form: Mapping[str, str]) -> None:
    row = next((row for row in _ACTS if row[0] == act), None)
    if row is None:
        raise NotFound(what="page", name=act[:40])
    _act_name, right, _words, fields = row
    visitor.demand(right)
    with visitor.core.db.read() as conn:
        known = record_called(conn, CONSULT, name)
    if known is None or not visitor.sees(known[0]):
        raise NotFound(what="consultation", name=name[:40])
    said: dict[str, object] = {field: form[field] for field in fields if form.get(field)}
    if "slot_at" in fields:
        said["slot_at"] = _instant(form.get("slot_at", ""))
    kind, found = f"consult.{act}", known[1]
    body = parse_body(kind, {"consult": name} | said)
    visitor.core.execute(
        kind, body, ward=known[0], actor=visitor.person.actor, encounter=found.encounter, bed=found.bed
    )


def _instant(text: str) -> str:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=WARD_ZONE).isoformat()
    except ValueError as exc:
        raise InvalidInput(N_("Please say when it takes place.")) from exc


def _field(name: str, found: ConsultView, doctors: list[tuple[str, str]], now: datetime) -> None:
    match name:
        case "slot_at":
            value = f"{ward_time(found.slot_at or now):%Y-%m-%dT%H:%M}"
            text_field(name, _("Time"), type="datetime-local", value=value, required=True)
        case "consultant":
            choice_field(name, _("Specialist"), [("", _("as before")), *doctors])
        case "consent":
            with tag("label", cls="sure"):
                tag("input", type="checkbox", name=name, value="true")
                tag("span", _("The patient consents"))
        case "participants":
            text_field(name, _("Who takes part"), type="text", maxlength="200")
        case "opinion":
            with tag("label"):
                tag("span", _("Opinion"))
                tag("textarea", name=name, maxlength=str(_MOST), required=True)
        case "orders":
            text_field(name, _("Orders that follow"), type="text", maxlength="400")
        case _:
            text_field(name, _("Reason"), type="text", maxlength="200", required=True)


def _doctors(visit: Visit) -> list[tuple[str, str]]:
    query = select(col(Staff.id), col(Staff.name)).where(col(Staff.role) == "doctor").order_by(col(Staff.id))
    with visit.core.db.read() as conn:
        return [(row.id, row.name) for row in conn.execute(query)]


def _stays(visit: Visit, wards: Collection[str]) -> list[tuple[str, str]]:
    query = select(col(Encounter.id), col(Encounter.ward), col(Encounter.bed)).where(
        col(Encounter.status) == "in-progress", col(Encounter.ward).in_(list(wards))
    )
    with visit.core.db.read() as conn:
        rows = conn.execute(query.order_by(col(Encounter.ward), col(Encounter.bed))).all()
        names = patient_names(conn, (row.id for row in rows))
    return [(row.id, f"{row.ward} {row.bed} {masked_name(names.get(row.id, ''))}") for row in rows]
