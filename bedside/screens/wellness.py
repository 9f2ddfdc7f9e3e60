"""Wellness: what one eats in this season, and two kinds of exercise. What the record speaks against is not offered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.message import Message
from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain

if TYPE_CHECKING:
    from wardlink.clinical.wellness import State

_ = domain("bedside").gettext


class WellnessScreen(BedScreen):
    """The season in words, and the way to the exercises."""

    is_private: ClassVar[bool] = True

    class Read(Message):
        """What the record says now."""

        def __init__(self, season: tuple[str, ...], state: State) -> None:
            super().__init__()
            self.season, self.state = season, state

    def __init__(self) -> None:
        super().__init__()
        self._state: State | None = None

    def body(self) -> Iterable[Widget]:
        """The season, then the exercises."""
        yield Words(_("Wellness"), classes="title")
        yield Words(id="season")
        yield Choices(
            [
                Touch(_("Baduanjin"), "begin:baduanjin", notes=[_("eight movements, seated")], id="begin-baduanjin"),
                Touch(_("Calm breathing"), "begin:breathing", notes=[_("three minutes")], id="begin-breathing"),
            ],
            most=2,
            id="exercises",
        )

    def bed_changed(self) -> None:
        """Read again."""
        self._read_bed()

    @work(thread=True, exclusive=True, group="wellness", exit_on_error=False)
    def _read_bed(self) -> None:
        bed = self.bedside.bed
        session = bed.session if bed else None
        if bed is None or session is None:
            return
        from bedside.usecases.today import term_of
        from bedside.usecases.wellness import eater_of, food_texts, state_of
        from wardlink.clock import ward_date

        now = bed.terminal.clock.now()
        stay = bed.stay_of(session)
        if stay is not None:
            term = term_of(ward_date(now))
            board = bed.terminal.replica
            season = (term.text(), *food_texts(term, stay, eater_of(board, stay), now))
            self.post_message(self.Read(season, state_of(board, stay, now)))

    @on(Read)
    def _read(self, event: Read) -> None:
        self._state = event.state
        if self.stands:
            self.query_one("#season", Words).show("\n".join(event.season))

    def do_begin(self, kind: str) -> None:
        """First what speaks against it."""
        if self._state is not None:
            from bedside.screens.exercise_check import ExerciseCheckScreen

            self.app.push_screen(ExerciseCheckScreen(kind, self._state))
