"""Medication safety as tables: never a quotient without what it was made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

from server.dashboard import PREFIX
from server.dashboard.kpis.sheets import figures_sheet, number_text, unit_text, value_text
from server.dashboard.medication.asked import Asked, Found, shown_figures
from server.dashboard.medication.bars import Bar
from server.dashboard.medication.words import check_text, key_text, line_text, what_text, why_text
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.dashboard.words import NOTHING, actor_text
from server.medication.counting import Key
from wardlink.clinical.kpis import Kpi, Measured, measured
from wardlink.clinical.medication_safety import figures, is_of_place
from wardlink.clinical.names import masked_name
from wardlink.i18n import domain
from wardlink.messages.exception_words import kind_text
from wardlink.messages.exceptions import ExceptionView

_ = domain("server").gettext

_SHOWN = ("both-codes", "overridden", "in-time", "wrong-time", "missed", "not-given", "second-nurse")
"""The figures of the table of lines; the one that is drawn stands before them."""


def value_of(figure: Kpi, counts: Mapping[str, int]) -> Measured:
    """A figure of counted terms."""
    return measured(figure, counts, 1)


def overview_sheet(whole: Mapping[str, int], kept: Mapping[str, str]) -> Sheet:
    """A line a figure that can be computed; those that can be drawn lead to their picture."""

    def picture(figure: Kpi) -> str | None:
        asked = {**kept, "figure": figure.code}
        return f"{PREFIX}/medication?{urlencode(asked)}#course" if is_of_place(figure) else None

    computed = (figure for figure in figures().values() if not figure.missing)
    return figures_sheet(_("Figure"), ((figure, value_of(figure, whole), picture(figure)) for figure in computed))


def named_lines(asked: Asked, found: Found) -> list[tuple[str, Mapping[str, int]]]:
    """Each line's name and terms: every day, the newest first; other lines by their name."""
    parts = found.parts
    if parts is None:
        return []
    if asked.split == "day":
        return [(on.isoformat(), parts.lines.get((on.isoformat(),), {})) for on in reversed(asked.days.each())]

    def name(key: Key) -> str:
        return key_text(asked.split, key, wards=asked.names, beds=found.beds, drugs=parts.drugs, staff=found.staff)

    return sorted((name(key), terms) for key, terms in parts.lines.items() if any(terms.values()))


def lines_sheet(asked: Asked, found: Found) -> Sheet:
    """A line each with the most important figures and what each was made of."""
    fits = shown_figures(asked.split)
    codes = dict.fromkeys((asked.figure.code, *_SHOWN))
    shown = [fits[code] for code in codes if code in fits]
    columns = [Column("line", line_text(asked.split)), Column("given", _("Doses given"), "number")]
    columns += [Column(figure.code, figure.label_text(), "number") for figure in shown]
    rows = []
    for name, terms in named_lines(asked, found):
        cells = {"line": Cell(name), "given": Cell(str(terms.get("given", 0)))}
        rows.append(Row(name, cells | {figure.code: Cell(_quotient(figure, terms)) for figure in shown}))
    return Sheet(tuple(columns), tuple(rows))


def lines_file(asked: Asked, found: Found) -> Sheet:
    """The same for a file: a line for each figure of each line."""
    columns = (
        Column("wards", _("Ward")),
        Column("since", _("From")),
        Column("until", _("To")),
        Column("line", line_text(asked.split)),
        Column("figure", _("Figure")),
        Column("value", _("Value")),
        Column("unit", _("Unit")),
        Column("above", _("Numerator")),
        Column("below", _("Denominator")),
        Column("formula", _("Formula")),
    )
    rows = []
    for name, terms in named_lines(asked, found):
        for figure in shown_figures(asked.split).values():
            told = value_of(figure, terms)
            cells = _of_file(asked) | {
                "line": Cell(name),
                "figure": Cell(figure.label_text()),
                "value": Cell(NOTHING if told.value is None else f"{float(told.value):.2f}"),
                "unit": Cell(unit_text(figure)),
                "above": Cell(number_text(told.numerator)),
                "below": Cell(number_text(told.denominator)),
                "formula": Cell(figure.formula_text()),
            }
            rows.append(Row(f"{name}-{figure.code}", cells))
    return Sheet(columns, tuple(rows))


def reasons_sheet(found: Found) -> Sheet:
    """A line a reason, with its share of those of its kind."""
    columns = (
        Column("what", _("What was done")),
        Column("check", _("Check")),
        Column("reason", _("Reason"), "wide"),
        Column("times", _("Times"), "number"),
        Column("share", _("Share"), "number"),
    )
    rows = []
    for number, one in enumerate(found.reasons):
        of_kind = sum(other.times for other in found.reasons if other.what == one.what)
        cells = {
            "what": Cell(what_text(one.what)),
            "check": Cell(check_text(one.check)),
            "reason": Cell(why_text(one.reason)),
            "times": Cell(str(one.times)),
            "share": Cell(_("{share} % ({n} of {all})").format(**_share(one.times, of_kind))),
        }
        rows.append(Row(str(number), cells))
    return Sheet(columns, tuple(rows))


def reasons_file(asked: Asked, found: Found) -> Sheet:
    """The same for a file."""
    sheet = reasons_sheet(found)
    head = (Column("wards", _("Ward")), Column("since", _("From")), Column("until", _("To")))
    rows = tuple(Row(row.key, {**_of_file(asked), **row.cells}) for row in sheet.rows)
    return Sheet((*head, *sheet.columns), rows)


def bars(asked: Asked, found: Found) -> list[Bar]:
    """The chosen figure of each line; of the reasons how often each was given."""
    if found.parts is None:
        most = max((one.times for one in found.reasons), default=1)
        return [
            Bar(
                _("{what}: {reason}").format(what=what_text(one.what), reason=why_text(one.reason)),
                100 * one.times / most,
                str(one.times),
            )
            for one in sorted(found.reasons, key=lambda one: -one.times)
        ]
    told = [(name, value_of(asked.figure, terms), terms) for name, terms in named_lines(asked, found)]
    return [
        Bar(name, float(one.value), _quotient(asked.figure, terms))
        for name, one, terms in told
        if one.value is not None
    ]


def open_sheet(
    listed: Iterable[tuple[str, ExceptionView]],
    wards: Mapping[str, str],
    names: Mapping[str, str],
    staff: Mapping[str, str] | None,
) -> Sheet:
    """What waits for a person, with its age; `staff` None leaves out who did it."""
    columns = (
        Column("age", _("Waits for"), "number"),
        *_exception_columns(with_people=staff is not None),
    )
    return Sheet(
        columns,
        tuple(
            Row(view.id, {"age": Cell(at=view.opened_at)} | _exception_cells(ward, view, wards, names, staff))
            for ward, view in listed
        ),
    )


def closed_sheet(
    listed: Iterable[tuple[str, ExceptionView]],
    wards: Mapping[str, str],
    names: Mapping[str, str],
    staff: Mapping[str, str] | None,
    now: datetime,
) -> Sheet:
    """What was closed, with how long it had been open."""
    columns = (
        Column("closed", _("Closed")),
        Column("open", _("Open for"), "number"),
        *_exception_columns(with_people=staff is not None),
        Column("reason", _("What was done"), "wide"),
    )
    rows = []
    for ward, view in listed:
        cells = {
            "closed": instant(view.closed_at, now),
            "open": Cell(_span((view.closed_at or now) - view.opened_at)),
            "reason": Cell(view.closed_reason or NOTHING),
        }
        rows.append(Row(view.id, cells | _exception_cells(ward, view, wards, names, staff)))
    return Sheet(columns, tuple(rows))


def _exception_columns(*, with_people: bool) -> tuple[Column, ...]:
    return (
        Column("kind", _("What does not fit"), "wide"),
        Column("ward", _("Ward")),
        Column("bed", _("Bed")),
        Column("patient", _("Patient")),
        *((Column("who", _("Who")),) if with_people else ()),
    )


def _exception_cells(
    ward: str, view: ExceptionView, wards: Mapping[str, str], names: Mapping[str, str], staff: Mapping[str, str] | None
) -> dict[str, Cell]:
    stay = view.encounter
    known = stay is not None and stay in names
    whose = Cell(masked_name(names[stay]), href=f"{PREFIX}/stay/{stay}") if stay and known else Cell(NOTHING)
    cells = {
        "kind": Cell(kind_text(view.kind), href=f"{PREFIX}/exceptions/{view.id}"),
        "ward": Cell(wards.get(ward, ward)),
        "bed": Cell(view.bed or NOTHING),
        "patient": whose,
    }
    if staff is not None:
        cells["who"] = Cell(actor_text(str(view.actor) if view.actor else None, staff))
    return cells


def _of_file(asked: Asked) -> dict[str, Cell]:
    days = asked.days
    return {
        "wards": Cell(" ".join(asked.names.values())),
        "since": Cell(days.since.isoformat()),
        "until": Cell(days.until.isoformat()),
    }


def _quotient(figure: Kpi, terms: Mapping[str, int]) -> str:
    found = value_of(figure, terms)
    if found.value is None:
        return NOTHING
    return _("{value} ({above} of {below})").format(
        value=value_text(figure, found), above=number_text(found.numerator), below=number_text(found.denominator)
    )


def _share(times: int, of_kind: int) -> dict[str, str]:
    return {"share": f"{100 * times / of_kind:.1f}", "n": str(times), "all": str(of_kind)}


def _span(span: timedelta) -> str:
    minutes = span // timedelta(minutes=1)
    if minutes < 120:
        return _("{n} min").format(n=minutes)
    hours = minutes // 60
    return _("{n} h").format(n=hours) if hours < 48 else _("{n} days").format(n=hours // 24)
