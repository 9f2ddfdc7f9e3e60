"""The temperature chart of a stay, as this cart holds it; what is marked on it, and what a column says in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cart.usecases.patient import names_alike
from wardlink.clinical.temperature_chart.conventions import conventions
from wardlink.clinical.temperature_chart.facts import Facts
from wardlink.clinical.temperature_chart.layout import lay_out, weeks_of
from wardlink.clinical.temperature_chart.page import DAYS, Mark, Page
from wardlink.clinical.temperature_chart.slots import column_of
from wardlink.clinical.temperature_chart.words import event_word, number_text
from wardlink.clock import ward_date, ward_time
from wardlink.i18n import N_, domain
from wardlink.messages.chart_events import ChartEventView, Marked, RecordChartEvent, StrikeChartEvent
from wardlink.record.assessments import ASSESSMENT
from wardlink.record.chart_events import CHART_EVENT
from wardlink.record.chart_facts import CARTS_KNOW, Told, facts_of, source_for_chart
from wardlink.record.doses import DOSE
from wardlink.record.fluids import FLUID
from wardlink.record.observations import OBSERVATION
from wardlink.record.skin_tests import SKIN_TEST

if TYPE_CHECKING:
    from cart.ports import Board, Ward
    from cart.usecases.session import Session
    from wardlink.messages.commands import Command
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.vitals import VitalsRecorded

_ = domain("cart").gettext

MOST_SETS = 5_000

AHEAD = timedelta(minutes=5)
"""So far a clock may be wrong before a time lies ahead."""

MARKED: Mapping[Marked, str] = {
    "surgery": N_("Operation"),
    "delivery": N_("Childbirth"),
    "cooling": N_("Cooled, by drug or by cold"),
    "out": N_("Away from the ward"),
    "leave": N_("On leave"),
    "refused": N_("Refuses to be measured"),
    "paced": N_("A pacemaker beats from now on"),
    "paced-end": N_("The pacemaker beats no longer"),
    "death": N_("Death"),
}
"""What can be marked, in the order of the question."""

_PLOTTED = N_("Onto the chart")


def mark_word(what: Marked) -> str:
    """A mark in a word, as the chart itself writes it."""
    return event_word(what) or _(MARKED.get(what, _PLOTTED))


STRIKE_REASONS = (N_("wrong patient"), N_("wrong time"), N_("entered twice"), N_("did not happen"))

_HOW = {"dot": N_("oral"), "cross": N_("axillary"), "ring": N_("rectal"), "triangle": N_("ear, forehead, other")}
_SERIES = {"temp": N_("Temp"), "pulse": N_("Pulse"), "hr": N_("Heart"), "after-cooling": N_("after cooling")}


@dataclass(frozen=True)
class Chart:
    """A stay and the facts of its chart. `marked`: what was marked, the latest first, struck ones included.

    `sets`: what was measured by hand, oldest first, struck ones included.
    """

    stay: EncounterView
    others: tuple[str, ...]
    facts: Facts
    marked: tuple[ChartEventView, ...]
    sets: tuple[VitalsRecorded, ...]
    unsent: frozenset[str]

    @property
    def weeks(self) -> int:
        """How many pages there are."""
        return weeks_of(self.facts)

    def page(self, week: int) -> Page:
        """One page, its words in the language of now."""
        return lay_out(self.facts, max(1, min(week, self.weeks)))

    def marked_in(self, page: Page) -> list[ChartEventView]:
        """What was marked in the week of a page, the latest first."""
        return [event for event in self.marked if ward_date(event.at) in page.days]

    def sets_in(self, page: Page, column: int) -> list[VitalsRecorded]:
        """The sets that could stand in a column, oldest first."""
        return [found for found in self._taken_in(page, column) if found.struck_at is None]

    def struck_in(self, page: Page, column: int) -> list[VitalsRecorded]:
        """What was struck out of a column, oldest first."""
        return [found for found in self._taken_in(page, column) if found.struck_at is not None]

    def _taken_in(self, page: Page, column: int) -> list[VitalsRecorded]:
        by = conventions()
        return [found for found in self.sets if column_of(found.measured_at, page.days[0], by) == column]


def read(board: Board, encounter: str, now: datetime) -> Chart | None:
    """Read a chart from this cart's disk; None if the stay is not known here any more."""
    stay = board.encounter(encounter)
    if stay is None:
        return None
    known_since = now - CARTS_KNOW
    events = board.records(CHART_EVENT, encounter=encounter)
    told = Told(
        sets=board.vitals(encounter, since=known_since, limit=MOST_SETS, source=source_for_chart()),
        events=events,
        fluids=board.records(FLUID, encounter=encounter),
        doses=board.records(DOSE, encounter=encounter),
        observations=board.records(OBSERVATION, encounter=encounter),
        skin_tests=board.records(SKIN_TEST, encounter=encounter),
        assessments=board.records(ASSESSMENT, encounter=encounter),
    )
    facts = facts_of(
        stay,
        told,
        as_of=now,
        ward_name=board.ward_name or stay.ward,
        known_since=_since(stay, known_since),
        flows_known_since=_since(stay, now - min(FLUID.kept_for, DOSE.kept_for)),
    )
    unsent = board.unsent_records(CHART_EVENT)
    return Chart(stay, names_alike(board, stay), facts, tuple(reversed(events)), tuple(told.sets), unsent)


def _since(stay: EncounterView, since: datetime) -> datetime | None:
    return since if stay.admitted_at < since else None


def column_now(page: Page, now: datetime) -> int:
    """The last column with something in it; on a page where nothing was measured yet that of now."""
    hours = page.column_hours
    day = (ward_date(now) - page.days[0]).days
    if page.marks or not 0 <= day < DAYS:
        return max((int(mark.x) for mark in page.marks), default=0)
    nearest = min(range(len(hours)), key=lambda i: abs(hours[i] - ward_time(now).hour))
    return day * len(hours) + nearest


def told(page: Page, column: int) -> str:
    """What a column of the chart says, in words and numbers."""
    day, index = divmod(column, len(page.column_hours))
    said = [f"{page.days[day]:%m-%d} {page.column_hours[index]:02d}:00"]
    said += [_mark_text(mark) for mark in page.marks if int(mark.x) == column]
    for row in (row for row in page.bottom if row.key != "skin"):
        said += [
            " ".join(filter(None, (row.label, cell.text, row.unit)))
            for cell in row.cells
            if cell.x <= column < cell.x + cell.columns
        ]
    said += [note.text for note in page.notes if note.column == column]
    return " · ".join(said if len(said) > 1 else [*said, _("nothing measured")])


def _mark_text(mark: Mark) -> str:
    value = number_text(mark.value)
    if mark.series == "temp":
        return f"{_('Temp')} {value} ℃ ({_(_HOW[mark.symbol])})"
    if mark.series == "after-cooling":
        return f"{_('after cooling')} {value} ℃"
    return f"{_(_SERIES[mark.series])} {value}" + (f" ({_('paced')})" if mark.symbol == "paced" else "")


def wrong_time(at: datetime | None, stay: EncounterView, now: datetime) -> str | None:
    """Why something cannot be marked at this instant, as a message id; None if it can, or if it is no instant."""
    if at is None:
        return None
    if at > now + AHEAD:
        return N_("This time lies ahead.")
    if at < stay.admitted_at:
        return N_("This time lies before the admission.")
    if stay.discharged_at is not None and at > stay.discharged_at:
        return N_("This time lies after the discharge.")
    return None


def record(ward: Ward, session: Session, stay: EncounterView, what: Marked, at: datetime) -> Command:
    """Mark on the chart what happened at that instant; it is on this cart's disk when this returns."""
    body = RecordChartEvent(what=what)
    return ward.record("chart-event.record", body, actor=session.actor, encounter=stay.id, bed=stay.bed, measured_at=at)


def plot(ward: Ward, session: Session, chart: Chart, found: VitalsRecorded, page: Page, column: int) -> None:
    """Let this set stand in its column; a choice that was made there before is struck out."""
    others = {other.id for other in chart.sets_in(page, column)} - {found.id}
    for event in chart.marked:
        if event.what == "plotted" and event.vitals in others and event.struck_at is None:
            strike(ward, session, chart.stay, event.id, _("another one was chosen"))
    body = RecordChartEvent(what="plotted", vitals=found.id)
    ward.record(
        "chart-event.record",
        body,
        actor=session.actor,
        encounter=chart.stay.id,
        bed=chart.stay.bed,
        measured_at=found.measured_at,
    )


def set_text(found: VitalsRecorded) -> str:
    """A set in one line, for choosing among several."""
    r = found.readings
    values = (("T", r.temp_c), ("P", r.pulse_per_min), (_("Heart"), r.hr_per_min), ("R", r.rr_per_min))
    said = [f"{label} {number_text(value)}" for label, value in values if value is not None]
    return f"{ward_time(found.measured_at):%H:%M}  " + "  ".join(said)


def strike(ward: Ward, session: Session, stay: EncounterView, event: str, reason: str) -> Command:
    """Strike out what was marked; it stays readable, with the reason."""
    body = StrikeChartEvent(event=event, reason=reason)
    return ward.record("chart-event.strike", body, actor=session.actor, encounter=stay.id, bed=stay.bed)
