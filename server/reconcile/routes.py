"""Reconciliation over HTTP: the days, what does not fit, a person's word on it, and a table to take away."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from server.http import CoreOf, language_of, staff_with
from server.identity import audit
from server.identity.staff import Person
from server.reconcile import closing
from server.reconcile.export import as_csv
from server.reconcile.resolving import Resolution
from server.reconcile.rows import DifferenceView, RunView, State, Wanted, differences, runs
from server.reconcile.service import Reconciliation
from wardlink.i18n import speaking
from wardlink.ids import Id

router = APIRouter(prefix="/api/v1/reconcile", tags=["reconciliation"])

Worker = Annotated[Person, Depends(staff_with("pay.reconcile"))]
Channel = Annotated[str, Field(pattern=r"^[a-z]{1,20}$")]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Limit = Annotated[int, Query(ge=1, le=200)]
MOST_EXPORTED = 20_000


def reconciliation_of(request: Request) -> Reconciliation:
    """Reconciliation of this server."""
    found: Reconciliation = request.app.state.reconciliation
    return found


ReconciliationOf = Annotated[Reconciliation, Depends(reconciliation_of)]


class Runs(BaseModel):
    """Part of a list; ask again with `offset` = `next` while it is set."""

    items: list[RunView]
    next: int | None = None


class Differences(BaseModel):
    """Part of a list; ask again with `offset` = `next` while it is set."""

    items: list[DifferenceView]
    next: int | None = None


class RunNow(BaseModel):
    """The bill of one day of one channel, in the ward's time zone."""

    channel: Channel
    on: date


class Closing(BaseModel):
    """What was done about it. `resolution`: how it was worked off; `admission_no`: whose money it is, where it is
    taken and nobody knew."""

    reason: str = Field(min_length=1, max_length=500, pattern=r"^[^\x00]*$")
    resolution: Resolution = "explained"
    admission_no: str = Field(default="", max_length=20)


@router.get("/runs", summary="The days that were compared")
def listed_runs(core: CoreOf, worker: Worker, offset: Offset = 0, limit: Limit = 50) -> Runs:
    """The newest first, with the sums of both sides."""
    with core.db.read() as conn:
        items = runs(conn, limit=limit + 1, offset=offset)
    core.audit("list", actor=str(worker.actor), what="bills")
    return Runs(items=items[:limit], next=offset + limit if len(items) > limit else None)


@router.post("/runs", summary="Compare a day now")
def run_now(core: CoreOf, reconciliation: ReconciliationOf, worker: Worker, body: RunNow) -> RunView:
    """Waits for the channel's bill. The same day again changes nothing that a person has said."""
    with core.db.write() as conn:
        audit.note(core, conn, worker, "reconcile-run", f"bill {body.channel} {body.on}")
    return reconciliation.run(body.channel, body.on)


@router.post("/runs/{channel}/{on}/sign", summary="Sign a day")
def sign(core: CoreOf, worker: Worker, channel: Channel, on: date) -> RunView:
    """For finance; refused while differences of it are open."""
    return closing.sign(core, worker, channel, on)


@router.get("/differences", summary="What does not fit")
def listed(
    core: CoreOf,
    worker: Worker,
    state: State | None = "open",
    channel: Channel | None = None,
    on: date | None = None,
    offset: Offset = 0,
    limit: Limit = 50,
) -> Differences:
    """The oldest first."""
    with core.db.read() as conn:
        wanted = Wanted(state, channel, on)
        items = differences(conn, core.clock.now(), wanted, limit=limit + 1, offset=offset)
    core.audit("list", actor=str(worker.actor), what="differences")
    return Differences(items=items[:limit], next=offset + limit if len(items) > limit else None)


@router.get("/differences.csv", summary="The same as a table", response_class=Response)
def exported(
    core: CoreOf,
    worker: Worker,
    request: Request,
    channel: Channel | None = None,
    on: date | None = None,
) -> Response:
    """CSV with everything, whatever its state."""
    with core.db.read() as conn:
        items = differences(conn, core.clock.now(), Wanted(None, channel, on), limit=MOST_EXPORTED)
    core.audit("export", actor=str(worker.actor), what=f"{len(items)} differences")
    with speaking(language_of(request)):
        data = as_csv(items)
    name = {"Content-Disposition": 'attachment; filename="differences.csv"'}
    return Response(data, media_type="text/csv; charset=utf-8", headers=name)


@router.post("/differences/{id}/close", summary="Say what was done about a difference")
def close(core: CoreOf, worker: Worker, id: Id, body: Closing) -> DifferenceView:
    """It stays on the list of closed ones, with who and when."""
    return closing.close(core, worker, id, body.reason, way=body.resolution, admission_no=body.admission_no)
