"""The curves of temperature, pulse and heart rate: symbols, the lines between them, and where the lines break."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import pairwise

from wardlink.clinical.temperature_chart.axis import Place, pulse_y, temperature_y
from wardlink.clinical.temperature_chart.conventions import Conventions
from wardlink.clinical.temperature_chart.cooling import Cooled, cooled
from wardlink.clinical.temperature_chart.facts import Facts, Measurement
from wardlink.clinical.temperature_chart.page import Beyond, Colour, Mark, Note, Series, Stroke, Symbol
from wardlink.clinical.temperature_chart.slots import chosen, column_of
from wardlink.clinical.temperature_chart.words import NOT_RISING, number_text
from wardlink.i18n import gettext

HATCH_STEP = 0.25
"""So many columns lie between two lines of the hatching."""

ABSENT = ("refused", "out", "leave")
"""Events and reasons after which a curve begins anew."""


@dataclass
class Curves:
    """What is drawn on the grid, in the order of drawing."""

    marks: list[Mark] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    beyond: list[Beyond] = field(default_factory=list)
    not_rising: list[Note] = field(default_factory=list)


@dataclass(frozen=True)
class _Point:
    column: int
    at: datetime
    place: Place
    value: float

    @property
    def x(self) -> float:
        return self.column + 0.5


def curves(facts: Facts, start_on: date, columns: int, by: Conventions) -> Curves:
    """Everything on the grid of the page that begins on `start_on`."""
    drawn = Curves()
    coolings = cooled(facts.measurements, facts.events, by)
    temps = _temperature(drawn, facts, coolings, start_on, columns, by)
    _after_cooling(drawn, coolings, start_on, columns, by)
    _heart(drawn, facts, temps, start_on, columns, by)
    return drawn


def _temperature(
    drawn: Curves, facts: Facts, coolings: list[Cooled], start_on: date, columns: int, by: Conventions
) -> dict[int, Mark]:
    after = {id(one.after) for one in coolings}
    roots = {id(one.root) for one in coolings}
    # What was cooled stands on the chart whatever else was measured: the red ring hangs on it.
    offered = [replace(m, standing="must") if id(m) in roots else m for m in facts.measurements if id(m) not in after]
    taken = chosen(offered, lambda m: m.temp_c is not None or _is_not_rising(m), start_on, by)
    breaks = _breaks(facts, "temp_c", taken, start_on, by)
    points: list[_Point] = []
    marks: dict[int, Mark] = {}
    for column, one in _on_page(taken, columns):
        if one.temp_c is None or one.temp_c < by.below_c:
            breaks.append(one.at)
            low_y = temperature_y(by.below_c, by).y
            drawn.not_rising.append(Note(column, low_y, gettext(NOT_RISING), "blue"))
            continue
        point = _Point(column, one.at, temperature_y(one.temp_c, by), one.temp_c)
        points.append(point)
        symbol = by.symbols.get(one.temp_method or "", by.symbols["unknown"])
        marks[column] = Mark(point.x, point.place.y, symbol, "blue", "temp", one.temp_c)
        _say_beyond(drawn, point, "blue")
    drawn.strokes += _lines(points, breaks, "blue", "temp", by)
    drawn.marks += marks.values()
    return marks


def _after_cooling(drawn: Curves, coolings: list[Cooled], start_on: date, columns: int, by: Conventions) -> None:
    for one in coolings:
        column = column_of(one.root.at, start_on, by)
        if column is None or not 0 <= column < columns or one.before.temp_c is None or one.after.temp_c is None:
            continue
        point = _Point(column, one.after.at, temperature_y(one.after.temp_c, by), one.after.temp_c)
        before_y = temperature_y(one.before.temp_c, by).y
        drawn.strokes.append(Stroke(point.x, before_y, point.x, point.place.y, "red", "dashed", "after-cooling"))
        # Where cooling has changed nothing the ring must not hide the symbol that it hangs on.
        symbol: Symbol = "ring-around" if before_y == point.place.y else "ring"
        drawn.marks.append(Mark(point.x, point.place.y, symbol, "red", "after-cooling", point.value))
        _say_beyond(drawn, point, "red")


def _heart(
    drawn: Curves, facts: Facts, temps: Mapping[int, Mark], start_on: date, columns: int, by: Conventions
) -> None:
    felt = chosen(facts.measurements, lambda m: m.pulse_per_min is not None, start_on, by)
    heard = chosen(facts.measurements, lambda m: m.hr_per_min is not None, start_on, by)
    # Both of one set belong together: a deficit is counted at the same time.
    heard |= {column: one for column, one in felt.items() if one.hr_per_min is not None}
    pulses = _points(felt, lambda m: m.pulse_per_min, columns, by)
    hearts = _points(heard, lambda m: m.hr_per_min, columns, by)
    pulse_breaks = _breaks(facts, "pulse_per_min", felt, start_on, by)
    heart_breaks = _breaks(facts, "hr_per_min", heard, start_on, by)
    both = [(h, p) for h in hearts for p in pulses if h.column == p.column and felt[h.column] is heard[h.column]]
    drawn.strokes += _hatching(both, {p.column for p in (*pulses, *hearts)}, pulse_breaks + heart_breaks, by)
    name: Series
    for points, taken, name, breaks in (
        (pulses, felt, "pulse", pulse_breaks),
        (hearts, heard, "hr", heart_breaks),
    ):
        drawn.strokes += _lines(points, breaks, "red", name, by)
        for point in points:
            mark = Mark(point.x, point.place.y, "dot" if name == "pulse" else "ring", "red", name, point.value)
            drawn.marks.append(_beside_temperature(mark, temps.get(point.column), taken[point.column]))
            _say_beyond(drawn, point, "red")


def _beside_temperature(mark: Mark, temp: Mark | None, one: Measurement) -> Mark:
    """A red ring goes around a blue symbol in the same place; into a blue ring goes the red dot."""
    if temp is not None and temp.y == mark.y and not (temp.symbol == "ring" and mark.symbol == "dot"):
        return replace(mark, symbol="ring-around")
    return replace(mark, symbol="paced") if one.paced else mark


def _points(
    taken: Mapping[int, Measurement], value_of: Callable[[Measurement], float | None], columns: int, by: Conventions
) -> list[_Point]:
    found = []
    for column, one in _on_page(taken, columns):
        value = value_of(one)
        if value is not None:
            found.append(_Point(column, one.at, pulse_y(value, by), value))
    return found


def _hatching(
    both: list[tuple[_Point, _Point]], taken: set[int], breaks: list[datetime], by: Conventions
) -> Iterator[Stroke]:
    """Lines from the heart rate down to the pulse where one lacks, and between two columns where both lines go."""
    lacks = {h.column for h, p in both if h.value - p.value >= by.deficit_least_per_min}
    for heart, pulse in both:
        if heart.column in lacks:
            yield Stroke(heart.x, heart.place.y, pulse.x, pulse.place.y, "red", "hatch", "hr")
    for (heart, pulse), (next_heart, next_pulse) in pairwise(both):
        between = range(heart.column + 1, next_heart.column)
        is_broken = any(heart.at < at < next_heart.at for at in breaks) or not taken.isdisjoint(between)
        if is_broken or not {heart.column, next_heart.column} & lacks:
            continue
        steps = round((next_heart.x - heart.x) / HATCH_STEP)
        for step in range(1, steps):
            share = step / steps
            x = heart.x + (next_heart.x - heart.x) * share
            top = heart.place.y + (next_heart.place.y - heart.place.y) * share
            low = pulse.place.y + (next_pulse.place.y - pulse.place.y) * share
            yield Stroke(x, top, x, low, "red", "hatch", "hr")


def _lines(
    points: list[_Point], breaks: list[datetime], colour: Colour, series: Series, by: Conventions
) -> Iterator[Stroke]:
    for before, after in pairwise(points):
        broken = any(before.at < at < after.at for at in breaks)
        if broken or (before.value == after.value and not by.joins_equal):
            continue
        yield Stroke(before.x, before.place.y, after.x, after.place.y, colour, "solid", series)


def _breaks(
    facts: Facts, key: str, taken: Mapping[int, Measurement], start_on: date, by: Conventions
) -> list[datetime]:
    """Instants over which no line goes: events, and reasons in a column in which nothing was measured after all."""
    at_once = [event.at for event in facts.events if event.kind in ABSENT and event.kind in by.breaks_line]
    reasons = [m for m in facts.measurements if m.not_measured.get(key) in by.breaks_line]
    return at_once + [m.at for m in reasons if column_of(m.at, start_on, by) not in taken]


def _is_not_rising(one: Measurement) -> bool:
    return one.not_measured.get("temp_c") == "not-rising"


def _on_page(taken: Mapping[int, Measurement], columns: int) -> Iterable[tuple[int, Measurement]]:
    return ((column, one) for column, one in taken.items() if 0 <= column < columns)


def _say_beyond(drawn: Curves, point: _Point, colour: Colour) -> None:
    if point.place.beyond:
        text = point.place.beyond + number_text(point.value)
        drawn.beyond.append(Beyond(point.x, point.place.y, text, colour))
