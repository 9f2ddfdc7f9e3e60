"""The KPIs as tables: never a quotient without what it was made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from urllib.parse import urlencode

from server.dashboard import PREFIX
from server.dashboard.kpis.asked import Period
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.words import NOTHING
from wardlink.clinical.kpis import Kpi, Measured, kpis
from wardlink.i18n import domain

_ = domain("server").gettext


def overview_sheet(period: Period, kept: dict[str, str]) -> Sheet:
    """A line a KPI that can be computed, over all days."""
    found = ((kpi, period.measured(kpi)) for kpi in kpis().values() if not kpi.missing)
    return figures_sheet(_("KPI"), ((kpi, told, f"{PREFIX}/kpis/{kpi.code}?{urlencode(kept)}") for kpi, told in found))


def figures_sheet(label: str, found: Iterable[tuple[Kpi, Measured, str | None]]) -> Sheet:
    """A line a figure: its value, what that was made of, and how. `label`: what they are; with where each leads."""
    columns = (
        Column("figure", label),
        Column("value", _("Value"), "number"),
        Column("above", _("Numerator"), "number"),
        Column("below", _("Denominator"), "number"),
        Column("formula", _("Formula"), "wide"),
    )
    rows = []
    for figure, told, href in found:
        cells = {
            "figure": Cell(figure.label_text(), href=href),
            "value": Cell(value_text(figure, told)),
            "above": Cell(number_text(told.numerator)),
            "below": Cell(number_text(told.denominator)),
            "formula": Cell(figure.formula_text()),
        }
        rows.append(Row(figure.code, cells))
    return Sheet(columns, tuple(rows))


def missing_sheet(found: Iterable[Kpi]) -> Sheet:
    """Those of these figures that are not measured here, with the reason."""
    columns = (
        Column("kpi", _("KPI")),
        Column("value", _("Value")),
        Column("why", _("Why"), "wide"),
        Column("formula", _("Formula"), "wide"),
    )
    rows = [
        Row(
            kpi.code,
            {
                "kpi": Cell(kpi.label_text()),
                "value": Cell(_("not measured here")),
                "why": Cell(kpi.missing_text()),
                "formula": Cell(kpi.formula_text()),
            },
        )
        for kpi in found
        if kpi.missing
    ]
    return Sheet(columns, tuple(rows))


def periods_sheet(kpi: Kpi, found: Sequence[Period]) -> Sheet:
    """A line a day or month, the newest first."""
    columns = (
        Column("time", _("Time")),
        Column("value", _("Value"), "number"),
        Column("above", kpi.numerator_text(), "number"),
        Column("below", kpi.denominator_text(), "number"),
        Column("days", _("Days counted"), "number"),
    )
    rows = [Row(one.name, {"time": Cell(one.name)} | _cells(kpi, one)) for one in reversed(found)]
    return Sheet(columns, tuple(rows))


def file_sheet(wards: Sequence[str], found: Sequence[Period], chosen: Kpi | None) -> Sheet:
    """Everything for a file: a line a KPI and day or month, of one KPI or of all."""
    columns = (
        Column("time", _("Time")),
        Column("wards", _("Ward")),
        Column("kpi", _("KPI")),
        Column("value", _("Value")),
        Column("unit", _("Unit")),
        Column("above", _("Numerator")),
        Column("below", _("Denominator")),
        Column("days", _("Days counted")),
        Column("formula", _("Formula")),
    )
    shown = [kpi for kpi in kpis().values() if not kpi.missing and chosen in (None, kpi)]
    rows = []
    for one in found:
        for kpi in shown:
            value = one.measured(kpi).value
            cells = {
                "time": Cell(one.name),
                "wards": Cell(" ".join(wards)),
                "kpi": Cell(kpi.label_text()),
                "unit": Cell(unit_text(kpi)),
                "formula": Cell(kpi.formula_text()),
            }
            number = {"value": Cell(NOTHING if value is None else f"{float(value):.2f}")}
            rows.append(Row(f"{one.name}-{kpi.code}", _cells(kpi, one) | cells | number))
    return Sheet(columns, tuple(rows))


def unit_text(kpi: Kpi) -> str:
    """The unit as it is read."""
    return _("days") if kpi.unit == "d" else kpi.unit


def value_text(kpi: Kpi, found: Measured) -> str:
    """The value with its unit; a dash where there is nothing to divide by, words where nothing was reported."""
    if found.value is None:
        return NOTHING
    if kpi.reported and not found.numerator:
        return _("none reported")
    return f"{float(found.value):.1f} {unit_text(kpi)}".strip()


def number_text(term: Fraction) -> str:
    """A term: whole where it is whole."""
    return str(term.numerator) if term.denominator == 1 else f"{float(term):.1f}"


def _cells(kpi: Kpi, one: Period) -> dict[str, Cell]:
    found = one.measured(kpi)
    return {
        "value": Cell(value_text(kpi, found)),
        "above": Cell(number_text(found.numerator)),
        "below": Cell(number_text(found.denominator)),
        "days": Cell(str(one.days)),
    }
