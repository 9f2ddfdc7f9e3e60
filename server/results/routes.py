"""Results over HTTP: sent by a laboratory or from a file, looked through and released by clinicians. All audited."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBasicCredentials
from pydantic import BaseModel, Field

from server.http import CoreOf, StaffOf, basic_auth, bearer_auth, device_of, language_of, staff_of, token_of
from server.identity.staff import Person
from server.patients.routes import known
from server.results.importing import ResultsRejected, import_results
from server.results.releasing import Act, decide
from server.results.rows import Version, versions_of_ward
from server.results.taking import take_in
from wardlink.clinical.results.release import Category, Status, Why
from wardlink.errors import NotAllowed
from wardlink.i18n import speaking
from wardlink.ids import Id, Slug
from wardlink.messages.base import Actor, Instant
from wardlink.messages.results import ReportResult

router = APIRouter(prefix="/api/v1", tags=["results"])

_FILE = {"content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}, "required": True}

Basic = Annotated[HTTPBasicCredentials | None, Depends(basic_auth)]
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer_auth)]


class Received(BaseModel):
    """What became of a report; versions count from 1."""

    id: Id
    version: int


class FileTaken(BaseModel):
    """Reports of a file that are new or changed, and those that were there already."""

    taken: int
    already: int


class Waiting(BaseModel):
    """The newest version of a report, and why its patient does not see it; `why` is empty where they do."""

    id: Id
    encounter: Id
    bed: str
    number: str
    version: int
    category: Category
    code: str
    name: str
    status: Status
    standing: str
    issued_at: Instant | None
    critical: bool
    why: tuple[Why, ...]

    @classmethod
    def of(cls, found: Version, why: tuple[Why, ...]) -> Waiting:
        """As the API tells it."""
        named = {name: getattr(found, name) for name in cls.model_fields if name not in ("critical", "why")}
        return cls(**named, critical=found.held.critical, why=why)


class Decision(BaseModel):
    """`seen`: the `standing` by which the clinician decides; if it has changed since, nothing is written (409)."""

    seen: str | None = Field(default=None, max_length=100)


class Page(BaseModel):
    """Part of the results of a ward; ask again with `offset` = `next` while it is set."""

    items: list[Waiting]
    next: int | None = None


def sender_of(core: CoreOf, basic: Basic, bearer: Bearer) -> Person | Actor:
    """A member of staff who may send results, or a laboratory: a device of the kind `room`.

    Raises:
        NotAllowed: somebody else.
    """
    if bearer is not None:
        person = staff_of(core, token_of(bearer))
        person.demand("result.write")
        return person
    device = device_of(core, basic)
    if device.kind != "room":
        raise NotAllowed
    return Actor(kind="device", id=device.id)


Sender = Annotated[Person | Actor, Depends(sender_of)]


@router.post("/encounters/{encounter}/results", summary="Send a result", status_code=201)
def send(core: CoreOf, sender: Sender, encounter: Id, body: ReportResult, response: Response) -> Received:
    """201 when it is a new version, 200 when the same was here already. What is changed comes as `corrected`."""
    if isinstance(sender, Person):
        with core.db.read() as conn:
            known(conn, encounter, sender, "result.write")
    with core.db.write() as conn:
        taken = take_in(core, conn, encounter, body, _actor(sender))
    core.results_changed(taken.ward)
    response.status_code = 201 if taken.is_new else 200
    return Received(id=taken.id, version=taken.version)


@router.post(
    "/results/import", summary="Results from a file", response_model=FileTaken, openapi_extra={"requestBody": _FILE}
)
async def import_file(core: CoreOf, sender: Sender, request: Request) -> FileTaken | JSONResponse:
    """CSV, a line a value: every line, or none with the number and the reason of each that cannot be taken over."""
    data = await request.body()

    def allowed(ward: str) -> None:
        if isinstance(sender, Person):
            sender.demand("result.write", ward)

    def act() -> FileTaken | JSONResponse:
        with speaking(language_of(request)):
            try:
                done = import_results(core, data, actor=_actor(sender), allowed=allowed)
            except ResultsRejected as rejected:
                faults = [{"line": fault.line, "reason": fault.reason} for fault in rejected.faults]
                told = {"code": rejected.code, "detail": rejected.text(), "faults": faults}
                return JSONResponse(told, status_code=rejected.status)
        return FileTaken(taken=done.taken, already=done.already)

    return await run_in_threadpool(act)


@router.get("/wards/{ward}/results", summary="The results of a ward, and what keeps each from its patient")
def of_ward(
    core: CoreOf,
    reader: StaffOf,
    ward: Slug,
    show: Literal["waiting", "all"] = "waiting",
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page:
    """The newest version of each report; without values."""
    reader.demand("result.acknowledge", ward)
    now = core.clock.now()
    with core.db.read() as conn:
        newest = [versions[-1] for versions in versions_of_ward(conn, [ward])]
    found = [Waiting.of(version, version.why_held(now, core.results_delay)) for version in newest]
    items = [item for item in found if show == "all" or (item.why and item.status != "cancelled")]
    core.audit("list", actor=str(reader.actor), what=f"results of ward {ward}")
    more = offset + limit < len(items)
    return Page(items=items[offset : offset + limit], next=offset + limit if more else None)


@router.post("/results/{result}/{act}", summary="A clinician decides about a result")
def acted(core: CoreOf, person: StaffOf, result: Id, act: Act, body: Decision | None = None) -> Waiting:
    """`acknowledge`: a critical value was heard of; `release`: the patient may see it; `keep-back`: not for now."""
    found = decide(core, person, result, act, body.seen if body else None)
    return Waiting.of(found, found.why_held(core.clock.now(), core.results_delay))


def _actor(sender: Person | Actor) -> Actor:
    return sender.actor if isinstance(sender, Person) else sender
