"""The assessments of a patient: every scale with what stands, and when it is due again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.widget import Widget

from cart.keys import Key, bindings
from cart.screens.stay_page import StayPage
from cart.usecases.assess_words import TONES, difference_text, due_words
from cart.usecases.words import age_text
from cart.widgets.assess_lines import AssessmentDetail
from cart.widgets.grid import Cell, Column, Grid, Line
from cart.widgets.identity import Identity
from wardlink.i18n import N_, domain
from wardlink.messages.assessment_words import NOTHING, band_of, result_text

if TYPE_CHECKING:
    from datetime import datetime

    from cart.desk import Desk
    from cart.usecases.assess import Assessed, ScaleRow

_ = domain("cart").gettext


class AssessScreen(StayPage["Assessed"]):
    """A row a scale."""

    KEYS: ClassVar = (
        Key("enter", "begin", N_("Assess"), N_("Fill in the scale under the cursor.")),
        Key("h", "earlier", N_("Earlier"), N_("What was found with this scale before, and what has changed.")),
        Key("escape", "back", N_("Back"), N_("Back.")),
    )
    BINDINGS = bindings(KEYS)
    OPENED_AS = "assessments"

    def body(self) -> Iterable[Widget]:
        """Who; the scales; what is to be done about the one under the cursor."""
        yield Identity(id="who")
        yield Grid(id="scales")
        yield AssessmentDetail(id="assess-detail")

    def on_mount(self) -> None:
        """Begin with the list."""
        self.query_one("#scales", Grid).focus()

    def read_stay(self, desk: Desk) -> Assessed | None:
        """What stands there now."""
        from cart.usecases.assess import read

        return read(desk.ward.replica, self.encounter)

    def show_stay(self, found: Assessed) -> None:
        """Fill the widgets."""
        desk = self.desk
        now = desk.ward.clock.now()
        is_wide = self.size.width >= 110
        self.query_one(Identity).show(found.stay, found.others, now, found.marks)
        nurse = self.session.staff.id
        begun = {scale for stay, scale, who in desk.assessment_drafts if (stay, who) == (self.encounter, nurse)}
        lines = [_line(row, now, is_wide=is_wide, is_begun=row.scale.code in begun) for row in found.rows]
        self.query_one("#scales", Grid).show(_columns(is_wide=is_wide), lines)
        self._show_detail()

    def _show_detail(self) -> None:
        row = self._row()
        if row is not None:
            self.query_one(AssessmentDetail).show(row, self.desk.ward.clock.now())

    def _row(self) -> ScaleRow | None:
        key = self.query_one("#scales", Grid).key
        return None if self.found is None or key is None else self.found.row(key)

    @on(Grid.Moved, "#scales")
    def _moved(self, event: Grid.Moved) -> None:
        self._show_detail()

    @on(Grid.Chosen, "#scales")
    def _chosen(self, event: Grid.Chosen) -> None:
        self.action_begin()

    def action_begin(self) -> None:
        """Open the form of the scale under the cursor."""
        from cart.screens.assess_form import AssessFormScreen

        row = self._row()
        if row is not None:
            self.app.push_screen(AssessFormScreen(self.encounter, row.scale.code))

    def action_earlier(self) -> None:
        """Open what was found before with the scale under the cursor."""
        from cart.screens.assess_history import AssessHistoryScreen

        row = self._row()
        if row is None:
            return
        if not row.made:
            self.notify(_("This scale has not been used for this patient yet."))
            return
        self.app.push_screen(AssessHistoryScreen(self.encounter, row.scale.code))

    def action_back(self) -> None:
        """Back."""
        self.dismiss()


def _columns(*, is_wide: bool) -> tuple[Column, ...]:
    return (
        Column(_("Scale"), 24, grow=True),
        Column(_("Result"), 26 if is_wide else 22),
        Column(_("Change"), 6, "right"),
        Column(_("Made"), 12 if is_wide else 7, "right"),
        Column(_("Next"), 15 if is_wide else 13),
    )


def _line(row: ScaleRow, now: datetime, *, is_wide: bool, is_begun: bool) -> Line:
    view = row.last
    band = None if view is None else band_of(view)
    result = Cell(NOTHING, "dim") if view is None else Cell(result_text(view), TONES[band.tone] if band else "plain")
    if is_begun:
        result = Cell(_("half entered"), "warn")
    made = NOTHING if view is None else age_text(now - view.assessed_at)
    if view is not None and view.received_at is None:
        made += " *"
    return Line(
        row.scale.code,
        (
            Cell(row.scale.label_text(), "strong"),
            result,
            Cell("" if view is None else difference_text(view, row.before), "dim"),
            Cell(made, "dim" if view is None else "plain"),
            Cell(due_words(row, now), "alarm" if row.is_overdue(now) else "plain"),
        ),
    )
