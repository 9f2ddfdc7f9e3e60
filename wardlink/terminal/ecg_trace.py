"""An ECG strip on its paper. Give it a strip and a look with `show`; a tap tells which sample lies under the finger."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip as CellStrip
from textual.widget import Widget

from wardlink.i18n import gettext as _
from wardlink.terminal.cells import fit
from wardlink.terminal.ecg_cells import GUTTER, Look, Row, Sheet, sample_at, sheet, spans

if TYPE_CHECKING:
    from wardlink.clinical.ecg.strip import Strip
    from wardlink.terminal.ecg_cells import Spans


INKS = ("trace", "big", "small", "name", "pulse", "beat", "axis", "off", "cut", "mark", "plain")


class EcgTrace(Widget, can_focus=True):
    """Beats on top, leads below each other, seconds at the bottom; what there is to say instead, if no curve."""

    DEFAULT_CSS = """
    EcgTrace { height: 1fr; width: 1fr; background: #140c0c; }
    EcgTrace > .trace--trace { color: #b8ffd0; text-style: bold; }
    EcgTrace > .trace--big { color: #8a3f3f; }
    EcgTrace > .trace--small { color: #4a2626; }
    EcgTrace > .trace--name { color: #ffffff; text-style: bold; }
    EcgTrace > .trace--pulse { color: #9fb4c4; }
    EcgTrace > .trace--beat { color: #ffd75f; }
    EcgTrace > .trace--axis { color: #c7d0d8; }
    EcgTrace > .trace--off { color: #ffd75f; text-style: bold; }
    EcgTrace > .trace--cut { color: #ffd75f; text-style: bold; }
    EcgTrace > .trace--mark { color: #101418; background: #7fd4ff; text-style: bold; }
    EcgTrace > .trace--plain { color: $foreground; }
    EcgTrace > .trace--column { background: #1f5580; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"trace--column", *(f"trace--{ink}" for ink in INKS)}

    class Tapped(Message):
        """A finger chose a sample."""

        def __init__(self, sample: int) -> None:
            super().__init__()
            self.sample = sample

    class Wheeled(Message):
        """The wheel was turned: so many big squares to the right, or to the left."""

        def __init__(self, squares: int) -> None:
            super().__init__()
            self.squares = squares

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._strip: Strip | None = None
        self._spans: Spans = {}
        self._look: Look | None = None
        self._instead = ""
        self._sheet: Sheet | None = None

    def show(self, strip: Strip | None, look: Look | None, *, instead: str = "") -> None:
        """Draw this from now on; without a strip, say `instead`."""
        if strip is not self._strip:
            self._spans = spans(strip) if strip is not None else {}
        elif (look, instead) == (self._look, self._instead):
            return
        self._strip, self._look, self._instead = strip, look, instead
        self._again()

    @property
    def columns(self) -> int:
        """Columns of paper: millimetres that can be seen."""
        return max(1, self.size.width - GUTTER)

    def _again(self) -> None:
        self._sheet = None
        self.refresh()

    def on_resize(self, _: events.Resize) -> None:
        """There is room for more, or for less."""
        self._again()

    def render_line(self, y: int) -> CellStrip:
        """One row."""
        base, (columns, rows) = self.rich_style, self.size
        if self._strip is None or self._look is None or rows < 3 or columns <= GUTTER:
            return self._words(y)
        if self._sheet is None:
            self._sheet = sheet(self._strip, self._spans, self._look, columns, rows, _("lead off"))
        if y >= len(self._sheet.rows):
            return CellStrip.blank(columns, base)
        return CellStrip(self._segments(self._sheet.rows[y], self._sheet)).adjust_cell_length(columns, base)

    def _words(self, y: int) -> CellStrip:
        room = max(8, self.size.width - 4)
        lines = _wrapped(self._instead, room)
        first = max(0, self.size.height // 2 - len(lines))
        text = lines[y - first] if 0 <= y - first < len(lines) else ""
        return CellStrip([Segment(fit("  " + text, self.size.width), self._ink("off"))])

    def _segments(self, row: Row, found: Sheet) -> list[Segment]:
        column = self.get_component_rich_style("trace--column", partial=True)
        named = [
            (name, at in found.marked and name != "mark", char)
            for at, (char, name) in enumerate(zip(row.chars, row.inks, strict=True))
        ]
        return [
            Segment("".join(char for *_, char in run), self._ink(name) + (column if is_marked else Style()))
            for (name, is_marked), run in groupby(named, key=lambda cell: cell[:2])
        ]

    def _ink(self, name: str) -> Style:
        return self.get_component_rich_style(f"trace--{name}")

    def on_click(self, event: events.Click) -> None:
        """Tell which sample lies under the finger."""
        if self._strip is not None and self._look is not None and event.x >= GUTTER:
            self.post_message(self.Tapped(sample_at(self._strip, self._look, event.x)))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves a big square."""
        event.stop()
        self.post_message(self.Wheeled(1))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves a big square."""
        event.stop()
        self.post_message(self.Wheeled(-1))


def _wrapped(text: str, cells: int) -> list[str]:
    from rich.console import Console
    from rich.text import Text

    return [line.plain for line in Text(text).wrap(Console(width=cells), cells)]
