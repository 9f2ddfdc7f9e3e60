"""Makes a page of what is known of a stay: the one entrance to the rules of the chart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from wardlink.clinical.temperature_chart.axis import pulse_level, rows_high, temperature_y
from wardlink.clinical.temperature_chart.conventions import Conventions, conventions
from wardlink.clinical.temperature_chart.curves import curves
from wardlink.clinical.temperature_chart.days import date_text, days_of, post_op_text, weeks_until
from wardlink.clinical.temperature_chart.facts import Facts
from wardlink.clinical.temperature_chart.notes import notes
from wardlink.clinical.temperature_chart.page import DAYS, Colour, Page, Row, RowCell
from wardlink.clinical.temperature_chart.rows import bottom
from wardlink.clinical.temperature_chart.slots import column_of
from wardlink.clock import ward_date
from wardlink.i18n import N_, gettext

_OPERATIONS = ("surgery", "delivery")


def weeks_of(facts: Facts) -> int:
    """How many pages the stay has so far."""
    return weeks_until(ward_date(facts.admitted_at), _last_on(facts))


def lay_out(facts: Facts, week: int, by: Conventions | None = None) -> Page:
    """The page of a week, counted from 1, with its words in the language of this context.

    Raises:
        ValueError: the stay has no such week.
    """
    by = by or conventions()
    weeks = weeks_of(facts)
    if not 1 <= week <= weeks:
        raise ValueError(f"week {week} of {weeks}")
    days = days_of(ward_date(facts.admitted_at), week)
    columns = DAYS * len(by.column_hours)
    drawn = curves(facts, days[0], columns, by)
    return Page(
        week=week,
        weeks=weeks,
        days=days,
        column_hours=by.column_hours,
        top_c=by.top_c,
        bottom_c=by.bottom_c,
        rows_high=rows_high(by),
        red_line_y=temperature_y(by.red_line_c, by).y,
        top_pulse=pulse_level(by.top_c, by),
        pulse_per_c=by.pulse_per_c,
        header=(*facts.header, *_lain(facts, days)),
        head=_head(facts, days, by),
        marks=tuple(drawn.marks),
        strokes=tuple(drawn.strokes),
        notes=(*notes(facts, days[0], columns, by), *drawn.not_rising),
        beyond=tuple(drawn.beyond),
        bottom=bottom(facts, days, by),
        revised=tuple(_revised(facts, days[0], columns, by)),
        known_since=_since(facts.known_since, days),
        flows_known_since=_since(facts.flows_known_since, days),
    )


def _last_on(facts: Facts) -> date:
    return ward_date(facts.as_of if facts.discharged_at is None else min(facts.discharged_at, facts.as_of))


def _lain(facts: Facts, days: tuple[date, ...]) -> Iterator[tuple[str, str]]:
    """Wards and beds of this week; an arrow leads from each to the next."""
    begun = [place for place in facts.places if ward_date(place.at) <= days[-1]]
    first = max((i for i, place in enumerate(begun) if ward_date(place.at) <= days[0]), default=0)
    for label, name in ((N_("Ward"), "ward"), (N_("Bed"), "bed")):
        texts = [str(getattr(place, name)) for place in begun[first:]]
        changed = [text for i, text in enumerate(texts) if i == 0 or text != texts[i - 1]]
        if changed:
            yield gettext(label), "→".join(changed)


def _revised(facts: Facts, start_on: date, columns: int, by: Conventions) -> Iterator[int]:
    for at in sorted(facts.revised):
        column = column_of(at, start_on, by)
        if column is not None and 0 <= column < columns:
            yield column


def _since(since: datetime | None, days: tuple[date, ...]) -> date | None:
    return ward_date(since) if since is not None and days[0] < ward_date(since) else None


def _head(facts: Facts, days: tuple[date, ...], by: Conventions) -> tuple[Row, ...]:
    admitted_on, last_on = ward_date(facts.admitted_at), _last_on(facts)
    operations = [ward_date(event.at) for event in facts.events if event.kind in _OPERATIONS]
    wide = len(by.column_hours)

    def cells(texts: Iterator[str], colour: Colour = "black") -> tuple[RowCell, ...]:
        return tuple(RowCell(i * wide, wide, text, colour) for i, text in enumerate(texts) if text)

    dates = (date_text(day, days[i - 1] if i else None) for i, day in enumerate(days))
    numbers = (str((day - admitted_on).days + 1) if day <= last_on else "" for day in days)
    after = (post_op_text(day, operations, by) if day <= last_on else "" for day in days)
    return (
        Row("date", gettext(N_("Date")), cells(dates)),
        Row("day", gettext(N_("Day in hospital")), cells(numbers)),
        Row("post-op", gettext(N_("Day after operation")), cells(after, "red")),
    )
