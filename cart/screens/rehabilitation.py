"""The rehabilitation of one patient: how far the plan is, what was done, and the nurse's word on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Static

from cart.keys import Key, bindings
from cart.screens.list_page import ListPage
from cart.usecases.patient import known_stay
from cart.usecases.rehabilitation import STATES, Exercised, confirm, listed, plan_text, refuse
from cart.usecases.words import time_text
from cart.widgets.grid import Cell, Column, Line
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from textual.widget import Widget

    from cart.ports import Ward
    from cart.usecases.session import Session
    from wardlink.messages.encounters import EncounterView

_ = domain("cart").gettext

REASONS = (N_("It was not done to its end."), N_("It was not done that day."), N_("It was done in another way."))


class RehabilitationScreen(ListPage[Exercised]):
    """What waits for a word first."""

    GRID = "rehabilitation"
    HEADING = N_("Rehabilitation. The patient says on the bed's screen what was done; you say whether it counts.")
    NOTHING = N_("Nothing was done yet.")
    KEYS: ClassVar = (
        Key("enter,s", "confirm", N_("Confirm"), N_("It was done; you have seen it.")),
        Key("n", "refuse", N_("Not counted"), N_("It was not done so, with a reason that the patient reads.")),
        Key("escape", "back", N_("Back"), N_("Back.")),
    )
    BINDINGS = bindings(KEYS)

    def __init__(self, encounter: str) -> None:
        super().__init__()
        self.encounter = encounter

    def body(self) -> Iterable[Widget]:
        """The plan between the heading and the table."""
        heading, table = super().body()
        yield heading
        yield Static("", id="rehab-plan", markup=False)
        yield table

    def read(self, ward: Ward) -> tuple[list[Exercised], dict[str, str]]:
        """The sessions of the stay; none once the stay is not known here."""
        stay = known_stay(ward.replica, self.encounter)
        if stay is None:
            return [], {}
        plan = plan_text(ward.replica, stay, ward.clock.now())
        return listed(ward.replica, stay), {"": stay.name, "plan": plan}

    def show(self) -> None:
        """The plan, and what was done by it."""
        super().show()
        if found := self.query("#rehab-plan").results(Static):
            next(found).update(self.name_of("plan"))

    def columns(self) -> tuple[Column, ...]:
        """When, which, how it was, and what is said of it."""
        return (
            Column(_("When"), 12),
            Column(_("Session"), 9),
            Column(_("Done"), 6),
            Column(_("Borg"), 5),
            Column(_("Pain"), 6),
            Column(_("Stopped"), 18, grow=True),
            Column(_("State"), 26),
            Column(_("Seen by"), 10),
        )

    def line(self, thing: Exercised, now: datetime) -> Line:
        """One session; loud where it should have been stopped and nobody has answered."""
        one, last = thing.session, thing.session.last
        pain = "–".join("?" if value is None else str(value) for value in (last.pain_before, last.pain))
        stopped = thing.stopped_text()
        by = plain(one.answer.by_name or str(one.answer.by)) if one.answer is not None else ""
        return Line(
            thing.id,
            (
                Cell(time_text(last.at, now)),
                Cell(f"{one.on:%m-%d} {one.number}", "strong"),
                Cell(f"{last.done}/{last.asked}"),
                Cell("—" if last.rpe is None else str(last.rpe)),
                Cell("—" if last.pain is None and last.pain_before is None else pain),
                Cell(stopped or "—", "alarm" if stopped and thing.waits else "plain"),
                Cell(_("waits to be sent") if thing.is_unsent else thing.state_text(), STATES[one.state][1]),
                Cell(by or "—"),
            ),
        )

    def chosen(self, thing: Exercised) -> None:
        """Confirm it, if it waits."""
        if thing.waits:
            self.do(self._said(lambda ward, session, stay: confirm(ward, session, stay, thing.id)))

    def action_confirm(self) -> None:
        """What is under the cursor was done."""
        if self.here is not None:
            self.chosen(self.here)

    def action_refuse(self) -> None:
        """Why what is under the cursor does not count."""
        thing = self.here
        if thing is None or not thing.waits:
            return

        def asked() -> str:
            when = f"{thing.session.on:%m-%d} {thing.session.number}"
            return _("Session {when}: why does it not count? The patient reads it.").format(when=when)

        def deed(reason: str) -> Callable[[Ward, Session], object]:
            return self._said(lambda ward, session, stay: refuse(ward, session, stay, thing.id, reason))

        self.ask(asked, REASONS, deed)

    def _said(self, deed: Callable[[Ward, Session, EncounterView], object]) -> Callable[[Ward, Session], object]:
        def done(ward: Ward, session: Session) -> None:
            stay = known_stay(ward.replica, self.encounter)
            if stay is not None:
                deed(ward, session, stay)

        return done
