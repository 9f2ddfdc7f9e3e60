"""The readings of a stay over HTTP: since an instant, the newest, and as a table to take away. Audited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from server.http import CoreOf, StaffOf
from server.patients.routes import known
from server.vitals.service import sets_of, table_of
from wardlink.ids import Id
from wardlink.messages.base import Instant
from wardlink.messages.vitals import VitalsRecorded

router = APIRouter(prefix="/api/v1/encounters/{encounter}/vitals", tags=["vitals"])


class Page(BaseModel):
    """Part of the sets, newest first; ask again with both `before` while they are set."""

    items: list[VitalsRecorded]
    before_at: datetime | None = None
    before_seq: int | None = None


@router.get("", summary="The sets of a stay")
def sets(
    core: CoreOf,
    person: StaffOf,
    encounter: Id,
    since: Annotated[Instant | None, Query(description="Measured at or after it.")] = None,
    until: Annotated[Instant | None, Query(description="Measured before it.")] = None,
    before_at: Instant | None = None,
    before_seq: Annotated[int | None, Query(ge=0, le=2**53)] = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 200,
) -> Page:
    """Newest first, struck ones with who struck them and why. The newest alone: `limit` = 1."""
    before = None if before_at is None else (before_at, before_seq or 0)
    with core.db.read() as conn:
        known(conn, encounter, person, "ward.read")
        found = sets_of(conn, encounter, since=since, until=until, before=before, limit=limit + 1)
    core.audit("view", actor=str(person.actor), what="vitals", encounter=encounter)
    items = [item for _, item in found[:limit]]
    if len(found) <= limit:
        return Page(items=items)
    return Page(items=items, before_at=items[-1].measured_at, before_seq=found[limit - 1][0])


@router.get(".csv", summary="The sets of a stay as a table", response_class=StreamingResponse)
def table(
    core: CoreOf, person: StaffOf, encounter: Id, since: Instant | None = None, until: Instant | None = None
) -> StreamingResponse:
    """Oldest first, in UTF-8 with a byte order mark. Audited as an export."""
    with core.db.read() as conn:
        known(conn, encounter, person, "ward.read")
    core.audit("export", actor=str(person.actor), what="vitals", encounter=encounter)

    def lines() -> Iterator[str]:
        with core.db.read() as conn:
            yield from table_of(conn, encounter, since, until)

    name = f'attachment; filename="vitals-{encounter}.csv"'
    return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers={"Content-Disposition": name})
