"""The bottom block: numbers without units, each in its column or its day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from wardlink.clinical.temperature_chart.conventions import Conventions
from wardlink.clinical.temperature_chart.facts import DayTotals, Facts, Measurement
from wardlink.clinical.temperature_chart.page import Colour, Half, Row, RowCell
from wardlink.clinical.temperature_chart.slots import chosen
from wardlink.clinical.temperature_chart.words import number_text
from wardlink.clock import ward_date, ward_time
from wardlink.i18n import N_, gettext

_SIGNS: Mapping[str, tuple[str, Colour]] = {
    "positive": ("(+)", "red"),
    "negative": ("(−)", "blue"),
    "doubtful": ("(±)", "black"),
}
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def bottom(facts: Facts, days: tuple[date, ...], by: Conventions) -> tuple[Row, ...]:
    """The rows below the grid, in the order of the sheet."""
    columns = len(by.column_hours)

    def in_days(texts: dict[date, list[tuple[str, Colour]]]) -> tuple[RowCell, ...]:
        return tuple(_of_days(texts, days, columns))

    def row(key: str, label: str, cells: Iterable[RowCell], unit: str = "") -> Row:
        return Row(key, gettext(label), tuple(cells), unit)

    totals = {one.day: one for one in facts.totals}
    return (
        row("rr", N_("Respiration"), _breaths(facts, days, by), "/min"),
        row("bp", N_("Blood pressure"), _pressures(facts, days, by), "mmHg"),
        row("intake", N_("Intake"), in_days({d: _amount(t.intake_ml, t) for d, t in totals.items()}), "mL"),
        row("urine", N_("Urine"), in_days({d: _urine(t) for d, t in totals.items()}), "mL"),
        row("stool", N_("Stools"), in_days(_stools(facts, by))),
        row("output", N_("Other output"), in_days({d: _other(t) for d, t in totals.items()}), "mL"),
        row("weight", N_("Weight"), in_days(_weights(facts)), "kg"),
        row("height", N_("Height"), in_days(_newest(facts, "height_cm")), "cm"),
        row("girth", N_("Girth"), in_days(_newest(facts, "girth_cm")), "cm"),
        row("risk", N_("Risk scores"), in_days(_risks(facts, by))),
        row("skin", N_("Skin test"), in_days(_skin_tests(facts))),
        row("pain", N_("Pain score"), _pains(facts, days, by)),
    )


def stool_text(text: str) -> str:
    """The entry as it is written: what came before an enema stands raised."""
    before = re.fullmatch(r"(\d+) (.+)", text, re.ASCII)
    return text if before is None else before[1].translate(_SUPERSCRIPT) + before[2]


def _of_days(texts: dict[date, list[tuple[str, Colour]]], days: tuple[date, ...], columns: int) -> Iterator[RowCell]:
    for index, day in enumerate(days):
        said = texts.get(day, [])
        for part, (text, colour) in enumerate(said):
            wide = columns / len(said)
            yield RowCell(index * columns + part * wide, wide, text, colour)


def _breaths(facts: Facts, days: tuple[date, ...], by: Conventions) -> Iterator[RowCell]:
    taken = chosen(facts.measurements, lambda m: m.rr_per_min is not None or m.ventilated, days[0], by)
    halves: tuple[Half, Half] = ("upper", "lower") if by.first_half == "upper" else ("lower", "upper")
    on_page = [(c, m) for c, m in taken.items() if 0 <= c < len(days) * len(by.column_hours)]
    for number, (column, one) in enumerate(on_page):
        text = by.ventilated if one.ventilated else number_text(one.rr_per_min or 0)
        yield RowCell(column, 1, text, half=halves[number % 2])


def _pressures(facts: Facts, days: tuple[date, ...], by: Conventions) -> Iterator[RowCell]:
    """The first of each part of the day: of two parts the morning and the rest."""
    parts, columns = by.pressures_a_day, len(by.column_hours)
    found: dict[tuple[int, int], str] = {}
    for one in sorted(facts.measurements, key=lambda m: m.at):
        day = (ward_date(one.at) - days[0]).days
        if one.sbp_mmhg is None or one.standing == "record-only" or not 0 <= day < len(days):
            continue
        found.setdefault((day, ward_time(one.at).hour * parts // 24), _pressure(one, by))
    wide = columns / parts
    for (day, part), text in sorted(found.items()):
        yield RowCell(day * columns + part * wide, wide, text)


def _pressure(one: Measurement, by: Conventions) -> str:
    low = "—" if one.dbp_mmhg is None else number_text(one.dbp_mmhg)
    return f"{number_text(one.sbp_mmhg or 0)}/{low}{by.leg_mark if one.leg else ''}"


def _amount(amount_ml: float | None, total: DayTotals) -> list[tuple[str, Colour]]:
    """A total of less than a whole day says of how many hours."""
    if amount_ml is None:
        return []
    hours = "" if total.hours == 24 else f"({total.hours}h)"
    return [(number_text(amount_ml) + hours, "black")]


def _urine(total: DayTotals) -> list[tuple[str, Colour]]:
    said = "※" if total.incontinent else ""
    said += "".join(text for text, _colour in _amount(total.urine_ml, total))
    return [(said + ("/C" if total.catheter else ""), "black")] if said else []


def _other(total: DayTotals) -> list[tuple[str, Colour]]:
    named = [f"{name} {number_text(amount_ml)}" for name, amount_ml in total.drains.items()]
    return [(text, "black") for text in named] or _amount(total.output_ml, total)


def _stools(facts: Facts, by: Conventions) -> dict[date, list[tuple[str, Colour]]]:
    back = timedelta(days=0 if by.stool_belongs_to == "asked" else 1)
    asked = sorted((m for m in facts.measurements if m.stool is not None), key=lambda m: m.at)
    return {ward_date(m.at) - back: [(stool_text(m.stool or ""), "black")] for m in asked}


def _weights(facts: Facts) -> dict[date, list[tuple[str, Colour]]]:
    lying: dict[date, list[tuple[str, Colour]]] = {
        ward_date(m.at): [(gettext(N_("bedridden")), "black")]
        for m in facts.measurements
        if m.not_measured.get("weight_kg") == "bedridden"
    }
    return lying | _newest(facts, "weight_kg")


def _newest(facts: Facts, key: str) -> dict[date, list[tuple[str, Colour]]]:
    known = sorted((m for m in facts.measurements if getattr(m, key) is not None), key=lambda m: m.at)
    return {ward_date(m.at): [(number_text(getattr(m, key)), "black")] for m in known}


def _skin_tests(facts: Facts) -> dict[date, list[tuple[str, Colour]]]:
    found: dict[date, list[tuple[str, Colour]]] = {}
    for test in sorted(facts.skin_tests, key=lambda test: test.at):
        sign = _SIGNS[test.result]
        found.setdefault(ward_date(test.at), []).append((test.drug + sign[0], sign[1]))
    return found


def _risks(facts: Facts, by: Conventions) -> dict[date, list[tuple[str, Colour]]]:
    """The last of a day, by scale."""
    newest = {(ward_date(risk.at), risk.scale): risk for risk in sorted(facts.risks, key=lambda risk: risk.at)}
    found: dict[date, list[tuple[str, Colour]]] = {}
    for (day, scale), risk in sorted(newest.items(), key=lambda item: item[0][0]):
        if scale in by.risk_scales:
            found.setdefault(day, []).append((f"{scale.capitalize()} {risk.total}", "black"))
    return {day: sorted(said, reverse=True) for day, said in found.items()}


def _pains(facts: Facts, days: tuple[date, ...], by: Conventions) -> Iterator[RowCell]:
    taken = chosen(facts.measurements, lambda m: m.pain_nrs is not None, days[0], by)
    for column, one in taken.items():
        if 0 <= column < len(days) * len(by.column_hours):
            yield RowCell(column, 1, number_text(one.pain_nrs or 0))
