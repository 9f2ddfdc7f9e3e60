"""Intake and output of a patient: what went in and came out in a nursing day, and what it adds up to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.message import Message
from textual.widget import Widget

from cart.keys import Key, bindings
from cart.screens.entry_form import EntryForm
from cart.screens.fluids_kind import FluidKindQuestion
from cart.screens.question import Question
from cart.screens.stay_page import StayPage
from cart.usecases.fluids import STRIKE_REASONS, examine, fields_of, save, strike
from cart.usecases.words import time_text
from cart.widgets import fluid_lines
from cart.widgets.grid import Grid
from cart.widgets.identity import Identity
from cart.widgets.lines import Lines
from wardlink.clinical.fluid_kinds import fluid_text
from wardlink.errors import WardlinkError
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from datetime import date

    from cart.desk import Desk
    from cart.usecases.entry import EntryExam
    from cart.usecases.fluids import FluidPage
    from cart.usecases.session import Session
    from wardlink.clinical.fluid_kinds import Direction, FluidKind

_ = domain("cart").gettext


class FluidsScreen(StayPage["FluidPage"]):
    """A nursing day, today's at first."""

    KEYS: ClassVar = (
        Key("i", "enter_one('intake')", N_("Add intake"), N_("Write down what went in.")),
        Key("o", "enter_one('output')", N_("Add output"), N_("Write down what came out.")),
        Key("x", "strike", N_("Strike"), N_("Strike out the entry under the cursor, with a reason.")),
        Key("left", "day(1)", N_("Day before"), N_("The nursing day before.")),
        Key("right", "day(-1)", N_("Day after"), N_("The nursing day after.")),
        Key("escape", "back", N_("Back"), N_("Back to the patient.")),
    )
    BINDINGS = bindings(KEYS)
    OPENED_AS = "fluids"
    AGES = False

    class Failed(Message):
        """An entry is not on the disk."""

        def __init__(self, error: WardlinkError) -> None:
            super().__init__()
            self.error = error

    def __init__(self, encounter: str) -> None:
        super().__init__(encounter)
        self._day: date | None = None

    def body(self) -> Iterable[Widget]:
        """Who; sums and what they say; entries."""
        yield Identity(id="who")
        yield Grid(id="sums", is_list=True)
        yield Lines(id="fluids-says")
        yield Grid(id="fluids", follows_top=True)

    def on_mount(self) -> None:
        """Begin with the entries."""
        self.query_one("#fluids", Grid).focus()

    def read_stay(self, desk: Desk) -> FluidPage | None:
        """What stands there now."""
        from cart.usecases.fluids import read

        return read(desk.ward, self.encounter, desk.ward.clock.now(), day=self._day)

    def show_stay(self, page: FluidPage) -> None:
        """Fill the widgets."""
        now = self.desk.ward.clock.now()
        is_wide = self.size.width >= 110
        self.query_one(Identity).show(page.stay, page.others, now)
        sums = self.query_one("#sums", Grid)
        sums.show(fluid_lines.sum_columns(is_wide), fluid_lines.sum_lines(page), empty="")
        sums.styles.height = 1 + max(1, len(page.sums))
        self.query_one("#fluids-says", Lines).say(fluid_lines.says(page))
        empty = _("Nothing was written down in this nursing day. I: what went in, O: what came out.")
        self.query_one("#fluids", Grid).show(
            fluid_lines.columns(is_wide), fluid_lines.lines(page, now, is_wide), empty=empty
        )

    def action_day(self, back: int) -> None:
        """Another nursing day, as far as this cart knows it wholly."""
        page = self.found
        if page is None:
            return
        at = page.days.index(page.day) + back
        if 0 <= at < len(page.days):
            # Today is asked for by no date, so that the page goes on by itself at seven in the morning.
            self._day = page.days[at] if at else None
            self.ward_changed()
        elif back > 0:
            self.notify(_("This cart knows no earlier day whole; the dashboard does."))

    def action_enter_one(self, direction: Direction) -> None:
        """Ask which kind, then how much."""

        def picked(kind: FluidKind | None) -> None:
            if kind is not None:
                self._ask(kind)

        self.app.push_screen(FluidKindQuestion(direction), picked)

    def _ask(self, kind: FluidKind) -> None:
        page = self.found
        if page is None:
            return
        clock, session = self.desk.ward.clock, self.session

        def titled() -> str:
            whose = _("bed {bed} {name}").format(bed=page.stay.bed, name=plain(page.stay.name))
            return f"{kind.text()} · {whose}"

        def answered(exam: EntryExam | None) -> None:
            if exam is not None:
                self._save(page, exam, session)

        form = EntryForm(
            titled,
            fields_of(kind, page.sites),
            lambda texts, confirmed: examine(kind, texts, confirmed, page, clock.now()),
        )
        self.app.push_screen(form, answered)

    @work(thread=True, exit_on_error=False)
    def _save(self, page: FluidPage, exam: EntryExam, session: Session) -> None:
        try:
            save(self.desk.ward, session, page.stay, exam)
        except WardlinkError as error:
            self.post_message(self.Failed(error))
            return
        self.app.call_from_thread(self.notify, _("Saved on this cart. It is sent by itself."))
        self.ward_changed()

    @on(Failed)
    def _failed(self, event: Failed) -> None:
        self.notify(event.error.text(), severity="error", timeout=60)

    def action_strike(self) -> None:
        """Ask why, then strike out the entry under the cursor."""
        page, session = self.found, self.session
        key = self.query_one("#fluids", Grid).key
        line = next((line for line in page.lines if line.id == key), None) if page else None
        if page is None or line is None:
            return
        if line.entry is None:
            self.notify(_("This comes from a dose: strike it out in the medication round."), severity="warning")
            return
        if line.entry.struck_at is not None:
            self.notify(_("This entry is already struck out."), severity="warning")
            return

        def asked() -> str:
            at = time_text(line.at, self.desk.ward.clock.now())
            what = fluid_text(line.direction, line.kind)
            return _("Strike out {what} of {at}? It stays readable.").format(what=what, at=at)

        def answered(reason: str | None) -> None:
            if reason is not None:
                self._strike(page, line.id, reason, session)

        options = tuple((_(text), text) for text in STRIKE_REASONS)
        self.app.push_screen(Question(asked, options, other=N_("another reason"), is_grave=True), answered)

    @work(thread=True, exit_on_error=False)
    def _strike(self, page: FluidPage, fluid: str, reason: str, session: Session) -> None:
        strike(self.desk.ward, session, page.stay, fluid, reason)
        self.ward_changed()

    def action_back(self) -> None:
        """Back to the patient."""
        self.dismiss()
