"""The geometry of a curve in braille dots: scales, ticks and lines. Pure; `wardlink.terminal.curve` paints it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from wardlink.clock import ward_time

BLANK = 0x2800
"""An empty braille cell. A space would be narrower than its neighbours in some fonts."""

_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))

STEPS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 5000.0)
TIME_STEPS = tuple(
    timedelta(minutes=minutes) for minutes in (5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 10080)
)


@dataclass(frozen=True)
class Reading:
    """One value at an instant. `value` None breaks the line; `off` says that the lead was off."""

    at: datetime
    value: float | None
    off: bool = False


@dataclass(frozen=True)
class Scale:
    """A range of values on a number of dots, the highest value at dot 0."""

    low: float
    high: float
    dots: int

    def dot(self, value: float) -> int:
        """Where `value` lies; what lies beyond the scale lies on its edge."""
        share = (value - self.low) / (self.high - self.low)
        return round((1 - min(1.0, max(0.0, share))) * (self.dots - 1))


@dataclass(frozen=True)
class Window:
    """A stretch of time on a number of dots, the beginning at dot 0."""

    start_at: datetime
    end_at: datetime
    dots: int

    def dot(self, at: datetime) -> int:
        """Where `at` lies; may lie outside."""
        return math.floor((at - self.start_at) / (self.end_at - self.start_at) * (self.dots - 1) + 0.5)

    def holds(self, at: datetime) -> bool:
        """Whether `at` lies inside."""
        return self.start_at <= at <= self.end_at


class Canvas:
    """Dots on cells, two wide and four high. Each cell remembers the last series that drew in it."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns = columns
        self.rows = rows
        self._bits = [[0] * columns for _ in range(rows)]
        self._owner: list[list[int | None]] = [[None] * columns for _ in range(rows)]

    def dot(self, x: int, y: int, owner: int) -> None:
        """Set one dot; outside the canvas nothing happens."""
        column, row = x // 2, y // 4
        if 0 <= column < self.columns and 0 <= row < self.rows:
            self._bits[row][column] |= _DOTS[x % 2][y % 4]
            self._owner[row][column] = owner

    def line(self, x0: int, y0: int, x1: int, y1: int, owner: int) -> None:
        """A straight line of dots, both ends included."""
        steps = max(abs(x1 - x0), abs(y1 - y0), 1)
        for step in range(steps + 1):
            self.dot(round(x0 + (x1 - x0) * step / steps), round(y0 + (y1 - y0) * step / steps), owner)

    def mark(self, x: int, y: int, owner: int) -> None:
        """A spot that can be seen alone: a reading with no neighbour."""
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                self.dot(x + dx, y + dy, owner)

    def row(self, row: int) -> Iterator[tuple[str, int | None]]:
        """One row of cells: the character, and whose it is."""
        for bits, owner in zip(self._bits[row], self._owner[row], strict=True):
            yield chr(BLANK + bits), owner


def scale_for(values: Iterable[float], *, least_span: float, dots: int, limits: tuple[float, float]) -> Scale:
    """A scale with round ends that holds all `values` and is no narrower than `least_span`.

    A narrow scale would make the noise of a thermometer look like a fever. `limits`: what the ends never pass.
    """
    known = list(values)
    low, high = (min(known), max(known)) if known else limits
    middle, span = (low + high) / 2, max(high - low, least_span)
    step = step_for(span, 4)
    start = math.floor((middle - span / 2) / step) * step
    end = math.ceil((middle + span / 2) / step) * step
    return Scale(max(start, limits[0]), min(max(end, start + step), limits[1]), dots)


def step_for(span: float, most: int) -> float:
    """The finest round step that divides `span` in at most `most` parts."""
    return next((step for step in STEPS if span / step <= most), span)


def value_ticks(scale: Scale, most: int) -> list[float]:
    """Round values on the scale, at most about `most` of them, upwards."""
    step = step_for(scale.high - scale.low, max(1, most - 1))
    first = math.ceil(scale.low / step - 1e-9)
    last = math.floor(scale.high / step + 1e-9)
    return [round(n * step, 6) for n in range(first, last + 1)]


def time_ticks(window: Window, most: int) -> list[datetime]:
    """Round instants of the ward's clock in the window, at most about `most` of them."""
    span = window.end_at - window.start_at
    step = next((step for step in TIME_STEPS if span / step <= most), span)
    local = ward_time(window.start_at)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + math.ceil((local - midnight) / step) * step
    ticks = []
    while at <= window.end_at:
        ticks.append(at)
        at += step
    return ticks


def draw(
    canvas: Canvas, readings: Iterable[Reading], scale: Scale, window: Window, joins: timedelta, owner: int
) -> None:
    """Draw one series: neighbours no more than `joins` apart are joined, a None between them keeps them apart."""
    before: Reading | None = None
    for reading, after in _with_next(readings):
        if reading.value is None:
            before = None
            continue
        x, y = window.dot(reading.at), scale.dot(reading.value)
        joined = before is not None and before.value is not None and reading.at - before.at <= joins
        if joined and before is not None and before.value is not None:
            canvas.line(window.dot(before.at), scale.dot(before.value), x, y, owner)
        goes_on = after is not None and after.value is not None and after.at - reading.at <= joins
        crowded = joined and goes_on and before is not None and x - window.dot(before.at) < _ROOM_FOR_MARKS
        if not crowded:
            canvas.mark(x, y, owner)
        before = reading


_ROOM_FOR_MARKS = 6


def _with_next(readings: Iterable[Reading]) -> Iterator[tuple[Reading, Reading | None]]:
    ordered = list(readings)
    yield from pairwise(ordered)
    if ordered:
        yield ordered[-1], None


def spans_off(readings: Iterable[Reading]) -> list[tuple[datetime, datetime]]:
    """The stretches in which the lead was off: from the first sample that says so to the next value."""
    spans: list[tuple[datetime, datetime]] = []
    began_at: datetime | None = None
    last_at: datetime | None = None
    for reading in readings:
        if reading.off:
            began_at = began_at or reading.at
        elif began_at is not None:
            spans.append((began_at, reading.at))
            began_at = None
        last_at = reading.at
    if began_at is not None and last_at is not None:
        spans.append((began_at, last_at))
    return spans
