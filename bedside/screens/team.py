"""The care team: who looks after the patient, in which role, and who is on duty now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.widget import Widget

from bedside.screens.read_on import ReadOn
from bedside.screens.stay_page import StayPage
from bedside.usecases.team import Carer, MyTeam, carers, read
from bedside.widgets.words import Words
from wardlink.i18n import domain

if TYPE_CHECKING:
    from bedside.ports import Terminal
    from wardlink.messages.encounters import EncounterView

_ = domain("bedside").gettext


class TeamScreen(ReadOn, StayPage[MyTeam]):
    """Words only; who is here now stands out by a sign, not by a colour alone."""

    is_private: ClassVar[bool] = True
    LOOKS_AT = "team"

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[Carer] | None = None

    def body(self) -> Iterable[Widget]:
        """The title and the lines."""
        self._shown = None
        yield Words(_("Care team"), classes="title")
        yield self.lines()

    def read(self, terminal: Terminal, stay: EncounterView) -> MyTeam:
        """What this terminal holds of it."""
        return read(terminal.replica, stay)

    def show(self, mine: MyTeam) -> None:
        """Everybody, where it is otherwise than what stands there."""
        found = carers(mine, self.bed.terminal.clock.now())
        if found != self._shown:
            self._shown = found
            self.run_worker(self._fill(found), exclusive=True, group="rows", exit_on_error=False)

    async def _fill(self, found: list[Carer]) -> None:
        shown: list[Widget] = [_row(carer) for carer in found]
        shown.append(Words(_("If you need somebody, touch Call: whoever is there comes."), classes="point"))
        await self.show_lines(shown)


def _row(carer: Carer) -> Widget:
    cls = " -next" if carer.is_here else ""
    label = ("● " if carer.is_here else "  ") + carer.role
    return Horizontal(Words(label, classes=f"label{cls}"), Words(carer.text, classes=f"prose{cls}"), classes="row")
