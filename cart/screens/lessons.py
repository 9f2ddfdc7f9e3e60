"""The health lessons of one patient: which are for them, what they have read and understood; the nurse signs."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cart.keys import Key, bindings
from cart.screens.list_page import ListPage
from cart.usecases.lessons import STATES, Taught, listed, sign
from cart.usecases.patient import known_stay
from cart.usecases.words import time_text
from cart.widgets.grid import Cell, Column, Line
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from datetime import datetime

    from cart.ports import Ward

_ = domain("cart").gettext


class LessonsScreen(ListPage[Taught]):
    """Those for this patient first."""

    GRID = "lessons"
    HEADING = N_("Health lessons. The patient reads them on the bed's screen and answers questions.")
    NOTHING = N_("There are no lessons.")
    KEYS: ClassVar = (
        Key("enter,s", "sign", N_("Sign"), N_("You have talked it over with the patient.")),
        Key("escape", "back", N_("Back"), N_("Back.")),
    )
    BINDINGS = bindings(KEYS)

    def __init__(self, encounter: str) -> None:
        super().__init__()
        self.encounter = encounter

    def read(self, ward: Ward) -> tuple[list[Taught], dict[str, str]]:
        """The lessons of the stay; none once the stay is not known here."""
        stay = known_stay(ward.replica, self.encounter)
        return (listed(ward.replica, stay), {"": stay.name}) if stay is not None else ([], {})

    def columns(self) -> tuple[Column, ...]:
        """Which, for whom, how far, signed by whom."""
        return (
            Column(_("Lesson"), 24, grow=True),
            Column(_("For"), 12),
            Column(_("State"), 20),
            Column(_("Right"), 6),
            Column(_("Signed"), 20),
        )

    def line(self, thing: Taught, now: datetime) -> Line:
        """One lesson."""
        view = thing.view
        text, tone = STATES[thing.state]
        signed = ""
        if view is not None and view.signed_at is not None:
            who = plain(view.signed_by_name or str(view.signed_by))
            signed = f"✓ {who} {time_text(view.signed_at, now)}"
        if thing.is_unsent:
            signed = _("waits to be sent")
        return Line(
            thing.id,
            (
                Cell(thing.lesson.title.text(), "strong"),
                Cell(_("this patient") if thing.is_for else "—"),
                Cell(_(text), tone),
                Cell(f"{view.right}/{view.asked}" if view is not None and view.asked else "—"),
                Cell(signed or "—"),
            ),
        )

    def chosen(self, thing: Taught) -> None:
        """Sign it."""
        code, encounter = thing.lesson.code, self.encounter

        def deed(ward: Ward, session: object) -> None:
            stay = known_stay(ward.replica, encounter)
            if stay is not None:
                sign(ward, session, stay, code)  # type: ignore[arg-type]

        self.do(deed)

    def action_sign(self) -> None:
        """Sign the lesson under the cursor."""
        if self.here is not None:
            self.chosen(self.here)
