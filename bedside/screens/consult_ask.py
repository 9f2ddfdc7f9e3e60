"""Asking for a consultation: what kind of help, how one meets, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.widget import Widget

from bedside.screens.asking import AskingScreen
from bedside.screens.base import BedScreen
from bedside.screens.consults import ConsultPage, ConsultsScreen
from bedside.screens.sending import Sending
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.clinical.consults import FORMS, Form, form_text, specialties
from wardlink.errors import Unreachable
from wardlink.i18n import domain
from wardlink.messages.consults import ConsultSlots

if TYPE_CHECKING:
    from bedside.ports import Terminal
    from bedside.usecases.consults import MyConsults

_ = domain("bedside").gettext

_TIMES = 4


class ConsultHelpScreen(ConsultPage):
    """Six kinds of help, in plain words."""

    def body(self) -> Iterable[Widget]:
        """A field each."""
        yield Words(_("What do you need help with?"), classes="title")
        touches = [Touch(one.patient_text(), f"help:{code}", id=f"help-{code}") for code, one in specialties().items()]
        yield Choices(touches, id="helps")

    def show(self, mine: MyConsults) -> None:
        """Who is asked already says so."""
        for code in specialties():
            asked = mine.is_asked(code)
            field = self.query_one(f"#help-{code}", Touch)
            field.show(field.label, [_("asked already")] if asked else (), kind="quiet" if asked else "plain")

    def do_help(self, code: str) -> None:
        """Next: how one meets."""
        if self.mine is not None and not self.mine.is_asked(code):
            self.app.push_screen(ConsultFormScreen(code))


class ConsultFormScreen(BedScreen):
    """At the bed or by video."""

    is_private = True

    def __init__(self, specialty: str) -> None:
        super().__init__()
        self.specialty = specialty

    def body(self) -> Iterable[Widget]:
        """Two fields."""
        yield Words(_("How would you like to meet?"), classes="title")
        notes = {"bedside": _("the doctor comes to you"), "video": _("your nurse sets it up with you")}
        touches = [Touch(form_text(form), f"form:{form}", notes=[notes[form]], id=f"form-{form}") for form in FORMS]
        yield Choices(touches, most=2, id="forms")

    def do_form(self, form: Form) -> None:
        """Next: when."""
        self.app.push_screen(ConsultTimesScreen(self.specialty, form))


class ConsultTimesScreen(AskingScreen[ConsultSlots], Sending):
    """Free times of the team, or any time. Where the ward cannot be asked, any time can still be sent later."""

    def __init__(self, specialty: str, form: Form) -> None:
        super().__init__()
        self.specialty, self.form = specialty, form
        self._wished: datetime | None = None

    def body(self) -> Iterable[Widget]:
        """What to mind, then the times."""
        yield Words(_("When would suit you?"), classes="title")
        yield Words(_("One moment ..."), id="said", classes="prose")
        times = [Touch("", f"time:{n}", id=f"time-{n}") for n in range(_TIMES)]
        for time in times:
            time.display = False
        yield Choices([Touch(_("Any time"), "any", id="any"), *times], id="times")

    def right(self) -> Sequence[Touch]:
        """Ask."""
        return [Touch(_("Ask"), "send", kind="main", id="send")]

    def first_focus(self) -> Widget | None:
        """The main action."""
        return self.query_one("#send")

    def ask(self, terminal: Terminal, encounter: str) -> ConsultSlots:
        """What is free now."""
        return terminal.consult_times.of_team(encounter, self.specialty)

    async def answered(self) -> None:
        """The times, or why there are none."""
        from bedside.usecases.consults import slot_text

        now = self.bed.terminal.clock.now()
        slots = self.found.slots if self.found is not None and self.error is None else ()
        if self._wished not in slots:
            self._wished = None
        said = self.query_one("#said", Words)
        said.show(self._said_text(bool(slots)))
        said.display = bool(said.text)
        for n in range(_TIMES):
            field = self.query_one(f"#time-{n}", Touch)
            field.display = n < len(slots)
            if field.display:
                field.show(slot_text(slots[n], now))
                field.choose(slots[n] == self._wished)
        self.query_one("#any", Touch).choose(self._wished is None)
        self.query_one("#times", Choices).refit()

    def _said_text(self, has_times: bool) -> str:
        if isinstance(self.error, Unreachable):
            return _("Free times cannot be looked up now. You can still ask: it is sent as soon as the ward answers.")
        if self.error is not None:
            return self.error.text()
        if self.found is None:
            return _("One moment ...")
        if self.found.unknown_operation:
            return _("You have an operation, and nobody knows yet when it ends: later times of that day are left out.")
        return "" if has_times else _("No time is free until tomorrow. You can still ask: the team will find one.")

    async def do_any(self) -> None:
        """Whenever it suits the team."""
        self._wished = None
        await self.answered()

    async def do_time(self, number: str) -> None:
        """This one."""
        if self.found is not None and int(number) < len(self.found.slots):
            self._wished = self.found.slots[int(number)]
            await self.answered()

    def do_send(self) -> None:
        """Once, however often it is touched."""
        from bedside.usecases.consults import ask

        specialty, form, wished = self.specialty, self.form, self._wished
        self.send(lambda terminal, place, session: ask(terminal, place, session, specialty, form, wished))

    def sent(self) -> None:
        """Back to the list."""
        self.back_to(ConsultsScreen)
