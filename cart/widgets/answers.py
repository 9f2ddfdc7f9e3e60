"""The answers to one question, each with its key, its points, and whether it was given last time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from wardlink.i18n import domain
from wardlink.terminal.cells import fit, width

if TYPE_CHECKING:
    from wardlink.clinical.assessments.scales import Item, Option

_ = domain("cart").gettext

_MOST_ROWS = 6


class Answers(Widget):
    """A row an answer; answers that are bare numbers stand in one row. A tap picks."""

    DEFAULT_CSS = """
    Answers { height: 8; background: #18222c; border-top: solid #33475a; }
    Answers > .answers--key { background: #2f5d80; color: #ffffff; text-style: bold; }
    Answers > .answers--plain { color: #f0f3f6; }
    Answers > .answers--chosen { background: #7fd4ff; color: #101418; text-style: bold; }
    Answers > .answers--title { color: #ffffff; text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"answers--key", "answers--plain", "answers--chosen", "answers--title"}

    class Picked(Message):
        """A finger picked an answer."""

        def __init__(self, code: str) -> None:
            super().__init__()
            self.code = code

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._answers: tuple[tuple[str, Option], ...] = ()
        self._chosen: Option | None = None
        self._before: str | None = None
        self._item: Item | None = None

    def show(
        self, answers: Sequence[tuple[str, Option]], chosen: Option | None, before: str | None, item: Item | None
    ) -> None:
        """Show these from now on; `before`: the code that was answered last time."""
        now = (tuple(answers), chosen, before, item)
        if now != (self._answers, self._chosen, self._before, self._item):
            self._answers, self._chosen, self._before, self._item = now
            self.refresh()

    @property
    def _in_one_row(self) -> bool:
        return len(self._answers) > _MOST_ROWS

    def render_line(self, y: int) -> Strip:
        """The question on top, its answers below."""
        base = self.rich_style
        if y == 0 or self._item is None:
            text = "" if self._item is None else self._item.label_text()
            ink = self.get_component_rich_style("answers--title")
            return Strip([Segment(fit(" " + text, self.size.width), ink)])
        if self._in_one_row:
            return self._numbers(base) if y == 1 else Strip.blank(self.size.width, base)
        if not 1 <= y <= len(self._answers):
            text = _("The birth date answers this.") if y == 1 and not self._answers else ""
            return Strip([Segment(fit(" " + text, self.size.width), base)])
        return self._row(*self._answers[y - 1])

    def _row(self, key: str, option: Option) -> Strip:
        words = self._words(option)
        if option.points is not None and option.points != 0 and str(option.points) != key:
            counts = _("+{points}") if option.points > 0 else _("-{points}")
            words += "  " + counts.format(points=abs(option.points))
        if option.code == self._before:
            words += "  " + _("◂ last time")
        ink = self.get_component_rich_style("answers--chosen" if option == self._chosen else "answers--plain")
        head = Segment(f" {key.upper()} ", self.get_component_rich_style("answers--key"))
        return Strip([Segment(" ", self.rich_style), head, Segment(fit(f" {words} ", self.size.width - 4), ink)])

    def _words(self, option: Option) -> str:
        if self._item is not None and self._item.ticked:
            return _("applies") if option.code == "yes" else _("does not apply")
        return option.label_text()

    def _numbers(self, base: object) -> Strip:
        segments = []
        for key, option in self._answers:
            ink = "answers--chosen" if option == self._chosen else "answers--key"
            mark = "◂" if option.code == self._before else " "
            text = option.code if key == option.code else f"{key.upper()}={option.code}"
            segments += [Segment(f" {text}{mark}", self.get_component_rich_style(ink)), Segment(" ", self.rich_style)]
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """Tell which answer lies under the finger."""
        y = event.y - 1
        if not self._in_one_row:
            if 1 <= y <= len(self._answers):
                self.post_message(self.Picked(self._answers[y - 1][1].code))
            return
        at = 0
        for key, option in self._answers:
            text = option.code if key == option.code else f"{key.upper()}={option.code}"
            cells = width(text) + 2
            if y == 1 and at <= event.x < at + cells:
                self.post_message(self.Picked(option.code))
            at += cells + 1
