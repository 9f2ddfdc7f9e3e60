"""Cases that wait for a person: two facts that do not fit. Each tells its story and is closed with a reason."""

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
from cart.usecases.cases import CLOSE_REASONS, close, open_cases, timeline
from cart.usecases.words import age_text, time_text
from cart.widgets.grid import Cell, Column, Grid, Line
from wardlink.clock import ward_time
from wardlink.i18n import N_, domain
from wardlink.messages.exception_words import detail_lines, kind_text
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from cart.usecases.session import Session
    from wardlink.messages.exceptions import ExceptionView

_ = domain("cart").gettext


class CasesScreen(CartScreen):
    """Oldest first."""

    KEYS: ClassVar = (
        Key("enter", "close_case", N_("Open"), N_("Read a case and close it with a reason.")),
        Key("escape", "back", N_("Back"), N_("Back.")),
    )
    BINDINGS = bindings(KEYS)

    class Read(Message):
        """The cases as they are now, and the names of those they are about."""

        def __init__(self, cases: list[ExceptionView], names: dict[str, str]) -> None:
            super().__init__()
            self.cases = cases
            self.names = names

    def __init__(self) -> None:
        super().__init__()
        self._cases: list[ExceptionView] = []
        self._names: dict[str, str] = {}

    def body(self) -> Iterable[Widget]:
        """A heading and the list."""
        yield Static(_("Cases that wait for a person"), classes="heading", markup=False)
        yield Grid(id="cases")

    def on_mount(self) -> None:
        """Begin with the list."""
        self.query_one(Grid).focus()

    def ward_changed(self) -> None:
        """Read the cases again."""
        self._read_ward()

    @work(thread=True, exclusive=True, group="cases", exit_on_error=False)
    def _read_ward(self) -> None:
        desk = self.cart.desk
        if desk is None:
            return
        cases = open_cases(desk.ward.replica.exceptions())
        names = {}
        for case in cases:
            stay = desk.ward.replica.encounter(case.encounter) if case.encounter else None
            names[case.id] = stay.name if stay is not None else ""
        self.post_message(self.Read(cases, names))

    @on(Read)
    def _read(self, event: Read) -> None:
        self._cases, self._names = event.cases, event.names
        self._show()

    def tick(self) -> None:
        """Ages have grown."""
        self._show()

    def _show(self) -> None:
        if self.cart.desk is None or not self.query(Grid):
            return
        now = self.desk.ward.clock.now()
        columns = (
            Column(_("Bed"), 4, "right"),
            Column(_("Name"), 14),
            Column(_("What happened"), 20, grow=True),
            Column(_("Device"), 8),
            Column(_("Measured"), 11),
            Column(_("Open for"), 9),
        )
        lines = [
            Line(
                case.id,
                (
                    Cell(case.bed or "—", "strong"),
                    Cell(plain(self._names.get(case.id, "")), "strong"),
                    Cell(kind_text(case.kind), "warn"),
                    Cell(case.device or "—"),
                    Cell(time_text(case.measured_at, now) if case.measured_at else "—"),
                    Cell(age_text(now - case.opened_at)),
                ),
            )
            for case in self._cases
        ]
        self.query_one(Grid).show(columns, lines, empty=_("Nothing waits for a person."))

    @on(Grid.Chosen)
    def _chosen(self, event: Grid.Chosen) -> None:
        self.action_close_case()

    def action_close_case(self) -> None:
        """Tell the case under the cursor, and ask what was done."""
        key = self.query_one(Grid).key
        case = next((case for case in self._cases if case.id == key), None)
        if case is None:
            return

        def answered(reason: str | None) -> None:
            if reason is not None:
                self._close(case, reason, self.session)

        options = tuple((_(text), text) for text in CLOSE_REASONS)
        question = Question(lambda: story(case, self._names.get(case.id, "")), options, other=N_("in other words"))
        self.app.push_screen(question, answered)

    @work(thread=True, exit_on_error=False)
    def _close(self, case: ExceptionView, reason: str, session: Session) -> None:
        close(self.desk.ward, session, case, reason)
        self.ward_changed()

    def action_back(self) -> None:
        """Back."""
        self.dismiss()


def story(case: ExceptionView, name: str) -> str:
    """What happened, in what order, by which clock."""
    lines = [kind_text(case.kind)]
    about = _("bed {bed} {name}").format(bed=case.bed or "—", name=plain(name))
    lines.append(_("{about}, device {device}").format(about=about, device=case.device or "—"))
    for at, what, clock in timeline(case):
        lines.append(f"{ward_time(at):%m-%d %H:%M:%S}  {_(what)}  ({_(clock)})")
    lines += [plain(line) for line in detail_lines(case)]
    return "\n".join(lines)
