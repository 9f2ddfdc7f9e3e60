"""One guide to read, section by section."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from bedside.screens.guide_page import GuidePage
from bedside.screens.read_on import ReadOn
from bedside.widgets.words import Words
from wardlink.clinical.guides import Guide, Guides
from wardlink.i18n import domain

_ = domain("bedside").gettext


class GuideScreen(GuidePage, ReadOn):
    """Words only. `code` names the guide."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code = code

    def body(self) -> Iterable[Widget]:
        """The title and the lines; empty until they are read."""
        guide = None if self.guides is None else self.guides.called(self._code)
        yield Words("" if guide is None else guide.title.text(), classes="title", id="guide-title")
        yield self.lines(() if self.guides is None else _lines(self.guides, guide))

    async def show_guides(self, guides: Guides) -> None:
        """The sections, and that the office knows better."""
        guide = guides.called(self._code)
        self.query_one("#guide-title", Words).show("" if guide is None else guide.title.text())
        await self.show_lines(_lines(guides, guide))


def _lines(guides: Guides, guide: Guide | None) -> list[Widget]:
    if guide is None:
        return [Words(_("This guide is not kept here any more. Please look at the list."), classes="point")]
    parts: list[Widget] = []
    for section in guide.sections:
        parts.append(Words(section.title.text(), classes="heading"))
        parts += [Words(line, classes="point") for line in section.lines()]
    parts.append(Words(_("A general guide: the insurance office decides. Hotline 12393."), classes="point stop"))
    parts.append(Words(_("As of {day}.").format(day=guides.as_of.isoformat()), classes="point"))
    return parts
