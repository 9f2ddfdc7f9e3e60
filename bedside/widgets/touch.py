"""What a finger touches: a large field with words. Works with Enter as well, and shows when it has the focus."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from bedside.widgets.lines import fitted, packed, wrapped
from wardlink.terminal.cells import fit, width

LEAST_ROWS = 3
LEAST_CELLS = 14

CHOSEN = "✓"

# From the theme and not from the style sheet, which would be asked for each of these of each field of a page.
_COLOURS = {
    "plain": ("key", True),
    "quiet": ("key", False),
    "main": ("main", True),
    "grave": ("grave", True),
    "focus": ("focus", True),
}
"""What a kind is painted in: a colour of the theme with the ink on it, and whether it is bold."""

_Asked = tuple[str, tuple[str, ...], Size, bool]


class Touch(Widget, can_focus=True):
    """`label` in the middle, `notes` below it where there is room; `value` is what is told when it is pressed.

    `kind`: `plain`, `main` (the one main action of a page), `grave` (help is needed), `quiet`. `repeats`: a second tap
    right behind the first is meant, as on the keys of a pad; elsewhere it is a trembling finger's, also where the
    first tap has brought another page.
    """

    DEFAULT_CSS = f"""
    Touch {{ height: {LEAST_ROWS}; min-height: {LEAST_ROWS}; width: {LEAST_CELLS}; min-width: {LEAST_CELLS}; }}
    Touch.-gone {{ visibility: hidden; }}
    """

    class Pressed(Message):
        """A finger, or Enter, pressed it."""

        def __init__(self, touch: Touch, value: str) -> None:
            super().__init__()
            self.touch = touch
            self.value = value

        @property
        def control(self) -> Touch:
            """What was pressed."""
            return self.touch

    def __init__(
        self,
        label: str,
        value: str,
        *,
        notes: Sequence[str] = (),
        kind: str = "plain",
        repeats: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.value = value
        self._label = label
        self._notes = tuple(notes)
        self._kind = kind
        self._repeats = repeats
        self._is_chosen = False
        self._fitted: tuple[_Asked, list[str]] | None = None

    @property
    def label(self) -> str:
        """Its words."""
        return self._label

    def show(self, label: str, notes: Sequence[str] = (), *, kind: str | None = None) -> None:
        """Say this from now on."""
        wanted = (label, tuple(notes), kind or self._kind)
        if wanted != (self._label, self._notes, self._kind):
            self._label, self._notes, self._kind = wanted
            self.refresh()

    def choose(self, is_chosen: bool) -> None:
        """Show that it is, or is not, the one of its neighbours that holds now."""
        if is_chosen != self._is_chosen:
            self._is_chosen = is_chosen
            self.refresh()

    def shown_lines(self) -> list[str]:
        """The words as they fit: the label first, then of the notes as many as there are rows for."""
        label = f"{CHOSEN} {self._label}" if self._is_chosen else self._label
        asked = (label, self._notes, self.size, self.has_focus)
        if self._fitted is None or self._fitted[0] != asked:
            # Kept, because a field asks for it at every one of its rows.
            self._fitted = asked, _lines(*asked)
        return self._fitted[1]

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Painted at once; no style sheet is asked."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row. Plain text: nothing that somebody typed is taken for markup."""
        kind = "focus" if self.has_focus else "main" if self._is_chosen else self._kind
        size = self.size
        lines = self.shown_lines()
        at = y - (size.height - len(lines)) // 2
        text = fit(lines[at] if 0 <= at < len(lines) else "", size.width, "centre")
        name, is_bold = _COLOURS[kind]
        colours = self.app.theme_variables
        return Strip([Segment(text, _style(colours[f"{name}-ink"], colours[name], is_bold))], size.width)

    def on_click(self, event: events.Click) -> None:
        """A finger."""
        event.stop()
        if event.chain == 1 or self._repeats:
            self.press()

    def on_key(self, event: events.Key) -> None:
        """The key in place of a finger."""
        if event.key in ("enter", "space"):
            event.stop()
            self.press()

    def press(self) -> None:
        """Tell that it was pressed."""
        self.post_message(self.Pressed(self, self.value))


@lru_cache(maxsize=32)
def _style(ink: str, ground: str, is_bold: bool) -> Style:
    return Style(color=ink, bgcolor=ground, bold=is_bold)


def _lines(label: str, notes: tuple[str, ...], size: Size, has_focus: bool) -> list[str]:
    cells, rows = size.width - 2, size.height
    lines = fitted(label, cells, rows)
    if has_focus and len(lines) == 1 and width(lines[0]) + 4 <= size.width:
        lines = [f"▸ {lines[0]} ◂"]
    room = rows - len(lines)
    if not room or not notes:
        return lines
    # Where a margin would cost a line, or the end of a word, the notes go without one.
    ways = [wrapped("\n".join(notes), cells), wrapped("\n".join(notes), cells + 2), packed(notes, cells + 2)]
    said = next((way for way in ways if len(way) <= room), None) or fitted(" ".join(ways[-1]), cells, room)
    gap = rows >= 2 * LEAST_ROWS and len(said) < room
    return [*lines, *([""] if gap else []), *said]
