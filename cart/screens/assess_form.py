"""One scale is filled in: a key an answer, total, level and what is to be done beside it, saved with F2."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widget import Widget

from cart.keys import Key, bindings
from cart.screens.base import CartScreen
from cart.screens.question import Question
from cart.usecases.assess import known_scale, save, years_of
from cart.usecases.assess_draft import Draft, Exam, examine, is_from_age, keys_of, next_open
from cart.widgets.answers import Answers
from cart.widgets.assess_lines import ResultPanel, findings
from cart.widgets.grid import Cell, Column, Grid, Line
from cart.widgets.identity import Identity
from cart.widgets.lines import Lines
from wardlink.errors import WardlinkError
from wardlink.i18n import N_, domain
from wardlink.messages.assessment_words import result_text

if TYPE_CHECKING:
    from cart.usecases.assess import Assessed, ScaleRow
    from cart.usecases.session import Session
    from wardlink.clinical.assessments.scales import Item, Option
    from wardlink.messages.encounters import EncounterView

_ = domain("cart").gettext


class AssessFormScreen(CartScreen):
    """The form of one scale. What stands in it is a draft that outlives the page and the sign-in."""

    KEYS: ClassVar = (
        Key("f2", "save", N_("Save"), N_("Save on this cart's disk; it is sent by itself."), priority=True),
        Key("f3", "note", N_("Note"), N_("A note to this assessment."), priority=True),
        Key("f4", "confirm", N_("Yes, right"), N_("Confirm what is unusual."), priority=True),
        Key("f7", "clear", N_("Clear"), N_("Empty the form."), priority=True),
        Key("escape", "back", N_("Back"), N_("Back; what is half entered is kept for you.")),
        Key("right,space", "step(1)", None, N_("The next answer; so does the space bar.")),
        Key("left", "step(-1)", None, N_("The answer before.")),
        Key("delete,backspace", "forget", None, N_("No answer.")),
    )
    BINDINGS = bindings(KEYS)

    class Began(Message):
        """The patient and what was answered before are read."""

        def __init__(self, found: Assessed | None) -> None:
            super().__init__()
            self.found = found

    class Saved(Message):
        """The assessment is on the disk."""

    class Failed(Message):
        """The assessment is not on the disk; nothing of it was kept but the draft."""

        def __init__(self, error: WardlinkError) -> None:
            super().__init__()
            self.error = error

    def __init__(self, encounter: str, scale: str) -> None:
        super().__init__()
        self.encounter = encounter
        self.scale = known_scale(scale)
        self._found: Assessed | None = None
        self._busy = False

    # -- the draft

    @cached_property
    def _draft_key(self) -> tuple[str, str, str]:
        # Kept: a save may end after the nurse has been signed out.
        return self.encounter, self.scale.code, self.session.staff.id

    @property
    def draft(self) -> Draft:
        """What stands in the form."""
        return self.desk.assessment_drafts.get(self._draft_key, Draft())

    @draft.setter
    def draft(self, draft: Draft) -> None:
        if draft.is_empty:
            self.desk.assessment_drafts.pop(self._draft_key, None)
        else:
            self.desk.assessment_drafts[self._draft_key] = draft

    def exam(self) -> Exam | None:
        """What the draft means now; None before the patient is read."""
        if self._found is None:
            return None
        return examine(self.scale, self.draft, age_years=years_of(self._found.stay, self.desk.ward.clock.now()))

    # -- building

    def body(self) -> Iterable[Widget]:
        """Who; questions left, result right; the answers of the question under the cursor."""
        yield Identity(id="who")
        with Horizontal(id="assess-top"):
            yield Grid(id="items")
            with VerticalScroll(id="assess-side", can_focus=False):
                yield ResultPanel(id="assess-result")
        yield Answers(id="assess-answers")
        yield Lines(id="assess-findings")

    def on_mount(self) -> None:
        """Begin with the first question that has no answer."""
        self._begin()
        self.query_one("#items", Grid).focus()

    @work(thread=True, exit_on_error=False)
    def _begin(self) -> None:
        from cart.usecases.assess import read

        self.post_message(self.Began(read(self.desk.ward.replica, self.encounter)))

    @on(Began)
    def _began(self, event: Began) -> None:
        if event.found is None:
            self.notify(_("This patient is no longer in this ward."), severity="warning")
            self.dismiss()
            return
        is_first = self._found is None
        self._found = event.found
        self._show()
        if is_first:
            self._walk(None)

    def ward_changed(self) -> None:
        """The form shows what was answered, not what comes in; only the patient may have changed."""
        if self._found is not None:
            self._begin()

    def tick(self) -> None:
        """When the next one is due moves on with the clock."""
        self._show()

    def on_resize(self) -> None:
        """Other columns fit."""
        self._show()

    def _show(self) -> None:
        exam = self.exam()
        if exam is None or self._found is None or not self.query("#assess-findings"):
            return
        now = self.desk.ward.clock.now()
        self.query_one(Identity).show(self._found.stay, self._found.others, now, self._found.marks)
        room = 26 if self.size.width < 110 else 38
        columns = (Column(self.scale.label_text(), room), Column(_("Answer"), 10, grow=True), Column("", 3, "right"))
        lines = [self._line(exam, item) for item in exam.weighed.asked]
        self.query_one("#items", Grid).show(columns, lines)
        row = self._row()
        last = result_text(row.last) if row is not None and row.last is not None else ""
        self.query_one(ResultPanel).show(exam, now, last)
        self.query_one("#assess-findings", Lines).say(findings(exam))
        self._show_answers(exam)

    def _line(self, exam: Exam, item: Item) -> Line:
        option = self._chosen(exam, item)
        if option is None:
            return Line(item.code, (Cell(item.label_text(), "strong"), Cell("…", "warn"), Cell("")))
        applies = _("applies") if option.code == "yes" else "·"
        words = applies if item.ticked else option.label_text()
        absent = item.ticked and option.code == "no"
        is_counted = option.points is not None and item.part in self.scale.summed and not absent
        points = str(option.points) if is_counted else ""
        is_quiet = is_from_age(item) or absent
        if is_from_age(item):
            words = _("{answer} (from the birth date)").format(answer=words)
        tone = "dim" if is_quiet else "plain"
        return Line(item.code, (Cell(item.label_text(), tone), Cell(words, tone), Cell(points, tone)))

    def _chosen(self, exam: Exam, item: Item) -> Option | None:
        code = exam.weighed.answers.get(item.code)
        if code is None:
            return item.options[0] if item.ticked else None
        return item.option(code)

    def _row(self) -> ScaleRow | None:
        return None if self._found is None else self._found.row(self.scale.code)

    def _item(self) -> Item | None:
        key = self.query_one("#items", Grid).key
        return None if key is None else self.scale.item(key)

    def _show_answers(self, exam: Exam) -> None:
        item = self._item()
        if item is None or is_from_age(item):
            self.query_one(Answers).show((), None, None, item)
            return
        row, chosen = self._row(), self._chosen(exam, item)
        before = row.last.answers.get(item.code) if row is not None and row.last is not None else None
        self.query_one(Answers).show(keys_of(item), chosen, before, item)

    # -- answering

    @on(Grid.Moved, "#items")
    def _moved(self, event: Grid.Moved) -> None:
        exam = self.exam()
        if exam is not None:
            self._show_answers(exam)

    @on(Grid.Chosen, "#items")
    def _entered(self, event: Grid.Chosen) -> None:
        item = self._item()
        if item is not None and item.ticked:
            self.action_step(1)
        elif item is not None:
            self._walk(item.code)

    @on(Answers.Picked)
    def _picked(self, event: Answers.Picked) -> None:
        self._answer(event.code, walk_on=True)

    def on_key(self, event: events.Key) -> None:
        """The key of an answer gives it."""
        item = self._item()
        if item is None or is_from_age(item) or not event.character:
            return
        for key, option in keys_of(item):
            if event.character.casefold() == key:
                event.stop()
                self._answer(option.code, walk_on=True)
                return

    def _answer(self, code: str | None, *, walk_on: bool) -> None:
        item = self._item()
        if item is None or is_from_age(item):
            return
        is_default = item.ticked and code == item.options[0].code
        self.draft = self.draft.answered(item.code, None if is_default else code)
        self._show()
        if walk_on:
            self._walk(item.code)

    def _walk(self, after: str | None) -> None:
        """To the next question without an answer; of what may apply or not, to the next line."""
        exam, grid = self.exam(), self.query_one("#items", Grid)
        if exam is None:
            return
        item = None if after is None else self.scale.item(after)
        if item is not None and item.ticked:
            grid.action_move(1)
            return
        following = next_open(exam.weighed, after)
        if following is not None:
            grid.go_to(following)
        elif after is not None and not exam.weighed.missing:
            grid.action_move(1)

    def action_step(self, by: int) -> None:
        """The next answer of this question, or the one before."""
        exam, item = self.exam(), self._item()
        if exam is None or item is None or is_from_age(item):
            return
        codes = [option.code for option in item.options]
        chosen = self._chosen(exam, item)
        at = codes.index(chosen.code) + by if chosen is not None else (0 if by > 0 else -1)
        self._answer(codes[at % len(codes)], walk_on=False)

    def action_forget(self) -> None:
        """Take the answer back."""
        self._answer(None, walk_on=False)

    # -- keys

    def action_confirm(self) -> None:
        """The nurse stands by what is unusual."""
        exam = self.exam()
        if exam is not None:
            asked = frozenset(finding.code for finding in exam.unconfirmed)
            self.draft = replace(self.draft, confirmed=self.draft.confirmed | asked)
            self._show()

    def action_note(self) -> None:
        """Ask for a note."""

        def answered(text: str | None) -> None:
            if text is not None:
                self.draft = replace(self.draft, note=text)
                self._show()

        def asked() -> str:
            said = _("Note: {note}").format(note=self.draft.note) if self.draft.note else ""
            return "\n".join(filter(None, (_("A note to this assessment"), said)))

        self.app.push_screen(Question(asked, (), other=N_("in words")), answered)

    def action_clear(self) -> None:
        """Empty the form, after asking."""
        if self.draft.is_empty:
            return

        def answered(said: str | None) -> None:
            if said is not None:
                self.draft = Draft()
                self._show()
                self._walk(None)

        options = (("yes", N_("Empty the form")),)
        self.app.push_screen(Question(lambda: _("Empty the form? What was entered is gone."), options), answered)

    def action_back(self) -> None:
        """Back; the draft stays."""
        self.dismiss()

    def action_save(self) -> None:
        """Tell the result and what is to be done, and save when the nurse says so; else go where it is open."""
        exam, found = self.exam(), self._found
        if exam is None or found is None or self._busy:
            return
        if not exam.may_save:
            self._walk(None)
            self.notify(_("Not saved yet. Please see below."), severity="warning")
            return
        session = self.session

        def answered(said: str | None) -> None:
            if said is not None and not self._busy:
                self._busy = True
                self._save(exam, found.stay, session)

        band = exam.weighed.band
        options = (("save", N_("Save, and do this") if band is not None and band.actions else N_("Save")),)
        is_grave = band is not None and band.tone == "alarm"
        self.app.push_screen(Question(lambda: self._summary(exam), options, is_grave=is_grave), answered)

    def _summary(self, exam: Exam) -> str:
        from cart.usecases.assess_words import summary_text

        assert self._found is not None
        return summary_text(exam, self._found.stay, self.desk.ward.clock.now())

    @work(thread=True, exit_on_error=False)
    def _save(self, exam: Exam, stay: EncounterView, session: Session) -> None:
        try:
            save(self.desk.ward, session, stay, exam)
        except WardlinkError as error:
            self.post_message(self.Failed(error))
            return
        self.post_message(self.Saved())

    @on(Saved)
    def _saved(self, event: Saved) -> None:
        self._busy = False
        self.draft = Draft()
        self.notify(_("Saved on this cart. It is sent by itself."))
        self.dismiss()

    @on(Failed)
    def _failed(self, event: Failed) -> None:
        self._busy = False
        self.notify(event.error.text(), severity="error", timeout=60)
