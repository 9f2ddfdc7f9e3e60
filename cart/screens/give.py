"""Whose were these values? What a monitor measured and who lay in its bed; one is chosen or scanned, never guessed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from cart.keys import Key, bindings
from cart.screens.base import CartScreen
from cart.screens.question import Question
from cart.usecases.attributions import (
    REASONS,
    Nobodys,
    candidates_of,
    give,
    nobodys,
    stay_scanned,
    time_typed,
)
from cart.usecases.words import time_text
from cart.widgets.grid import Cell, Column, Grid, Line
from cart.widgets.nobodys_lines import columns, lines
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from cart.usecases.session import Session
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.exceptions import ExceptionView
    from wardlink.record.occupancy import Candidate, Stretch

_ = domain("cart").gettext

SHOWN = 7
"""So many of the sets are shown, spread over the time."""


class GiveScreen(CartScreen):
    """The values above, the patients below: first who lay in the bed, then the others."""

    KEYS: ClassVar = (
        Key("enter", "choose", N_("This patient"), N_("The values were those of the patient under the cursor.")),
        Key("t", "time", N_("Time"), N_("Only a part of the time: from when to when.")),
        Key("escape", "back", N_("Back"), N_("Back; nothing is said.")),
    )
    BINDINGS = bindings(KEYS)

    class Read(Message):
        """What is nobody's, and who may be meant."""

        def __init__(self, found: Nobodys | None, people: list[Candidate]) -> None:
            super().__init__()
            self.found = found
            self.people = people

    def __init__(self, case: ExceptionView) -> None:
        super().__init__()
        self._case = case
        self._found: Nobodys | None = None
        self._people: list[Candidate] = []
        self._time: Stretch | None = None

    def body(self) -> Iterable[Widget]:
        """What was measured, and who lay there."""
        yield Static(id="give-heading", classes="heading", markup=False)
        yield Grid(id="give-values", is_list=True)
        yield Static(id="give-who", classes="heading", markup=False)
        yield Grid(id="give-people")

    def on_mount(self) -> None:
        """Begin with the patients."""
        self.query_one("#give-people", Grid).focus()

    def ward_changed(self) -> None:
        """Read again what is nobody's."""
        self._read_ward(self._time)

    @work(thread=True, exclusive=True, group="give", exit_on_error=False)
    def _read_ward(self, time: Stretch | None) -> None:
        desk = self.cart.desk
        if desk is not None:
            found = nobodys(desk.ward.replica, self._case)
            meant = time or (found.time if found else None)
            people = candidates_of(desk.ward.replica, self._case.bed, meant) if meant else []
            self.post_message(self.Read(found, people))

    @on(Read)
    def _read(self, event: Read) -> None:
        self._found, self._people = event.found, event.people
        self._show()

    @property
    def meant(self) -> Stretch | None:
        """The time that is spoken of."""
        return self._time or (self._found.time if self._found else None)

    def _show(self) -> None:
        meant, found = self.meant, self._found
        if self.cart.desk is None or not self.query("#give-people"):
            return
        sets = found.within(meant) if found and meant else ()
        heading = _("Nothing of this monitor is without a patient any more.")
        if found and meant:
            heading = _("Monitor {monitor}, bed {bed}: {time}, {n} sets on this cart, without a patient").format(
                monitor=plain(found.monitor), bed=found.bed or "—", time=self._span(meant), n=len(sets)
            )
        self.query_one("#give-heading", Static).update(heading)
        every = max(1, -(-len(sets) // SHOWN))
        values = lines(sets[::every], self.desk.ward.clock.now())
        self.query_one("#give-values", Grid).show(columns(), values, empty=_("Nothing was measured then."))
        self.query_one("#give-who", Static).update(_("Whose were they? Choose a patient, or scan the wristband."))
        who = (
            Column(_("Bed"), 4, "right"),
            Column(_("Name"), 14),
            Column(_("Admission no."), 14),
            Column(_("Where the patient lay"), 30, grow=True),
        )
        people = [self._line(each) for each in self._people] if found else []
        self.query_one("#give-people", Grid).show(who, people, empty=_("Nobody was here then."))

    def _line(self, each: Candidate) -> Line:
        stay, bed = each.stay, self._case.bed or "—"
        if each.lay is None:
            lay = Cell(_("not in bed {bed} then").format(bed=bed), "dim")
        elif each.all_of_it:
            lay = Cell(_("in bed {bed} all the time").format(bed=bed), "good")
        else:
            lay = Cell(_("in bed {bed}: {time}").format(bed=bed, time=self._span(each.lay)), "warn")
        name = Cell(plain(stay.name), "strong")
        return Line(stay.id, (Cell(stay.bed, "strong"), name, Cell(plain(stay.admission_no)), lay))

    def _span(self, stretch: Stretch) -> str:
        now = self.desk.ward.clock.now()
        return f"{time_text(stretch.from_at, now)}-{time_text(stretch.last_minute, stretch.from_at)}"

    @on(Grid.Chosen, "#give-people")
    def _chosen(self, event: Grid.Chosen) -> None:
        self.action_choose()

    def action_choose(self) -> None:
        """Ask whether the patient under the cursor is meant, and why it was not known."""
        key = self.query_one("#give-people", Grid).key
        each = next((each for each in self._people if each.id == key), None)
        if each is not None:
            self._ask(each.stay, each.lay, by_bed=each.lay is not None)

    def takes_scan(self, text: str) -> bool:
        """A wristband says whose they were; where the patient lay does not matter then."""
        stay = stay_scanned(self.desk.ward.replica, text)
        if stay is None or self._found is None:
            return False
        each = next((each for each in self._people if each.id == stay.id), None)
        self.cart.close_questions()
        self._ask(stay, each.lay if each else None, by_bed=False)
        return True

    def _ask(self, stay: EncounterView, lay: Stretch | None, *, by_bed: bool) -> None:
        found, meant = self._found, self.meant
        # Only the part in which the patient lay there is offered; who wants another one says which.
        stretch = lay if by_bed and lay is not None else meant
        if found is None or stretch is None:
            return
        sure = by_bed or lay == stretch

        def asked() -> str:
            said = _("{n} sets of {time} were those of bed {bed} {name}, {no}. Why was it not known?").format(
                n=len(found.within(stretch)),
                time=self._span(stretch),
                bed=stay.bed,
                name=plain(stay.name),
                no=plain(stay.admission_no),
            )
            doubt = _("Look out: the patient did not lie in bed {bed} all this time.").format(bed=found.bed or "—")
            return said if sure else f"{doubt}\n{said}"

        def answered(reason: str | None) -> None:
            if reason is not None:
                self._give(found, stay, stretch, reason, self.session)

        options = [(_(text), text) for text in REASONS]
        question = Question(asked, options, other=N_("in other words"), is_grave=not sure)
        self.app.push_screen(question, answered)

    @work(thread=True, exit_on_error=False)
    def _give(self, found: Nobodys, stay: EncounterView, stretch: Stretch, reason: str, session: Session) -> None:
        give(self.desk.ward, session, found, stay, stretch, reason)
        self.app.call_from_thread(self._given, stay.name)

    def _given(self, name: str) -> None:
        self.notify(_("Kept on this cart. The values stand at {name} when the server has it.").format(name=plain(name)))
        self.cart.look_again()
        self.dismiss()

    def action_time(self) -> None:
        """Ask from when to when."""
        meant = self.meant
        if meant is None:
            return

        def answered(typed: str | None) -> None:
            if typed is None:
                return
            found = time_typed(typed, self.desk.ward.clock.now(), day=meant.from_at)
            if found is None:
                self.notify(_("Please type two times, four hours apart at most: 10:02-10:41"), severity="warning")
                return
            self._time = found
            self.ward_changed()

        self.app.push_screen(Question(lambda: _("From when to when? Like 10:02-10:41"), (), other=N_("Time")), answered)

    def action_back(self) -> None:
        """Back."""
        self.dismiss()
