"""Intake and output of a patient: what went in and came out in a nursing day, and what it adds up to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from cart.keys import Key, bindings
from cart.screens.entry_page import EntryPage
from cart.screens.fluids_kind import FluidKindQuestion
from cart.usecases.fluids import examine, fields_of, save, strike
from cart.usecases.words import time_text
from cart.widgets import fluid_lines
from cart.widgets.grid import Grid
from cart.widgets.identity import Identity
from cart.widgets.lines import Lines
from wardlink.clinical.fluid_kinds import fluid_text
from wardlink.i18n import N_, domain

if TYPE_CHECKING:
    from datetime import date

    from cart.desk import Desk
    from cart.ports import Ward
    from cart.usecases.entry import EntryExam
    from cart.usecases.fluids import FluidPage
    from cart.usecases.session import Session
    from wardlink.clinical.fluid_kinds import Direction, FluidKind
    from wardlink.messages.commands import Command
    from wardlink.messages.encounters import EncounterView

_ = domain("cart").gettext


class FluidsScreen(EntryPage["FluidPage"]):
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

    def __init__(self, encounter: str) -> None:
        super().__init__(encounter)
        self._day: date | None = None

    def save_entry(self, ward: Ward, session: Session, stay: EncounterView, exam: EntryExam) -> Command:
        """Record it."""
        return save(ward, session, stay, exam)

    def strike_entry(self, ward: Ward, session: Session, stay: EncounterView, entry: str, reason: str) -> Command:
        """Strike it out."""
        return strike(ward, session, stay, entry, reason)

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
        clock = self.desk.ward.clock

        def titled() -> str:
            return f"{kind.text()} · {self.whose(page.stay)}"

        self.ask_entry(
            page,
            titled,
            fields_of(kind, page.sites),
            lambda texts, confirmed: examine(kind, texts, confirmed, page, clock.now()),
        )

    def action_strike(self) -> None:
        """Ask why, then strike out the entry under the cursor."""
        page = self.found
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

        self.ask_why(page, line.id, asked)
