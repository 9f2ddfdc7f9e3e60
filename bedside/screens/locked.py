"""Nobody has said who they are: the time, the season, where this is, Call, and the way in. Names nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.containers import Center, Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Digits

from bedside.screens.base import BedScreen
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain

_ = domain("bedside").gettext

BAR_WIDTH = 80
"""The narrowest screen whose bar has room for the way to the code."""


class LockedScreen(BedScreen):
    """The first page, below all others."""

    needs_session: ClassVar[bool] = False
    names_family: ClassVar[bool] = False

    def body(self) -> Iterable[Widget]:
        """A clock to be read from the next bed, and a few words."""
        with_room = Vertical(
            Center(Digits("", id="clock")),
            Words(id="day", classes="centred"),
            Words(id="term", classes="centred"),
            Words(id="where", classes="centred"),
            Words(id="welcome", classes="centred"),
            Horizontal(
                Touch(_("Code"), "presence", id="presence-below"),
                Touch(_("I am family"), "family", kind="quiet", id="family-in"),
                id="locked-more",
            ),
            id="locked",
        )
        yield with_room

    def left(self) -> Sequence[Touch]:
        """There is no page before."""
        return []

    def on_resize(self) -> None:
        """Other fields fit."""
        self.call_after_refresh(self.show_frame)

    def tools(self) -> Sequence[Touch]:
        """Dark or light; a code for the nurse."""
        return [Touch(_("Code"), "presence", id="presence"), Touch(self.night_text(), "night", id="night")]

    def do_presence(self) -> None:
        """The code that the nurse's cart scans."""
        from bedside.screens.presence import PresenceScreen

        self.app.push_screen(PresenceScreen())

    def right(self) -> Sequence[Touch]:
        """The way in."""
        return [Touch(_("Enter admission number"), "identify", kind="main", id="identify")]

    def first_focus(self) -> Widget | None:
        """The way in."""
        return self.query_one("#identify")

    def on_screen_resume(self) -> None:
        """Whoever was here is gone: the next one begins with the way in."""
        if self.stands:
            self.set_focus(self.first_focus(), scroll_visible=False)

    def bed_changed(self) -> None:
        """The device is open, or a minute has passed."""
        self.show_frame()

    def show_frame(self) -> None:
        """Time, day, season, place."""
        super().show_frame()
        if self.stands:
            self.query_one("#night", Touch).show(self.night_text())
            in_bar = self.size.width >= BAR_WIDTH
            self.query_one("#presence").display = in_bar
            self.query_one("#presence-below").display = not in_bar
        bed = self.bedside.bed
        if bed is None or bed.seen is None or not self.stands:
            return
        from bedside.usecases.frame import where_text
        from bedside.usecases.words import clock_text, date_text

        now = bed.terminal.clock.now()
        digits = self.query_one("#clock", Digits)
        if digits.value != clock_text(now):
            digits.update(clock_text(now))
        self.query_one("#day", Words).show(date_text(now))
        self.query_one("#term", Words).show(bed.seen.term.text())
        self.query_one("#where", Words).show(where_text(bed.seen, bed.place))
        self.query_one("#welcome", Words).show(
            _("The Call button works at any time. To see what is yours, enter your admission number.")
        )
