"""Open calls: who waits, how long, who is on the way. Taken with a number of minutes, ended at the bed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cart.keys import Key, bindings
from cart.screens.list_page import ListPage
from cart.usecases.calls import acknowledge, arrive, is_late, may_resolve, open_calls, resolve
from cart.usecases.words import CALL_STATES, reason_text, seconds_text, word
from cart.widgets.grid import Cell, Column, Line
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from datetime import datetime

    from cart.ports import Ward
    from wardlink.messages.calls import CallChanged

_ = domain("cart").gettext

OUTCOMES = (N_("helped"), N_("doctor informed"), N_("called by mistake"))
MINUTES = (1, 2, 3, 5, 10)


class CallsScreen(ListPage["CallChanged"]):
    """Calls that nobody has taken come first."""

    GRID = "calls"
    HEADING = N_("Open calls. 1 2 3 5: take it, there in so many minutes.")
    NOTHING = N_("Nobody calls.")
    KEYS: ClassVar = (
        *(Key(str(n), f"take({n})", None, N_("Take the call; there in so many minutes.")) for n in MINUTES if n < 10),
        Key("t,enter", "take(3)", N_("Take, 3 min"), N_("Take the call; there in three minutes.")),
        Key("a", "arrive", N_("I am there"), N_("Say that you are at the bed.")),
        Key("r", "resolve", N_("Done"), N_("End the call with what was done.")),
        Key("o", "open", N_("Patient"), N_("Open the patient who calls.")),
        Key("escape", "back", N_("Back"), N_("Back.")),
    )
    BINDINGS = bindings(KEYS)

    def read(self, ward: Ward) -> tuple[list[CallChanged], dict[str, str]]:
        """The open calls, and names by bed."""
        names = {stay.bed: stay.name for stay in ward.replica.encounters()}
        return open_calls(ward.replica.calls()), names

    def columns(self) -> tuple[Column, ...]:
        """How urgent, who, why, how long, and who is on the way."""
        return (
            Column(_("Class"), 5),
            Column(_("Bed"), 4, "right"),
            Column(_("Name"), 12),
            Column(_("Reason"), 14),
            Column(_("Waiting"), 7),
            Column(_("State"), 10, grow=True),
        )

    def line(self, call: CallChanged, now: datetime) -> Line:
        """One call; loud while it is late."""
        reason = plain(reason_text(call.reason))
        urgent = "alarm" if call.cls == "P1" else "warn"
        return Line(
            call.id,
            (
                Cell(call.cls + (f" x{call.count}" if call.count > 1 else ""), urgent),
                Cell(call.bed, "strong"),
                Cell(plain(self.name_of(call.bed)), "strong"),
                Cell(reason),
                Cell(seconds_text(now - call.raised_at), "alarm" if is_late(call, now) else "plain"),
                Cell(state_text(call), "warn" if call.state == "raised" else "good"),
            ),
        )

    def chosen(self, call: CallChanged) -> None:
        """Take it, if nobody has it."""
        if call.state == "raised":
            self.action_take(3)

    def action_take(self, eta_min: int) -> None:
        """Take the call under the cursor."""
        call = self.here
        if call is not None:
            self.do(lambda ward, session: acknowledge(ward, session, call, eta_min))

    def action_arrive(self) -> None:
        """Say that somebody is at the bed."""
        call = self.here
        if call is not None:
            self.do(lambda ward, session: arrive(ward, session, call))

    def action_resolve(self) -> None:
        """Ask what was done, and end the call."""
        call = self.here
        if call is None:
            return
        if not may_resolve(call):
            self.notify(_("A P1 is ended at the bed: press A when you are there."), severity="warning")
            return

        def asked() -> str:
            return _("Bed {bed}: what was done?").format(bed=call.bed)

        self.ask(asked, OUTCOMES, lambda outcome: lambda ward, session: resolve(ward, session, call, outcome))

    def action_open(self) -> None:
        """Open the patient who calls."""
        call = self.here
        if call is not None:
            self.open_patient(call.encounter)


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
