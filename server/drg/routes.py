"""Groups over HTTP: the manager's list with money, and coding by hand or from a file."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from server.drg.service import Coded, code_stay, import_codes, stays
from server.http import CoreOf, language_of, staff_with
from server.identity.roles import EVERYWHERE
from server.identity.staff import Person
from server.patients.import_table import LinesRejected
from wardlink.i18n import speaking
from wardlink.ids import Id

router = APIRouter(prefix="/api/v1/drg", tags=["groups"])

Manager = Annotated[Person, Depends(staff_with("drg.read"))]
Coder = Annotated[Person, Depends(staff_with("drg.code"))]

_FILE = {"content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}, "required": True}


class CodedView(BaseModel):
    """A stay with its group; amounts in fen, missing where it is not coded. `outlier`: `low`, `high` or nothing."""

    encounter: str
    admission_no: str
    name: str
    ward: str
    admitted_at: datetime
    discharged_at: datetime | None
    code: str | None
    weight_e4: int | None
    days: int
    standard_days: int | None
    expected_fen: int | None
    cost_fen: int
    difference_fen: int | None
    outlier: str
    version: int

    @classmethod
    def of(cls, found: Coded) -> CodedView:
        """The same, for the wire."""
        return cls(**{name: getattr(found, name) for name in cls.model_fields})


class CodeRequest(BaseModel):
    """A group. `weight`: where it is not the table's, as "1.26". `version`: of the coding that was seen; 0: none."""

    code: str = Field(min_length=3, max_length=8)
    weight: str = Field(default="", max_length=9)
    version: int = Field(default=0, ge=0)


class Taken(BaseModel):
    """How many stays have their group."""

    coded: int


def _wards(person: Person) -> tuple[str, ...] | None:
    return None if person.role in EVERYWHERE else person.wards


@router.get("/stays", summary="Stays with their groups, what they pay and what they cost")
def listed(core: CoreOf, manager: Manager, q: Annotated[str, Query(max_length=100)] = "") -> list[CodedView]:
    """Of the manager's wards, the latest admission first. Never for a bed or a cart."""
    with core.db.read() as conn:
        found = stays(conn, _wards(manager), core.clock.now(), q.strip())
    core.audit("list", actor=str(manager.actor), what="groups of stays")
    return [CodedView.of(each) for each in found]


@router.put("/stays/{encounter}", summary="Give a stay its group", status_code=204)
def code(core: CoreOf, coder: Coder, encounter: Id, body: CodeRequest) -> None:
    """Refused where somebody has coded it since `version`."""
    how = {"code": body.code, "weight": body.weight}
    code_stay(core, coder, _wards(coder), encounter, version=body.version, **how)


@router.post("/import", summary="Groups from a file", response_model=Taken, openapi_extra={"requestBody": _FILE})
async def take(core: CoreOf, coder: Coder, request: Request) -> Taken | JSONResponse:
    """All of its lines, or none with the number and the reason of each that cannot be taken over."""
    data = await request.body()

    def act() -> Taken | JSONResponse:
        with speaking(language_of(request)):
            try:
                return Taken(coded=import_codes(core, coder, _wards(coder), data))
            except LinesRejected as rejected:
                faults = [{"line": fault.line, "reason": fault.reason} for fault in rejected.faults]
                told = {"code": rejected.code, "detail": rejected.text(), "faults": faults}
                return JSONResponse(told, status_code=rejected.status)

    return await run_in_threadpool(act)
