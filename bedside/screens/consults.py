"""My consultations: who was asked, when they come, and the way to ask for one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from bedside.screens.sending import Sending
from bedside.screens.stay_page import StayPage
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain

if TYPE_CHECKING:
    from bedside.ports import Terminal
    from bedside.usecases.consults import MyConsults
    from wardlink.messages.encounters import EncounterView

_ = domain("bedside").gettext

_FIELDS = tuple(f"consult-{n}" for n in range(6))


class ConsultPage(StayPage["MyConsults"]):
    """A page that shows the consultations as they are now."""

    is_private: ClassVar[bool] = True
    LOOKS_AT = "consultations"

    def read(self, terminal: Terminal, stay: EncounterView) -> MyConsults:
        """Those of this stay."""
        from bedside.usecases.consults import read

        return read(terminal, stay)


class ConsultsScreen(ConsultPage):
    """The newest six, those first that are still to come."""

    def body(self) -> Iterable[Widget]:
        """What became of the last request, then a field each."""
        yield Words(_("Consultation"), classes="title")
        yield Words(id="said", classes="prose")
        yield Choices([Touch("", f"show:{n}", id=name) for n, name in enumerate(_FIELDS)], most=2, id="consults")

    def right(self) -> Sequence[Touch]:
        """Ask for one."""
        return [Touch(_("Ask for one"), "ask", kind="main", id="ask")]

    def first_focus(self) -> Widget | None:
        """Asking."""
        return self.query_one("#ask")

    def show(self, mine: MyConsults) -> None:
        """How each stands."""
        from bedside.usecases.consults import notes, title_text

        now = self.bed.terminal.clock.now()
        said = self.query_one("#said", Words)
        empty = _("You can ask for a doctor of another department. They come to your bed, or speak to you by video.")
        said.show(mine.refused or ("" if mine.consults else empty))
        said.set_class(bool(mine.refused), "-trouble")
        said.display = bool(said.text)
        for n, name in enumerate(_FIELDS):
            field = self.query_one(f"#{name}", Touch)
            field.display = n < len(mine.consults)
            if field.display:
                one = mine.consults[n]
                field.show(title_text(one), notes(mine, one, now), kind="plain" if one.is_open else "quiet")
        self.query_one("#consults", Choices).refit()

    def do_show(self, number: str) -> None:
        """One of them."""
        mine = self.mine
        if mine is not None and int(number) < len(mine.consults):
            self.app.push_screen(ConsultScreen(mine.consults[int(number)].id))

    def do_ask(self) -> None:
        """First: what kind of help."""
        from bedside.screens.consult_ask import ConsultHelpScreen

        self.app.push_screen(ConsultHelpScreen())


class ConsultScreen(ConsultPage, Sending):
    """One of them by its id: time and team; what doctors ask each other is not on this device."""

    def __init__(self, consult: str) -> None:
        super().__init__()
        self.consult = consult

    def body(self) -> Iterable[Widget]:
        """The words."""
        yield Words(id="what", classes="title")
        yield Words(id="state", classes="prose")

    def right(self) -> Sequence[Touch]:
        """As long as nobody has come: take it back."""
        withdraw = Touch(_("Take it back"), "withdraw", kind="quiet", id="withdraw")
        withdraw.display = False
        return [withdraw]

    def first_focus(self) -> Widget | None:
        """The way back: nothing has to be done here."""
        return self.query_one("#back")

    def show(self, mine: MyConsults) -> None:
        """As it is now."""
        from bedside.usecases.consults import can_withdraw, lines, title_text

        one = mine.called(self.consult)
        if one is None:
            self.leave()
            return
        self.query_one("#what", Words).show(title_text(one))
        self.query_one("#state", Words).show("\n".join(lines(mine, one, self.bed.terminal.clock.now())))
        self.query_one("#withdraw").display = can_withdraw(mine, one)

    def do_withdraw(self) -> None:
        """Once, however often it is touched."""
        from bedside.usecases.consults import withdraw

        consult = self.consult
        self.send(lambda terminal, place, session: withdraw(terminal, place, session, consult))

    def sent(self) -> None:
        """Back to the list."""
        self.leave()
