"""Late lines over HTTP: the list of a ward with what became of each, and waiving one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from server.http import CoreOf, StaffOf, language_of, staff_with
from server.identity import audit
from server.identity.staff import Person
from server.money.requests import LineView
from server.patients.routes import known
from server.settlement.late import Late, State, late_lines, waive
from server.settlement.views import Why
from server.words import plain
from wardlink.i18n import speaking
from wardlink.ids import Id, Slug

router = APIRouter(prefix="/api/v1", tags=["settlements"])

Reader = Annotated[Person, Depends(staff_with("money.read"))]


class LateLine(BaseModel):
    """A line that was booked after its stay had ended or was settled, and what became of it.

    `happened_after`: so was what it is charged for. `receipt_no`: by which it was settled. `reason`, `by`: of a waiver.
    """

    encounter: str
    admission_no: str
    name: str
    discharged_at: datetime | None
    happened_after: bool
    state: State
    receipt_no: str | None
    reason: str | None
    by: str | None
    line: LineView

    @classmethod
    def of(cls, late: Late) -> LateLine:
        """The same, for the wire, in the language of this context."""
        gone_at = late.discharged_at
        return cls(
            encounter=late.line.encounter,
            admission_no=late.admission_no,
            name=late.name,
            discharged_at=gone_at,
            happened_after=gone_at is not None and late.line.at > gone_at,
            state=late.state,
            receipt_no=late.receipt_no,
            reason=late.reason,
            by=late.by,
            line=LineView.of(late.line),
        )


@router.get("/wards/{ward}/money/after-discharge", summary="Lines that came after discharge or settlement")
def after_discharge(
    core: CoreOf, reader: Reader, request: Request, ward: Slug, open_only: bool = False
) -> list[LateLine]:
    """Of the last 90 days, the latest first, for whoever settles."""
    with core.db.read() as conn:
        found = late_lines(conn, core.clock.now(), wards=[ward])
    core.audit("list", actor=str(reader.actor), what=f"late money of ward {ward}")
    with speaking(language_of(request)):
        return [LateLine.of(late) for late in found if late.state == "open" or not open_only]


@router.post("/encounters/{encounter}/late-lines/{entry}/waive", summary="Waive a late line", status_code=201)
def waive_line(core: CoreOf, person: StaffOf, request: Request, encounter: Id, entry: Id, body: Why) -> LineView:
    """By a cashier, with a reason; the line that takes it back. The other way is another settlement of the stay."""
    with core.db.write() as conn:
        known(conn, encounter, person, "settle.run")
        row = waive(
            conn,
            encounter=encounter,
            entry=entry,
            reason=plain(body.reason, most=200),
            now=core.clock.now(),
            actor=str(person.actor),
        )
        audit.note(core, conn, person, "charge-waived", "late line", encounter=encounter, entry=entry)
    with speaking(language_of(request)):
        return LineView.of(row)
