"""A file of admissions over HTTP: all of its lines, or none with the reasons."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from server.http import CoreOf, StaffOf, language_of
from server.patients.import_table import MOST_BYTES
from server.patients.imports import Imported, LinesRejected, import_admissions
from wardlink.i18n import speaking
from wardlink.ids import Slug

router = APIRouter(prefix="/api/v1/encounters", tags=["stays"])

_FILE = {"content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}, "required": True}


class ImportReport(BaseModel):
    """What was done, or would be in a dry run."""

    admitted: int
    already: int
    dry_run: bool


class FaultyLine(BaseModel):
    """Why one line cannot be taken over. `column` is missing where it is not one cell's fault."""

    line: int
    column: str | None
    reason: str


class ImportRefused(BaseModel):
    """Nothing was taken over, and why."""

    code: str
    detail: str
    faults: list[FaultyLine]


@router.post(
    "/import",
    summary="Admit everybody in a file",
    response_model=ImportReport,
    responses={422: {"model": ImportRefused}},
    openapi_extra={"requestBody": _FILE},
)
async def import_file(
    core: CoreOf,
    person: StaffOf,
    request: Request,
    ward: Annotated[Slug | None, Query(description="For lines that name no ward.")] = None,
    dry_run: Annotated[bool, Query(description="Check only.")] = False,
) -> ImportReport | JSONResponse:
    """CSV in UTF-8 or GB18030 with a line of names, Chinese or English. The same file again changes nothing."""
    person.demand("encounter.import")
    data = b""
    async for part in request.stream():
        data += part
        if len(data) > MOST_BYTES:
            break

    def take_over() -> Imported:
        return import_admissions(
            core,
            data,
            actor=person.actor,
            ward=ward,
            dry_run=dry_run,
            allowed=lambda into: person.demand("encounter.import", into),
        )

    try:
        done = await run_in_threadpool(take_over)
    except LinesRejected as rejected:
        with speaking(language_of(request)):
            lines = [FaultyLine(line=f.line, column=f.column, reason=f.why.text()) for f in rejected.faults]
            refused = ImportRefused(code=rejected.code, detail=rejected.text(), faults=lines)
        return JSONResponse(refused.model_dump(), status_code=rejected.status)
    what = f"{done.admitted} admitted, {done.already} there already{', dry run' if dry_run else ''}"
    await run_in_threadpool(core.audit, "import", actor=str(person.actor), what=what)
    return ImportReport(admitted=done.admitted, already=done.already, dry_run=dry_run)
