"""What is the patient's own, while visitors are here: said in words, with the way to open it again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.usecases.areas import Entry
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain

_ = domain("bedside").gettext


class HiddenScreen(BedScreen):
    """A page of words in the place of an entry's own."""

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.entry = entry

    def body(self) -> Iterable[Widget]:
        """The title and the words."""
        yield Words(_(self.entry.title), classes="title")
        yield Words(_("Visitors are here: what is yours is hidden."), classes="prose")

    def right(self) -> Sequence[Touch]:
        """That they have left."""
        return [Touch(_("Visitors left"), "visitors", kind="main", id="visitors")]

    def first_focus(self) -> Widget | None:
        """The main action."""
        return self.query_one("#visitors")
