"""One guide to read, section by section."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from bedside.guides import read_guides
from bedside.screens.read_on import ReadOn
from bedside.widgets.words import Words
from wardlink.i18n import domain

_ = domain("bedside").gettext

OUTPATIENT = "outpatient"


class GuideScreen(ReadOn):
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
        yield self.lines(parts)

    def bed_changed(self) -> None:
        """Whether there is more to read than fits."""
        self.call_after_refresh(self.show_on)
