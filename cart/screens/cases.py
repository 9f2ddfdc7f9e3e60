"""Cases that wait for a person: two facts that do not fit. Each tells its story and is closed with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cart.keys import Key, bindings
from cart.screens.list_page import ListPage
from cart.usecases.attributions import monitor_of, unanswered
from cart.usecases.cases import CLOSE_REASONS, close, open_cases, timeline
from cart.usecases.words import age_text, time_text
from cart.widgets.grid import Cell, Column, Line
from wardlink.clock import ward_time
from wardlink.i18n import N_, domain
from wardlink.messages.exception_words import detail_lines, kind_text
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from datetime import datetime

    from cart.ports import Ward
    from wardlink.messages.exceptions import ExceptionView

_ = domain("cart").gettext


class CasesScreen(ListPage["ExceptionView"]):
    """Oldest first."""

    GRID = "cases"
    HEADING = N_("Cases that wait for a person")
    NOTHING = N_("Nothing waits for a person.")
    KEYS: ClassVar = (
        Key("enter", "close_case", N_("Open"), N_("Read a case and close it with a reason.")),
        Key("g", "give", N_("Whose values?"), N_("Give values that a monitor measured without a patient to one.")),
        Key("l", "given", N_("Given"), N_("What was given to a patient afterwards, and taking it back.")),
        Key("escape", "back", N_("Back"), N_("Back.")),
    )
    BINDINGS = bindings(KEYS)

    def read(self, ward: Ward) -> tuple[list[ExceptionView], dict[str, str]]:
        """The open cases; names, and what was said about a monitor and is not delivered, by case."""
        cases = open_cases(ward.replica.exceptions())
        names = {}
        for case in cases:
            monitor = monitor_of(case)
            said = unanswered(ward.replica, monitor) if monitor else None
            whose = said.encounter if said is not None else case.encounter
            stay = ward.replica.encounter(whose) if whose else None
            names[case.id] = stay.name if stay is not None else ""
            if said is not None:
                names[f"said {case.id}"] = said.id
        return cases, names

    def columns(self) -> tuple[Column, ...]:
        """Where, who, what, and how long."""
        return (
            Column(_("Bed"), 4, "right"),
            Column(_("Name"), 14),
            Column(_("What happened"), 20, grow=True),
            Column(_("Device"), 8),
            Column(_("Measured"), 11),
            Column(_("Open for"), 9),
        )

    def line(self, case: ExceptionView, now: datetime) -> Line:
        """One case."""
        waits = _("Given to a patient; not yet at the server") if self.name_of(f"said {case.id}") else ""
        return Line(
            case.id,
            (
                Cell(case.bed or "—", "strong"),
                Cell(plain(self.name_of(case.id)), "strong"),
                Cell(waits or kind_text(case.kind), "warn"),
                Cell(monitor_of(case) or case.device or "—"),
                Cell(time_text(case.measured_at, now) if case.measured_at else "—"),
                Cell(age_text(now - case.opened_at)),
            ),
        )

    def chosen(self, case: ExceptionView) -> None:
        """Tell it, and ask what was done."""
        self.ask(
            lambda: story(case, self.name_of(case.id)),
            CLOSE_REASONS,
            lambda reason: lambda ward, session: close(ward, session, case, reason),
        )

    def action_close_case(self) -> None:
        """Tell the case under the cursor, and ask what was done."""
        case = self.here
        if case is not None:
            self.chosen(case)

    def action_give(self) -> None:
        """Say whose the values of the monitor under the cursor were."""
        case = self.here
        if case is None:
            return
        if monitor_of(case) is None:
            self.notify(_("This case is not about values without a patient."), severity="warning")
            return
        from cart.screens.give import GiveScreen

        self.app.push_screen(GiveScreen(case))

    def action_given(self) -> None:
        """Show what was given afterwards."""
        from cart.screens.given import GivenScreen

        self.app.push_screen(GivenScreen())


def story(case: ExceptionView, name: str) -> str:
    """What happened, in what order, by which clock."""
    lines = [kind_text(case.kind)]
    about = _("bed {bed} {name}").format(bed=case.bed or "—", name=plain(name)).strip()
    lines.append(_("{about}, device {device}").format(about=about, device=case.device or "—"))
    for at, what, clock in timeline(case):
        lines.append(f"{ward_time(at):%m-%d %H:%M:%S}  {_(what)}  ({_(clock)})")
    lines += [plain(line) for line in detail_lines(case)]
    return "\n".join(lines)
