"""Stays over HTTP: admit, transfer, discharge, decide; search, and one of them whole. Every read is audited."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from sqlalchemy import Connection

from server.core import Core
from server.http import CoreOf, StaffOf, staff_with
from server.identity.roles import EVERYWHERE, Right
from server.identity.staff import Person
from server.patients import search
from server.patients.requests import (
    AdmitRequest,
    DischargeRequest,
    Happened,
    Page,
    PlaceView,
    Stay,
    TransferRequest,
    UpdateRequest,
    Written,
)
from server.patients.service import encounter_view, places_of
from server.words import plain
from wardlink.errors import InvalidInput, NotFound
from wardlink.ids import Id, Slug, new_id
from wardlink.messages.base import Message
from wardlink.messages.encounters import Admit, Discharge, EncounterStatus, EncounterView, Transfer, UpdateEncounter

router = APIRouter(prefix="/api/v1", tags=["stays"])

Reader = Annotated[Person, Depends(staff_with("ward.read"))]
Writer = Annotated[Person, Depends(staff_with("encounter.write"))]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/encounters", summary="Look for stays")
def listed(
    core: CoreOf,
    reader: Reader,
    text: Annotated[str, Query(max_length=60, description="Part of a name, or a whole number.")] = "",
    status: EncounterStatus | Literal["any"] = "in-progress",
    at_ward: Annotated[Slug | None, Query(alias="ward")] = None,
    before: Id | None = None,
    limit: Limit = 50,
) -> Page:
    """In the wards of the one who asks, the latest admission first."""
    wards = None if reader.role in EVERYWHERE else list(reader.wards)
    if at_ward is not None:
        reader.demand("ward.read", at_ward)
        wards = [at_ward]
    sought = search.Search(wards, status, plain(text, most=60) if text.strip() else "", before)
    with core.db.read() as conn:
        items = search.found(conn, sought, limit=limit + 1)
    # The text may be a name: that somebody searched is written down, and whom they found.
    what = f"stays of {'all wards' if wards is None else ' '.join(wards)}"
    core.audit("search", actor=str(reader.actor), what=what, detail={"found": [item.id for item in items[:limit]]})
    return Page(items=items[:limit], next=items[limit - 1].id if len(items) > limit else None)


@router.get("/encounters/{encounter}", summary="One stay, and the beds it was in")
def one(core: CoreOf, reader: StaffOf, encounter: Id) -> Stay:
    """For those who work in the ward where the patient lies, or lay last."""
    with core.db.read() as conn:
        view = known(conn, encounter, reader, "ward.read")
        places = [PlaceView.of(place) for place in places_of(conn, encounter)]
    core.audit("view", actor=str(reader.actor), what="stay", encounter=encounter)
    return Stay(encounter=view, places=places)


@router.post("/wards/{ward}/encounters", summary="Admit a patient", status_code=201)
def admit(core: CoreOf, writer: Writer, ward: Slug, body: AdmitRequest) -> Written:
    """Into a free bed. The id of the stay is that of the command."""
    command = body.command or new_id()
    return _write(core, writer, "encounter.admit", _only(Admit, body), body, ward=ward, encounter=command, id=command)


@router.post("/encounters/{encounter}/transfer", summary="Move a patient to another bed")
def transfer(core: CoreOf, writer: StaffOf, encounter: Id, body: TransferRequest) -> Written:
    """Here or in another ward, from the instant on when it happened."""
    ward = _ward_of(core, encounter, writer)
    return _write(core, writer, "encounter.transfer", _only(Transfer, body), body, ward=ward, encounter=encounter)


@router.post("/encounters/{encounter}/discharge", summary="End a stay")
def discharge(core: CoreOf, writer: StaffOf, encounter: Id, body: DischargeRequest) -> Written:
    """Its bed is free from then on."""
    ward = _ward_of(core, encounter, writer)
    return _write(core, writer, "encounter.discharge", _only(Discharge, body), body, ward=ward, encounter=encounter)


@router.patch("/encounters/{encounter}", summary="Change what was decided about a stay")
def decide(core: CoreOf, writer: StaffOf, encounter: Id, body: UpdateRequest) -> Written:
    """What is left out stays as it is. Nothing can be emptied."""
    empty = sorted(name for name in body.model_fields_set if getattr(body, name) is None)
    if empty:
        raise InvalidInput(detail=f"{', '.join(empty)}: null")
    ward = _ward_of(core, encounter, writer)
    return _write(core, writer, "encounter.update", _only(UpdateEncounter, body), body, ward=ward, encounter=encounter)


def known(conn: Connection, encounter: str, person: Person, right: Right) -> EncounterView:
    """A stay, for somebody who has this right where the patient lies.

    Raises:
        NotFound: there is none.
        NotAllowed: they may not.
    """
    view = encounter_view(conn, encounter)
    if view is None:
        person.demand(right)
        raise NotFound(what="stay", name=encounter)
    person.demand(right, view.ward)
    return view


def _ward_of(core: Core, encounter: str, writer: Person) -> str:
    with core.db.read() as conn:
        return known(conn, encounter, writer, "encounter.write").ward


def _only(model: type[Message], body: Message) -> Message:
    return model.model_validate(
        {name: getattr(body, name) for name in body.model_fields_set & model.model_fields.keys()}
    )


def _write(
    core: Core,
    writer: Person,
    kind: str,
    body: Message,
    said: Happened,
    *,
    encounter: str,
    id: str | None = None,
    **to: Any,
) -> Written:
    receipt = core.execute(
        kind,
        body,
        actor=writer.actor,
        command_id=id or said.command,
        encounter=encounter,
        measured_at=said.at,
        **to,
    )
    with core.db.read() as conn:
        view = encounter_view(conn, encounter)
    if view is None:
        raise NotFound(what="stay", name=encounter)
    return Written(encounter=view, outcome=receipt.outcome, seq=receipt.seq)
