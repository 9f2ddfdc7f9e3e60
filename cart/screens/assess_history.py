"""What was found with one scale before: each assessment with its difference, its answers, and striking it out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widget import Widget

from cart.keys import Key, bindings
from cart.screens.base import CartScreen
from cart.screens.question import Question
from cart.usecases.assess import STRIKE_REASONS, known_scale, strike
from cart.usecases.assess_words import TONES, difference_text
from cart.usecases.words import time_text
from cart.widgets.assess_lines import AnswersGiven
from cart.widgets.grid import Cell, Column, Grid, Line
from cart.widgets.identity import Identity
from wardlink.i18n import N_, domain
from wardlink.messages.assessment_words import band_of, result_text
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from datetime import datetime

    from cart.usecases.assess import Assessed
    from cart.usecases.session import Session
    from wardlink.messages.assessments import AssessmentView
    from wardlink.messages.encounters import EncounterView

_ = domain("cart").gettext


class AssessHistoryScreen(CartScreen):
    """The newest on top, struck ones in their place."""

    KEYS: ClassVar = (
        Key("x", "strike", N_("Strike"), N_("Strike out the assessment under the cursor, with a reason.")),
        Key("escape", "back", N_("Back"), N_("Back.")),
    )
    BINDINGS = bindings(KEYS)

    class Read(Message):
        """The assessments as they are now; None: the stay is not known here any more."""

        def __init__(self, found: Assessed | None) -> None:
            super().__init__()
            self.found = found

    def __init__(self, encounter: str, scale: str) -> None:
        super().__init__()
        self.encounter = encounter
        self.scale = known_scale(scale)
        self._found: Assessed | None = None

    def body(self) -> Iterable[Widget]:
        """Who; the list; the answers of the one under the cursor."""
        yield Identity(id="who")
        yield Grid(id="earlier")
        with VerticalScroll(id="assess-given", can_focus=False):
            yield AnswersGiven()

    def on_mount(self) -> None:
        """Begin with the list."""
        self.query_one("#earlier", Grid).focus()

    def ward_changed(self) -> None:
        """Read them again."""
        self._read_ward()

    @work(thread=True, exclusive=True, group="earlier", exit_on_error=False)
    def _read_ward(self) -> None:
        from cart.usecases.assess import read

        desk = self.cart.desk
        if desk is not None and desk.session is not None:
            self.post_message(self.Read(read(desk.ward.replica, self.encounter)))

    @on(Read)
    def _read(self, event: Read) -> None:
        if event.found is None:
            self.notify(_("This patient is no longer in this ward."), severity="warning")
            self.dismiss()
            return
        self._found = event.found
        self._show()

    def on_resize(self) -> None:
        """Other columns fit."""
        self._show()

    @property
    def _made(self) -> tuple[AssessmentView, ...]:
        row = None if self._found is None else self._found.row(self.scale.code)
        return () if row is None else row.made

    def _before(self, view: AssessmentView) -> AssessmentView | None:
        """The one before it that was not struck out."""
        older = self._made[self._made.index(view) + 1 :]
        return next((other for other in older if other.struck_at is None), None)

    def _show(self) -> None:
        if self._found is None or self.cart.desk is None or not self.query("#earlier"):
            return
        now = self.desk.ward.clock.now()
        self.query_one(Identity).show(self._found.stay, self._found.others, now, self._found.marks)
        columns = (
            Column(_("When"), 11),
            Column(self.scale.label_text(), 24, grow=True),
            Column(_("Change"), 6, "right"),
            Column(_("Assessed by"), 11),
            Column("", 10 if self.size.width >= 110 else 8),
        )
        lines = [self._line(view, now) for view in self._made]
        self.query_one("#earlier", Grid).show(columns, lines, empty=_("Not made in this stay yet."))
        self._show_given()

    def _line(self, view: AssessmentView, now: datetime) -> Line:
        band = band_of(view)
        is_struck = view.struck_at is not None
        state = _("struck out") if is_struck else _("unsent") if view.received_at is None else ""
        tone = "struck" if is_struck else TONES[band.tone] if band else "plain"
        change = "" if is_struck else difference_text(view, self._before(view))
        return Line(
            view.id,
            (
                Cell(time_text(view.assessed_at, now), "dim" if is_struck else "plain"),
                Cell(result_text(view), tone),
                Cell(change, "dim"),
                Cell(plain(view.by_name or view.by.id), "dim" if is_struck else "plain"),
                Cell(state, "warn"),
            ),
        )

    def _here(self) -> AssessmentView | None:
        key = self.query_one("#earlier", Grid).key
        return next((view for view in self._made if view.id == key), None)

    def _show_given(self) -> None:
        view = self._here()
        if view is not None:
            self.query_one(AnswersGiven).show(self.scale, view, self._before(view))

    @on(Grid.Moved, "#earlier")
    def _moved(self, event: Grid.Moved) -> None:
        self._show_given()

    def action_strike(self) -> None:
        """Ask why, then strike out the assessment under the cursor."""
        view, found = self._here(), self._found
        if view is None or found is None:
            return
        if view.struck_at is not None:
            self.notify(_("This assessment is already struck out."), severity="warning")
            return

        def asked() -> str:
            at = time_text(view.assessed_at, self.desk.ward.clock.now())
            said = _("Strike out {scale} of {at}, {name}? It stays readable.")
            return said.format(scale=self.scale.label_text(), at=at, name=plain(found.stay.name))

        def answered(reason: str | None) -> None:
            if reason is not None:
                self._strike(found.stay, view.id, reason, self.session)

        options = tuple((_(text), text) for text in STRIKE_REASONS)
        self.app.push_screen(Question(asked, options, other=N_("another reason"), is_grave=True), answered)

    @work(thread=True, exit_on_error=False)
    def _strike(self, stay: EncounterView, assessment: str, reason: str, session: Session) -> None:
        strike(self.desk.ward, session, stay, assessment, reason)
        self.ward_changed()

    def action_back(self) -> None:
        """Back."""
        self.dismiss()
