"""ECG strips over HTTP: sent by monitors and examination rooms, listed, read with their samples, reported."""

from __future__ import annotations

from array import array
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBasicCredentials
from pydantic import BaseModel, ConfigDict, Field

from server.core import Core
from server.ecg.receiving import Sent, take_in
from server.ecg.releasing import Act, Decision, decide, say
from server.ecg.rows import curve_of, strip_called
from server.ecg.shown import birth_of, why_not
from server.http import CoreOf, StaffOf, basic_auth, bearer_auth, device_of, staff_of, token_of
from server.identity.staff import Person
from server.patients.routes import known
from server.record.service import records_of
from wardlink.clinical.ecg.release import Why
from wardlink.clinical.ecg.strip import MISSING, MOST, Strip, lead_called
from wardlink.clock import ward_date
from wardlink.errors import InvalidInput, NotAllowed, NotFound
from wardlink.i18n import N_
from wardlink.ids import Id, Slug
from wardlink.messages.base import Actor, Instant
from wardlink.messages.ecg import (
    MOST_BEATS,
    MOST_SAMPLES,
    MOST_SECONDS,
    EcgSource,
    EcgView,
    Reason,
    ReportEcg,
    Words,
)
from wardlink.record.ecg import ECG

router = APIRouter(prefix="/api/v1", tags=["ecg"])

MOST_BYTES = 1024 * 1024
"""What a strip may take as it comes in."""

_LEAD = N_("There is no ECG lead called {lead}.")
_TWICE = N_("The lead {lead} is there twice.")
_LENGTH = N_("A strip holds leads of one length, at most {samples} samples and {seconds} seconds in all.")
_BEATS = N_("The beats lie outside the strip, or in a lead that it does not have.")

Sample = Annotated[int, Field(strict=True, ge=MISSING, le=MOST)] | None


class Upload(BaseModel):
    """A strip. The same `id` again, after a lost answer, changes nothing.

    Samples are whole numbers of `uv_per_unit` microvolts around zero; null or -32768 is no value.
    """

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    id: Id
    encounter: Id | None = None
    admission_no: str | None = Field(default=None, min_length=1, max_length=40)
    start_at: Instant
    rate_hz: float = Field(ge=50, le=2_000)
    uv_per_unit: float = Field(gt=0, le=1_000)
    leads: dict[Annotated[str, Field(max_length=40)], Annotated[list[Sample], Field(max_length=MOST_SAMPLES)]] = Field(
        min_length=1, max_length=24
    )
    beats: list[Annotated[int, Field(strict=True, ge=0, lt=MOST_SAMPLES)]] | None = Field(
        default=None, max_length=MOST_BEATS
    )
    beats_lead: str | None = Field(default=None, max_length=40)
    place: str | None = Field(default=None, min_length=1, max_length=60)
    report: Words | None = None
    critical: bool = Field(default=False, description="The report says what cannot wait.")


class Received(BaseModel):
    """What became of a strip. `coded_bytes`: what its samples take on the way to a cart."""

    id: Id
    seq: int
    encounter: Id | None
    beats: int | None
    coded_bytes: int


class Report(BaseModel):
    """What a strip shows. `command`: send the same one again after a lost answer.

    `reports`: how many there were when the doctor looked; if there are others now, nothing is written (409).
    """

    command: Id | None = None
    text: Words
    critical: bool = Field(default=False, description="It cannot wait.")
    reports: int | None = Field(default=None, ge=0, le=1_000)


class Whole(BaseModel):
    """A strip with its samples, by lead. `why`: what keeps it from its patient; empty where they may see it."""

    strip: EcgView
    leads: dict[str, list[int | None]]
    why: tuple[Why, ...]


class Deciding(BaseModel):
    """`command`: send the same one again after a lost answer. `reason`: why it is kept back, for colleagues.

    `reports`, `over`: how many reports and which decision (its `command`, empty: none) the doctor saw; if it is not so
    any more, nothing is written (409).
    """

    command: Id | None = None
    reason: Reason | None = None
    reports: int | None = Field(default=None, ge=0, le=1_000)
    over: Id | Literal[""] | None = None


class Page(BaseModel):
    """Part of the strips of a stay; ask again with `offset` = `next` while it is set."""

    items: list[EcgView]
    next: int | None = None


Basic = Annotated[HTTPBasicCredentials | None, Depends(basic_auth)]
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer_auth)]


def sender_of(core: CoreOf, ward: Slug, basic: Basic, bearer: Bearer) -> tuple[Actor, EcgSource]:
    """Who sends a strip: an examination room, a monitor of this ward, or a member of staff who may.

    Raises:
        NotAllowed: another kind of device, one of another ward, or somebody without the right.
    """
    if bearer is not None:
        person = staff_of(core, token_of(bearer))
        person.demand("ecg.write", ward)
        return person.actor, "desk"
    device = device_of(core, basic)
    source: EcgSource = "room" if device.kind == "room" else "monitor"
    if device.kind not in ("room", "monitor") or (source == "monitor" and device.ward != ward):
        raise NotAllowed
    return Actor(kind="device", id=device.id), source


@router.post("/wards/{ward}/ecg", summary="Send a strip", status_code=201)
def send(
    core: CoreOf,
    ward: Slug,
    sender: Annotated[tuple[Actor, EcgSource], Depends(sender_of)],
    body: Upload,
    response: Response,
) -> Received:
    """201 when it is kept, 200 when it was already. Says which stay it belongs to; none opens an exception."""
    actor, source = sender
    strip = _strip(body)
    beats, lead = _beats(body, strip)
    sent = Sent(
        id=body.id,
        strip=strip,
        source=source,
        actor=actor,
        encounter=body.encounter,
        admission_no=body.admission_no,
        place=body.place,
        beats=beats,
        beats_lead=lead,
        report=body.report,
        critical=body.critical,
    )
    with core.db.read() as conn:
        core.head_of(conn, ward)
    taken = take_in(core, ward, sent)
    response.status_code = 201 if taken.is_new else 200
    found = None if taken.view.beats is None else len(taken.view.beats)
    return Received(
        id=body.id, seq=taken.seq, encounter=taken.view.encounter, beats=found, coded_bytes=taken.coded_bytes
    )


@router.get("/encounters/{encounter}/ecg", summary="The strips of a stay")
def listed(
    core: CoreOf,
    reader: StaffOf,
    encounter: Id,
    since: Annotated[Instant | None, Query(description="Taken at or after it.")] = None,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page:
    """The newest first, without their samples."""
    with core.db.read() as conn:
        known(conn, encounter, reader, "ward.read")
        items = records_of(
            conn, ECG, encounter=encounter, since=since, newest_first=True, limit=limit + 1, offset=offset
        )
    core.audit("list", actor=str(reader.actor), what="ecg", encounter=encounter)
    return Page(items=items[:limit], next=offset + limit if len(items) > limit else None)


@router.get("/ecg/{strip}", summary="One strip with its samples")
def one(core: CoreOf, reader: StaffOf, strip: Id) -> Whole:
    """For those who work in the ward where the patient lies."""
    view = _view(core, reader, strip)
    with core.db.read() as conn:
        whole = curve_of(conn, view)
        why = why_not(view, birth_of(conn, view.encounter), ward_date(core.clock.now()))
    if whole is None:
        raise NotFound(what="entry", name=strip)
    core.audit("view", actor=str(reader.actor), what=f"ecg {strip}", encounter=view.encounter)
    leads = {lead: [None if s == MISSING else s for s in samples] for lead, samples in whole.leads.items()}
    return Whole(strip=view, leads=leads, why=why)


@router.post("/ecg/{strip}/report", summary="Say what a strip shows")
def report(core: CoreOf, writer: StaffOf, strip: Id, body: Report) -> EcgView:
    """By a doctor; earlier reports stay, and the nurses are shown that there is a new one."""
    said = ReportEcg(strip=strip, text=body.text, critical=body.critical, reports=body.reports)
    return say(core, writer, said, body.command)


@router.post("/ecg/{strip}/release", summary="Let the patient see a strip")
def release(core: CoreOf, writer: StaffOf, strip: Id, body: Deciding | None = None) -> EcgView:
    """By a doctor; needed where a report is critical or the strip was kept back. 409 where it cannot be yet."""
    return _decided(core, writer, strip, "release", body or Deciding())


@router.post("/ecg/{strip}/keep-back", summary="Keep a strip from the patient")
def keep_back(core: CoreOf, writer: StaffOf, strip: Id, body: Deciding | None = None) -> EcgView:
    """By a doctor; until one releases it."""
    return _decided(core, writer, strip, "keep-back", body or Deciding())


def _decided(core: Core, person: Person, strip: str, act: Act, body: Deciding) -> EcgView:
    decision = Decision(act, reason=body.reason, reports=body.reports, over=body.over)
    return decide(core, person, strip, decision, body.command)


def _view(core: Core, person: Person, strip: str) -> EcgView:
    with core.db.read() as conn:
        found = strip_called(conn, strip)
    if found is None:
        person.demand("ward.read")
        raise NotFound(what="entry", name=strip)
    person.demand("ward.read", found[0])
    return found[1]


def _strip(body: Upload) -> Strip:
    leads: dict[str, array[int]] = {}
    for said, samples in body.leads.items():
        lead = lead_called(said)
        if lead is None:
            raise InvalidInput(_LEAD, lead=said)
        if lead in leads:
            raise InvalidInput(_TWICE, lead=lead)
        leads[lead] = array("h", (MISSING if sample is None else sample for sample in samples))
    lengths = {len(samples) for samples in leads.values()}
    total, seconds = sum(map(len, leads.values())), max(lengths) / body.rate_hz
    if len(lengths) != 1 or not total or total > MOST_SAMPLES or seconds > MOST_SECONDS:
        raise InvalidInput(_LENGTH, samples=MOST_SAMPLES, seconds=round(MOST_SECONDS))
    return Strip(body.start_at, body.rate_hz, body.uv_per_unit, leads)


def _beats(body: Upload, strip: Strip) -> tuple[tuple[int, ...] | None, str | None]:
    if body.beats is None:
        return None, None
    lead = lead_called(body.beats_lead or next(iter(strip.leads)))
    if lead not in strip.leads or any(beat >= strip.length for beat in body.beats):
        raise InvalidInput(_BEATS)
    return tuple(sorted(set(body.beats))), lead
