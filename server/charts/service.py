"""Gathers what the temperature chart of a stay is made of, and prints it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select
from sqlmodel import col

from server.charts.drawing import Imprint, draw
from server.charts.font import find_font
from server.patients.models import Ward
from server.record.service import records_of
from server.vitals.service import sets_of
from wardlink.clinical.temperature_chart.facts import Facts
from wardlink.clinical.temperature_chart.layout import lay_out, weeks_of
from wardlink.clock import ward_time
from wardlink.errors import NotFound
from wardlink.i18n import domain
from wardlink.messages.encounters import EncounterView
from wardlink.record.assessments import ASSESSMENT
from wardlink.record.chart_events import CHART_EVENT
from wardlink.record.chart_facts import Told, facts_of, source_for_chart
from wardlink.record.doses import DOSE
from wardlink.record.fluids import FLUID
from wardlink.record.observations import OBSERVATION
from wardlink.record.skin_tests import SKIN_TEST

_ = domain("server").gettext

MOST_SETS = 100_000


def chart_facts(conn: Connection, stay: EncounterView, now: datetime) -> Facts:
    """The facts of a stay's chart, the whole stay, its words in the language of this context."""
    sets = sets_of(conn, stay.id, source=source_for_chart(), limit=MOST_SETS)
    told = Told(
        sets=[found for _seq, found in reversed(sets)],
        events=records_of(conn, CHART_EVENT, encounter=stay.id),
        fluids=records_of(conn, FLUID, encounter=stay.id),
        doses=records_of(conn, DOSE, encounter=stay.id),
        observations=records_of(conn, OBSERVATION, encounter=stay.id),
        skin_tests=records_of(conn, SKIN_TEST, encounter=stay.id),
        assessments=records_of(conn, ASSESSMENT, encounter=stay.id),
    )
    name = conn.execute(select(col(Ward.name)).where(col(Ward.id) == stay.ward)).scalar()
    return facts_of(stay, told, as_of=now, ward_name=name or stay.ward)


def printed(
    facts: Facts, week: int | None, *, by_whom: str, now: datetime, font: Path | None = None, is_sample: bool = False
) -> bytes:
    """A week of a chart as a PDF, or all of them where `week` is None.

    Raises:
        NotFound: the stay has no such week.
        FontMissing, Misconfigured: there is no font to write it in.
    """
    weeks = weeks_of(facts)
    if week is not None and not 1 <= week <= weeks:
        raise NotFound(what="page", name=str(week))
    pages = [lay_out(facts, number) for number in (range(1, weeks + 1) if week is None else (week,))]
    said = _("Printed {at} by {name}").format(at=f"{ward_time(now):%Y-%m-%d %H:%M}", name=by_whom)
    return draw(pages, find_font(font), Imprint(said, is_sample))
