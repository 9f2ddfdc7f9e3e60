"""About me: level of care, diet, allergies, who looks after me."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import work
from textual.containers import Horizontal
from textual.widget import Widget

from bedside.screens.read_on import ReadOn
from bedside.usecases.areas import FAMILY
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain

_ = domain("bedside").gettext


class MeScreen(ReadOn):
    """Words only; nothing can be changed here."""

    is_private: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self._is_noted = False

    def body(self) -> Iterable[Widget]:
        """The title and the lines."""
        yield Words(_("About me"), classes="title")
        yield self.lines()
        bed = self.bedside.bed
        ways = [Touch(_("Care team"), "team", kind="quiet", id="open-team")]
        if bed is not None and bed.session is not None and bed.session.may(FAMILY.reach):
            ways.append(Touch(_(FAMILY.title), f"open:{FAMILY.code}", kind="quiet", id="entry-family"))
        yield Horizontal(*ways, id="ways")

    def do_team(self) -> None:
        """Everybody, and who is here now."""
        from bedside.screens.team import TeamScreen

        self.app.push_screen(TeamScreen())

    def bed_changed(self) -> None:
        """Show it anew."""
        self.run_worker(self._fill(), exclusive=True, group="rows", exit_on_error=False)
        if not self._is_noted:
            self._is_noted = True
            self._note()

    async def _fill(self) -> None:
        bed = self.bedside.bed
        if bed is None or bed.session is None or not self.stands:
            return
        from bedside.usecases.me import rows

        stay = bed.stay_of(bed.session)
        if stay is None:
            return
        await self.show_lines(
            Horizontal(Words(row.label, classes="label"), Words(row.text, classes="prose"), classes="row")
            for row in rows(stay, bed.terminal.clock.now())
        )

    @work(thread=True, exit_on_error=False)
    def _note(self) -> None:
        from bedside.usecases.session import note

        bed = self.bedside.bed
        if bed is not None and bed.session is not None:
            note(bed.terminal, bed.session, "view", "me")
