"""The temperature chart as a PDF over HTTP, for those who work in the ward where the patient lies. Audited."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from server.charts.service import chart_facts, printed
from server.http import CoreOf, StaffOf, language_of
from server.patients.routes import known
from wardlink.i18n import speaking
from wardlink.ids import Id

router = APIRouter(prefix="/api/v1/encounters/{encounter}", tags=["charts"])


@router.get("/temperature-chart.pdf", summary="The temperature chart of a stay", response_class=Response)
def temperature_chart(
    core: CoreOf,
    person: StaffOf,
    request: Request,
    encounter: Id,
    week: Annotated[
        int | None, Query(ge=1, le=1_000, description="Counted from the admission; all if left out.")
    ] = None,
) -> Response:
    """A sheet of A4 a week, in the language of the one who asks."""
    now = core.clock.now()
    with speaking(language_of(request)):
        with core.db.read() as conn:
            facts = chart_facts(conn, known(conn, encounter, person, "ward.read"), now)
        pdf = printed(
            facts, week, by_whom=person.name, now=now, font=request.app.state.settings.font, is_sample=core.demo
        )
    which = "all weeks" if week is None else f"week {week}"
    core.audit("print", actor=str(person.actor), what=f"temperature chart, {which}", encounter=encounter)
    return pdf_answer(pdf, encounter)


def pdf_answer(pdf: bytes, encounter: str) -> Response:
    """The document, to be shown at once and kept nowhere on the way."""
    name = f'inline; filename="temperature-chart-{encounter}.pdf"'
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)
