"""Sheets of paper for signed-in visitors; every one that is fetched is audited."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from server.charts.routes import pdf_answer
from server.charts.service import chart_facts, printed
from server.core import Core
from server.dashboard import PREFIX
from server.dashboard.door import way_in
from server.dashboard.pages.stay import readable
from server.dashboard.visit import visit
from wardlink.errors import NoRight, NotSignedIn
from wardlink.i18n import speaking


def routes(core: Core) -> APIRouter:
    """`/stay/{id}/temperature-chart.pdf`: every week of the stay, a sheet each."""
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.get("/stay/{name}/temperature-chart.pdf")
    def temperature_chart(request: Request, name: str) -> Response:
        try:
            visitor = visit(core, request)
        except NotSignedIn:
            return way_in(request.url.path)
        if not visitor.may("ward.read"):
            raise NoRight
        now = core.clock.now()
        with speaking(visitor.language):
            stay = readable(visitor, name)
            with core.db.read() as conn:
                facts = chart_facts(conn, stay, now)
            font = request.app.state.settings.font
            pdf = printed(facts, None, by_whom=visitor.person.name, now=now, font=font, is_sample=core.demo)
        visitor.audit("print", "temperature chart, all weeks", stay.id)
        return pdf_answer(pdf, stay.id)

    return router
