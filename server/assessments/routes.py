"""The assessments of a stay over HTTP. Audited."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from server.http import CoreOf, StaffOf
from server.patients.routes import known
from server.record.service import records_of
from wardlink.ids import Id, Slug
from wardlink.messages.assessments import AssessmentView
from wardlink.record.assessments import ASSESSMENT, standing

router = APIRouter(prefix="/api/v1/encounters/{encounter}/assessments", tags=["assessments"])


class Page(BaseModel):
    """Part of a list; ask again with `offset` = `next` while it is set."""

    items: list[AssessmentView]
    next: int | None = None


@router.get("", summary="The assessments of a stay")
def listed(
    core: CoreOf,
    person: StaffOf,
    encounter: Id,
    scale: Annotated[Slug | None, Query(description="Only of this scale.")] = None,
    newest: Annotated[bool, Query(description="Only the newest of each scale that was not struck out.")] = False,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page:
    """Newest first, struck ones with who struck them and why."""
    with core.db.read() as conn:
        known(conn, encounter, person, "ward.read")
        found = records_of(conn, ASSESSMENT, encounter=encounter, newest_first=True)
    core.audit("view", actor=str(person.actor), what="assessments", encounter=encounter)
    if newest:
        ids = {view.id for view in standing(found).values()}
        found = [view for view in found if view.id in ids]
    items = [view for view in found if scale is None or view.scale == scale][offset : offset + limit + 1]
    return Page(items=items[:limit], next=offset + limit if len(items) > limit else None)
