"""Readings as curves of braille dots, with axes that say the time and the unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from wardlink.clock import ward_time
from wardlink.i18n import gettext as _
from wardlink.terminal.cells import clip, fit, width
from wardlink.terminal.picture import Picture
from wardlink.terminal.plot import (
    Canvas,
    Scale,
    Window,
    draw,
    scale_for,
    spans_off,
    time_ticks,
    value_ticks,
)

COLOURS = ("curve--first", "curve--second", "curve--third", "curve--fourth")
MARKS = "●◆▲■"


class Curve(Widget):
    """A picture of readings. Give it one with `show`; it fits itself to its size."""

    DEFAULT_CSS = """
    Curve { height: 1fr; width: 1fr; }
    Curve > .curve--axis { color: $text-muted; }
    Curve > .curve--title { color: $text; text-style: bold; }
    Curve > .curve--first { color: #5fd7ff; }
    Curve > .curve--second { color: #ffaf5f; }
    Curve > .curve--third { color: #afd75f; }
    Curve > .curve--fourth { color: #ff87d7; }
    Curve > .curve--stale { color: #8a8a8a; }
    Curve > .curve--usual { color: #5f8787; }
    Curve > .curve--off { color: #ffd75f; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "curve--axis",
        "curve--title",
        "curve--stale",
        "curve--usual",
        "curve--off",
        *COLOURS,
    }

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._picture: Picture | None = None
        self._strips: list[Strip] | None = None

    def show(self, picture: Picture | None) -> None:
        """Draw this picture from now on; None: nothing yet."""
        if picture != self._picture:
            self._picture = picture
            self._strips = None
            self.refresh()

    def on_resize(self, _: events.Resize) -> None:
        self._strips = None

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips = None

    def render_line(self, y: int) -> Strip:
        """One row of the picture."""
        if self._strips is None:
            self._strips = self._paint()
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.rich_style)

    def _paint(self) -> list[Strip]:
        columns, rows = self.size
        if self._picture is None or columns < _LEAST_COLUMNS or rows < _LEAST_ROWS:
            return []
        return _Painter(self, self._picture, columns, rows).strips()

    def ink(self, name: str) -> Style:
        """The style of one of the component classes, on the background of the widget."""
        return self.get_component_rich_style(name)


_LEAST_COLUMNS = 16
_LEAST_ROWS = 5


class _Painter:
    """Turns a picture into strips of one size."""

    def __init__(self, curve: Curve, picture: Picture, columns: int, rows: int) -> None:
        self.curve = curve
        self.picture = picture
        self.columns = columns
        self.series = picture.visible()
        self.off = [span for s in self.series for span in spans_off(s.readings)]
        self.plot_rows = rows - 3 - bool(self.off)  # legend, axis, times, and the lane of leads that were off
        self.scale = self._scale()
        self.labels = self._value_labels()
        self.left = max(map(width, self.labels.values()), default=1) + 1
        self.plot_columns = columns - self.left
        self.window = Window(picture.start_at, picture.end_at, self.plot_columns * 2)

    def strips(self) -> list[Strip]:
        """The whole picture, a strip a row."""
        lines = [self._legend(), *self._plot()]
        if self.off:
            lines.append(self._off_lane())
        lines += self._time_axis()
        base = self.curve.rich_style
        return [Strip(segments).apply_style(base).adjust_cell_length(self.columns, base) for segments in lines]

    def _scale(self) -> Scale:
        values = [
            reading.value
            for s in self.series
            for reading in s.readings
            if reading.value is not None and self.picture.start_at <= reading.at <= self.picture.end_at
        ]
        picture = self.picture
        if not values:
            values = [bound for s in self.series if s.usual for bound in s.usual]
        return scale_for(values, least_span=picture.least_span, dots=self.plot_rows * 4, limits=picture.limits)

    def _value_labels(self) -> dict[int, str]:
        ticks = value_ticks(self.scale, max(4, self.plot_rows // 2))
        return {self.scale.dot(value) // 4: f"{value:.{self._decimals(ticks)}f}" for value in ticks}

    def _decimals(self, ticks: Sequence[float]) -> int:
        whole = all(abs(value - round(value)) < 1e-9 for value in ticks)
        return 0 if whole else max(1, self.picture.decimals)

    def _legend(self) -> list[Segment]:
        axis, title = self.curve.ink("curve--axis"), self.curve.ink("curve--title")
        segments = [Segment(fit(self.picture.unit, self.left + width(self.picture.unit)), axis)]
        for index, s in enumerate(self.series):
            ink = self._ink_of(index)
            segments += [Segment(f"{MARKS[index]} ", ink), Segment(s.label, ink if s.stale else title)]
            if s.stale:
                segments.append(Segment(" " + _("(old)"), ink))
            segments.append(Segment("  ", axis))
        return segments

    def _ink_of(self, index: int) -> Style:
        return self.curve.ink("curve--stale" if self.series[index].stale else COLOURS[index % len(COLOURS)])

    def _plot(self) -> list[list[Segment]]:
        canvas = Canvas(self.plot_columns, self.plot_rows)
        for s in self.series:
            for bound in s.usual or ():
                if self.scale.low < bound < self.scale.high:
                    for x in range(0, self.plot_columns * 2, 4):
                        canvas.dot(x, self.scale.dot(bound), _USUAL)
        for index, s in enumerate(self.series):
            draw(canvas, s.readings, self.scale, self.window, s.joins, index)
        lines = [self._plot_row(canvas, row) for row in range(self.plot_rows)]
        if not any(self.picture.start_at <= r.at <= self.picture.end_at for s in self.series for r in s.readings):
            lines[self.plot_rows // 2] = self._empty_row(self.plot_rows // 2)
        return lines

    def _plot_row(self, canvas: Canvas, row: int) -> list[Segment]:
        segments = [self._axis_cell(row)]
        run, owner = "", None
        for char, whose in canvas.row(row):
            if whose != owner and run:
                segments.append(self._run(run, owner))
                run = ""
            run, owner = run + char, whose
        segments.append(self._run(run, owner))
        return segments

    def _axis_cell(self, row: int) -> Segment:
        label = self.labels.get(row)
        text = fit(label or "", self.left - 1, "right") + ("┤" if label else "│")
        return Segment(text, self.curve.ink("curve--axis"))

    def _run(self, text: str, owner: int | None) -> Segment:
        if owner is None:
            return Segment(text, self.curve.ink("curve--axis"))
        return Segment(text, self.curve.ink("curve--usual") if owner == _USUAL else self._ink_of(owner))

    def _empty_row(self, row: int) -> list[Segment]:
        axis = self.curve.ink("curve--axis")
        return [
            self._axis_cell(row),
            Segment(fit(_("Nothing recorded in this time"), self.plot_columns, "centre"), axis),
        ]

    def _off_lane(self) -> list[Segment]:
        cells = [" "] * self.plot_columns
        word = " " + _("lead off") + " "
        for start_at, end_at in self.off:
            first = max(0, self.window.dot(start_at) // 2)
            last = min(self.plot_columns - 1, self.window.dot(end_at) // 2)
            for column in range(first, last + 1):
                cells[column] = "━"
        text = "".join(cells)
        # On the line where it is long enough, otherwise in a gap beside it; a colour alone says nothing.
        for room in ("━" * (width(word) + 2), " " * width(word)):
            at = text.find(room) + (room[0] == "━")
            if room in text:
                text = text[:at] + word + text[at + width(word) :]
                break
        off = self.curve.ink("curve--off")
        return [Segment(" " * (self.left - 1) + "│", self.curve.ink("curve--axis")), Segment(text, off)]

    def _time_axis(self) -> list[list[Segment]]:
        days = self.window.end_at - self.window.start_at > timedelta(hours=26)
        form = "%m-%d %H:%M" if days else "%H:%M"
        room = 13 if days else 8
        rule = ["─"] * self.plot_columns
        labels = " " * self.columns
        for at in time_ticks(self.window, max(1, self.plot_columns // room)):
            column = self.window.dot(at) // 2
            text = ward_time(at).strftime(form)
            begin = min(max(0, self.left + column - len(text) // 2), self.columns - len(text))
            if labels[max(0, begin - 1) : begin + len(text)].strip():
                continue
            rule[column] = "┬"
            labels = labels[:begin] + text + labels[begin + len(text) :]
        axis = self.curve.ink("curve--axis")
        return [
            [Segment(" " * (self.left - 1) + "└" + "".join(rule), axis)],
            [Segment(clip(labels, self.columns), axis)],
        ]


_USUAL = -1
