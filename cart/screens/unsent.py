"""What this cart has not delivered yet, and what was refused: nothing leaves this list by itself but by a receipt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from cart.keys import Key, bindings
from cart.screens.base import CartScreen
from cart.screens.question import Question
from cart.usecases.words import COMMANDS, ENTRY_STATES, age_text, time_text, word
from cart.widgets.grid import Cell, Column, Grid, Line
from wardlink.i18n import N_, domain, language
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from cart.usecases.session import Session
    from wardlink.device import OutboxEntry

_ = domain("cart").gettext

_TROUBLE = ("refused", "parked")


@dataclass(frozen=True)
class _Shown:
    entry: OutboxEntry
    who: str


class UnsentScreen(CartScreen):
    """Refused ones first; then what waits, oldest first."""

    KEYS: ClassVar = (
        Key("enter", "deal", N_("Deal with"), N_("Say how a refused entry was dealt with.")),
        Key("escape", "back", N_("Back"), N_("Back.")),
    )
    BINDINGS = bindings(KEYS)

    class Read(Message):
        """The outbox as it is now."""

        def __init__(self, entries: list[_Shown]) -> None:
            super().__init__()
            self.entries = entries

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[_Shown] = []

    def body(self) -> Iterable[Widget]:
        """A heading and the list."""
        yield Static(_("Unsent and refused"), classes="heading", markup=False)
        yield Grid(id="entries")

    def on_mount(self) -> None:
        """Begin with the list."""
        self.query_one(Grid).focus()

    def ward_changed(self) -> None:
        """Read the outbox again."""
        self._read_ward()

    @work(thread=True, exclusive=True, group="entries", exit_on_error=False)
    def _read_ward(self) -> None:
        desk = self.cart.desk
        if desk is None:
            return
        shown = []
        for entry in desk.ward.outbox.entries():
            stay = desk.ward.replica.encounter(entry.encounter) if entry.encounter else None
            shown.append(_Shown(entry, f"{stay.bed} {stay.name}" if stay is not None else ""))
        shown.sort(key=lambda one: (one.entry.state not in _TROUBLE, one.entry.n))
        self.post_message(self.Read(shown))

    @on(Read)
    def _read(self, event: Read) -> None:
        self._entries = event.entries
        self._show()

    def tick(self) -> None:
        """Ages have grown, and states change without a word."""
        self.ward_changed()

    def _show(self) -> None:
        if self.cart.desk is None or not self.query(Grid):
            return
        now = self.desk.ward.clock.now()
        # On a narrow screen the age alone says when, so that the reason of a refusal can be read.
        is_wide = self.size.width >= 110
        columns = (
            Column(_("What"), 24 if is_wide else 14),
            Column(_("For"), 16 if is_wide else 12),
            *((Column(_("Entered"), 11),) if is_wide else ()),
            Column(_("Age"), 8),
            Column(_("State"), 8, grow=True),
        )
        lines = []
        for one in self._entries:
            entry = one.entry
            state = word(ENTRY_STATES, entry.state)
            reason = entry.reason_zh if language() == "zh_CN" else entry.reason_en
            if reason:
                state = _("{state}: {reason}").format(state=state, reason=plain(reason))
            cells = (
                Cell(word(COMMANDS, entry.kind)),
                Cell(plain(one.who)),
                *((Cell(time_text(entry.entered_at, now)),) if is_wide else ()),
                Cell(age_text(now - entry.entered_at)),
                Cell(state, "alarm" if entry.state in _TROUBLE else "warn"),
            )
            lines.append(Line(entry.id, cells))
        empty = _("Everything has been delivered.")
        self.query_one(Grid).show(columns, lines, empty=empty)

    @on(Grid.Chosen)
    def _chosen(self, event: Grid.Chosen) -> None:
        self.action_deal()

    def action_deal(self) -> None:
        """Ask how the refused entry under the cursor was dealt with."""
        key = self.query_one(Grid).key
        one = next((one for one in self._entries if one.entry.id == key), None)
        if one is None:
            return
        entry = one.entry
        if entry.state not in _TROUBLE:
            self.notify(_("This entry is on its way. There is nothing to do."))
            return

        def asked() -> str:
            reason = entry.reason_zh if language() == "zh_CN" else entry.reason_en
            said = _("{what} for {who} was not accepted: {reason}. How was it dealt with?")
            return said.format(what=word(COMMANDS, entry.kind), who=plain(one.who) or "—", reason=plain(reason or "—"))

        def answered(note: str | None) -> None:
            if note is not None:
                self._deal(entry.id, note, self.session)

        options = (
            (_("entered again"), N_("entered again")),
            (_("not needed any more"), N_("not needed any more")),
            (_("told the technician"), N_("told the technician")),
        )
        self.app.push_screen(Question(asked, options, other=N_("in other words"), is_grave=True), answered)

    @work(thread=True, exit_on_error=False)
    def _deal(self, command_id: str, note: str, session: Session) -> None:
        self.desk.ward.acknowledge_refused(command_id, by=session.actor, note=note)
        self.ward_changed()

    def action_back(self) -> None:
        """Back."""
        self.dismiss()
