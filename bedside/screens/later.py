"""What cannot be done here yet, or not while visitors are here: said in words, with what to do instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.usecases.areas import Entry
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain

_ = domain("bedside").gettext


class LaterScreen(BedScreen):
    """A page of words. `hidden`: it is the patient's own, and visitors are here."""

    def __init__(self, entry: Entry, *, hidden: bool) -> None:
        super().__init__()
        self.entry = entry
        self._hidden = hidden

    def body(self) -> Iterable[Widget]:
        """The title and the words."""
        yield Words(_(self.entry.title), classes="title")
        if self._hidden:
            yield Words(_("Visitors are here: what is yours is hidden."), classes="prose")
        else:
            yield Words(_(self.entry.meanwhile), classes="prose")

    def right(self) -> Sequence[Touch]:
        """While visitors are here: that they have left."""
        return [Touch(_("Visitors left"), "visitors", kind="main", id="visitors")] if self._hidden else []

    def first_focus(self) -> Widget | None:
        """The main action, or back."""
        return self.query_one("#visitors" if self._hidden else "#back")
