"""What was given to a patient afterwards: by whom, from which monitor, and whether it stands. Taken back from here."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cart.keys import Key, bindings
from cart.screens.list_page import ListPage
from cart.usecases.attributions import STRIKE_REASONS, given, take_back
from cart.usecases.words import time_text
from cart.widgets.grid import Cell, Column, Line
from wardlink.i18n import N_, domain
from wardlink.record.attributions import ATTRIBUTION
from wardlink.record.occupancy import MINUTE
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cart.ports import Ward
    from wardlink.messages.attributions import AttributionView

_ = domain("cart").gettext


class GivenScreen(ListPage["AttributionView"]):
    """Newest first."""

    GRID = "given"
    HEADING = N_("Values that were given to a patient afterwards")
    NOTHING = N_("Nothing was given in the last three days.")
    KEYS: ClassVar = (
        Key("x", "strike", N_("Take back"), N_("Say that they were not this patient's; they are nobody's again.")),
        Key("o", "open", N_("Patient"), N_("Open the patient.")),
        Key("escape", "back", N_("Back"), N_("Back.")),
    )
    BINDINGS = bindings(KEYS)

    def read(self, ward: Ward) -> tuple[Sequence[AttributionView], dict[str, str]]:
        """What was said, names by stay, and what the server does not have yet by its id."""
        found = given(ward.replica)
        stays = {view.encounter: ward.replica.encounter(view.encounter) for view in found if view.encounter}
        names = {name: stay.name for name, stay in stays.items() if name and stay is not None}
        return found, names | dict.fromkeys(ward.replica.unsent_records(ATTRIBUTION), "unsent")

    def columns(self) -> tuple[Column, ...]:
        """Which values, whose, who says so, and what has become of it."""
        return (
            Column(_("Monitor"), 8),
            Column(_("Measured"), 17),
            Column(_("Bed"), 4, "right"),
            Column(_("Name"), 10),
            Column(_("By"), 8),
            Column(_("State"), 16, grow=True),
        )

    def line(self, view: AttributionView, now: datetime) -> Line:
        """One word."""
        tone = "struck" if view.struck_at is not None else "plain"
        return Line(
            view.id,
            (
                Cell(plain(view.monitor), tone),
                Cell(f"{time_text(view.from_at, now)}-{time_text(view.until_at - MINUTE, view.from_at)}", tone),
                Cell(plain(view.bed or "—"), "strong"),
                Cell(plain(self.name_of(view.encounter)), "strong"),
                Cell(plain(view.by_name or view.by.id), tone),
                self._state(view),
            ),
        )

    def _state(self, view: AttributionView) -> Cell:
        if view.received_at is None or self.name_of(view.id):
            return Cell(_("not yet at the server"), "warn")
        if view.struck_at is not None:
            return Cell(_("taken back: {reason}").format(reason=plain(view.struck_reason or "")), "dim")
        if view.in_doubt:
            return Cell(_("does not count: somebody says otherwise"), "warn")
        return Cell(_("{n} sets · {reason}").format(n=view.sets, reason=plain(view.reason)), "good")

    def chosen(self, view: AttributionView) -> None:
        """Open the patient."""
        self.open_patient(view.encounter)

    def action_open(self) -> None:
        """Open the patient of the line under the cursor."""
        view = self.here
        if view is not None:
            self.chosen(view)

    def action_strike(self) -> None:
        """Ask why, and take the word under the cursor back."""
        view = self.here
        if view is None or view.struck_at is not None:
            return

        def asked() -> str:
            return _("Why do you take the values back from {name}?").format(name=plain(self.name_of(view.encounter)))

        self.ask(asked, STRIKE_REASONS, lambda reason: lambda ward, session: take_back(ward, session, view, reason))
