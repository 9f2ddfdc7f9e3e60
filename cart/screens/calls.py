"""Open calls: who waits, how long, who is on the way. Taken with a number of minutes, ended at the bed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from cart.keys import Key, bindings
from cart.screens.base import CartScreen
from cart.screens.question import Question
from cart.usecases.calls import acknowledge, arrive, is_late, may_resolve, open_calls, resolve
from cart.usecases.words import CALL_STATES, reason_text, seconds_text, word
from cart.widgets.grid import Cell, Column, Grid, Line
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from datetime import datetime

    from cart.ports import Ward
    from cart.usecases.session import Session
    from wardlink.messages.calls import CallChanged

_ = domain("cart").gettext

OUTCOMES = (N_("helped"), N_("doctor informed"), N_("called by mistake"))
MINUTES = (1, 2, 3, 5, 10)


class CallsScreen(CartScreen):
    """Calls that nobody has taken come first."""

    KEYS: ClassVar = (
        *(Key(str(n), f"take({n})", None, N_("Take the call; there in so many minutes.")) for n in MINUTES if n < 10),
        Key("t,enter", "take(3)", N_("Take, 3 min"), N_("Take the call; there in three minutes.")),
        Key("a", "arrive", N_("I am there"), N_("Say that you are at the bed.")),
        Key("r", "resolve", N_("Done"), N_("End the call with what was done.")),
        Key("o", "open", N_("Patient"), N_("Open the patient who calls.")),
        Key("escape", "back", N_("Back"), N_("Back.")),
    )
    BINDINGS = bindings(KEYS)

    class Read(Message):
        """The calls as they are now, and the names of those who call."""

        def __init__(self, calls: list[CallChanged], names: dict[str, str]) -> None:
            super().__init__()
            self.calls = calls
            self.names = names

    def __init__(self) -> None:
        super().__init__()
        self._calls: list[CallChanged] = []
        self._names: dict[str, str] = {}

    def body(self) -> Iterable[Widget]:
        """A heading and the list."""
        yield Static(_("Open calls. 1 2 3 5: take it, there in so many minutes."), classes="heading", markup=False)
        yield Grid(id="calls")

    def on_mount(self) -> None:
        """Begin with the list."""
        self.query_one(Grid).focus()

    def ward_changed(self) -> None:
        """Read the calls again."""
        self._read_ward()

    @work(thread=True, exclusive=True, group="calls", exit_on_error=False)
    def _read_ward(self) -> None:
        desk = self.cart.desk
        if desk is not None:
            names = {stay.bed: stay.name for stay in desk.ward.replica.encounters()}
            self.post_message(self.Read(open_calls(desk.ward.replica.calls()), names))

    @on(Read)
    def _read(self, event: Read) -> None:
        self._calls, self._names = event.calls, event.names
        self._show()

    def tick(self) -> None:
        """Ages have grown."""
        self._show()

    def _show(self) -> None:
        if self.cart.desk is None or not self.query(Grid):
            return
        now = self.desk.ward.clock.now()
        columns = (
            Column(_("Class"), 5),
            Column(_("Bed"), 4, "right"),
            Column(_("Name"), 12),
            Column(_("Reason"), 14),
            Column(_("Waiting"), 7),
            Column(_("State"), 10, grow=True),
        )
        lines = [self._line(call, now) for call in self._calls]
        self.query_one(Grid).show(columns, lines, empty=_("Nobody calls."))

    def _line(self, call: CallChanged, now: datetime) -> Line:
        reason = plain(reason_text(call.reason))
        urgent = "alarm" if call.cls == "P1" else "warn"
        return Line(
            call.id,
            (
                Cell(call.cls + (f" x{call.count}" if call.count > 1 else ""), urgent),
                Cell(call.bed, "strong"),
                Cell(plain(self._names.get(call.bed, "")), "strong"),
                Cell(reason),
                Cell(seconds_text(now - call.raised_at), "alarm" if is_late(call, now) else "plain"),
                Cell(state_text(call), "warn" if call.state == "raised" else "good"),
            ),
        )

    def _here(self) -> CallChanged | None:
        key = self.query_one(Grid).key
        return next((call for call in self._calls if call.id == key), None)

    @on(Grid.Chosen)
    def _chosen(self, event: Grid.Chosen) -> None:
        call = self._here()
        if call is not None and call.state == "raised":
            self.action_take(3)

    def action_take(self, eta_min: int) -> None:
        """Take the call under the cursor."""
        call = self._here()
        if call is not None:
            self._do(lambda ward, session: acknowledge(ward, session, call, eta_min), self.session)

    def action_arrive(self) -> None:
        """Say that somebody is at the bed."""
        call = self._here()
        if call is not None:
            self._do(lambda ward, session: arrive(ward, session, call), self.session)

    def action_resolve(self) -> None:
        """Ask what was done, and end the call."""
        call = self._here()
        if call is None:
            return
        if not may_resolve(call):
            self.notify(_("A P1 is ended at the bed: press A when you are there."), severity="warning")
            return

        def answered(outcome: str | None) -> None:
            if outcome is not None:
                self._do(lambda ward, session: resolve(ward, session, call, outcome), self.session)

        def asked() -> str:
            return _("Bed {bed}: what was done?").format(bed=call.bed)

        options = tuple((_(text), text) for text in OUTCOMES)
        self.app.push_screen(Question(asked, options, other=N_("in other words")), answered)

    def action_open(self) -> None:
        """Open the patient who calls."""
        call = self._here()
        if call is not None and call.encounter is not None:
            self.cart.open_patient(call.encounter)

    @work(thread=True, exit_on_error=False)
    def _do(self, deed: Callable[[Ward, Session], object], session: Session) -> None:
        deed(self.desk.ward, session)
        self.app.call_from_thread(self.cart.look_again)

    def action_back(self) -> None:
        """Back."""
        self.dismiss()


def state_text(call: CallChanged) -> str:
    """How far it is, with the name and the minutes where they are known."""
    if call.state == "acknowledged":
        who = plain(call.acknowledged_name or "")
        eta = _("there in {n} min").format(n=call.eta_min) if call.eta_min is not None else ""
        return " · ".join(part for part in (_("taken by {name}").format(name=who), eta) if part)
    if call.state == "arrived":
        return _("{name} is there").format(name=plain(call.arrived_name or ""))
    state = word(CALL_STATES, call.state)
    heard = _("not yet at the server")
    return state if call.received_at is not None else f"{state} · {heard}"
