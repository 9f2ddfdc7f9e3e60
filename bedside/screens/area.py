"""One of the four areas: at most six large fields."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.usecases.areas import Area
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain

_ = domain("bedside").gettext


class AreaScreen(BedScreen):
    """What is in an area. What comes later says so before it is touched."""

    def __init__(self, area: Area) -> None:
        super().__init__()
        self.area = area

    def body(self) -> Iterable[Widget]:
        """The title and the fields."""
        yield Words(_(self.area.title), classes="title")
        bed = self.bedside.bed
        entries = self.area.entries_for(bed.session if bed is not None else None)
        touches = [Touch(_(entry.title), f"open:{entry.code}", id=f"entry-{entry.code}") for entry in entries]
        yield Choices(touches, id="entries")
