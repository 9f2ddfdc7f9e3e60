"""One guide to read, section by section."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.containers import VerticalScroll
from textual.widget import Widget

from bedside.guides import read_guides
from bedside.screens.base import BedScreen
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain

_ = domain("bedside").gettext

OUTPATIENT = "outpatient"


class GuideScreen(BedScreen):
    """Words only. `code` names the guide."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self._guide = next(guide for guide in read_guides() if guide.code == code)

    def body(self) -> Iterable[Widget]:
        """The title, the sections, and that the office knows better."""
        yield Words(self._guide.title.text(), classes="title")
        parts: list[Widget] = []
        for section in self._guide.sections:
            parts.append(Words(section.title.text(), classes="heading"))
            parts += [Words(line, classes="point") for line in section.lines()]
        parts.append(Words(_("A general guide: the insurance office decides. Hotline 12393."), classes="point stop"))
        yield VerticalScroll(*parts, id="rows", can_focus=False)

    def right(self) -> Sequence[Touch]:
        """Where the page is longer than the screen."""
        return [Touch(_("Read on"), "on", kind="main", id="on")]

    def first_focus(self) -> Widget | None:
        """Reading on, or the way back."""
        return self.query_one("#on" if self.query_one("#on").display else "#back")

    def bed_changed(self) -> None:
        """Whether there is more to read than fits."""
        self.call_after_refresh(self._show_on)

    async def on_resize(self) -> None:
        """Other lines fit."""
        self.call_after_refresh(self._show_on)

    def _show_on(self) -> None:
        if self.stands:
            self.query_one("#on").display = self.query_one("#rows", VerticalScroll).max_scroll_y > 0

    def do_on(self) -> None:
        """The next lines; after the last, the first again."""
        page = self.query_one("#rows", VerticalScroll)
        if page.scroll_y >= page.max_scroll_y:
            page.scroll_home(animate=False)
        else:
            page.scroll_to(y=page.scroll_y + max(1, page.size.height - 1), animate=False)
