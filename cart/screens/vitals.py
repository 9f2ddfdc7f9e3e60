"""A set of vital signs is typed: checked and scored with every key, saved on this cart's disk with F2."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.message import Message
from textual.widgets import ContentSwitcher, Input

from cart.keys import Key, bindings
from cart.screens.question import Question
from cart.screens.vitals_form import PAGES, VitalsForm
from cart.usecases.draft import OTHERS, Draft
from cart.usecases.vitals import PARTIAL_REASONS, save
from cart.widgets.form_row import FormRow
from wardlink.clinical.codes import REASON_ONLY_FOR, NotMeasured
from wardlink.clinical.items import ITEMS, Labels
from wardlink.errors import WardlinkError
from wardlink.i18n import N_, domain
from wardlink.i18n import gettext as shared

if TYPE_CHECKING:
    from cart.usecases.examine import Exam
    from cart.usecases.session import Session
    from wardlink.messages.encounters import EncounterView

_ = domain("cart").gettext


class VitalsScreen(VitalsForm):
    """The form. What stands in it is a draft that outlives the page and the sign-in."""

    KEYS: ClassVar = (
        Key("f2", "save", N_("Save"), N_("Save on this cart's disk; it is sent by itself."), priority=True),
        Key("f3", "reason", N_("Not measured"), N_("Say why this reading has no value."), priority=True),
        Key("f4", "confirm", N_("Yes, right"), N_("Confirm the unusual values."), priority=True),
        Key("f5", "page", N_("More"), N_("The other readings, and back."), priority=True),
        Key("f6", "pad", N_("Pad"), N_("A number pad for the finger."), priority=True),
        Key("ctrl+l", "clear", N_("Clear"), N_("Empty the form."), priority=True),
        Key("f7", "counted", None, N_("Two nurses have counted heart and pulse at the same time."), priority=True),
        Key("escape", "back", N_("Back"), N_("Back; what is half entered is kept for you.")),
        Key("down", "walk(1)", None, N_("The next field; so do Tab and Enter.")),
        Key("up", "walk(-1)", None, N_("The field before.")),
    )
    BINDINGS = bindings(KEYS)

    class Saved(Message):
        """The set is on the disk."""

    class Failed(Message):
        """The set is not on the disk; nothing of it was kept but the draft."""

        def __init__(self, error: WardlinkError) -> None:
            super().__init__()
            self.error = error

    def action_clear(self) -> None:
        """Empty the form, after asking."""
        if self.draft.is_empty:
            return

        def answered(reason: str | None) -> None:
            if reason is not None:
                self.draft = Draft()
                for row in self.query(FormRow):
                    row.put("")
                self._show()

        options = (("yes", N_("Empty the form")),)
        self.app.push_screen(Question(lambda: _("Empty the form? What was typed is gone."), options), answered)

    def action_reason(self) -> None:
        """Ask why the reading in focus has no value."""
        row = self._row_in_focus()
        if row is None or row.key not in ITEMS:
            return
        key = row.key
        fitting = [reason for reason in NotMeasured if key in REASON_ONLY_FOR.get(reason, (key,))]
        options = [(reason.value, reason.label) for reason in fitting]

        def answered(reason: str | None) -> None:
            if reason is not None:
                self.draft = self.draft.not_measured(key, reason)
                row.put("")
                self._show()
                self._walk(1)

        def asked() -> str:
            return _("{label}: why is there no value?").format(label=ITEMS[key].text())

        self.app.push_screen(Question(asked, options, translate=shared), answered)

    def action_back(self) -> None:
        """Back; the draft stays."""
        self.dismiss()

    def action_save(self) -> None:
        """Save if nothing stands in the way; otherwise go where it does."""
        row = self._row_in_focus()
        if row is not None and isinstance(row.field, Input):
            # Behind the keys that still wait in the field's own queue: a set is never saved without its last digit.
            row.field.call_later(self._save_typed, row)
        else:
            self._save_typed(None)

    def _save_typed(self, row: FormRow | None) -> None:
        if row is not None and isinstance(row.field, Input):
            self._take(row, row.field.value)
        exam = self.exam()
        if exam is None or self._stay is None or self._busy:
            return
        self._typing = None
        self._show()
        if exam.is_sound and exam.wants_reason:
            self._ask_why_partial(exam)
            return
        if not exam.may_save:
            self._go_to(exam.first_trouble)
            self.notify(_("Not saved yet. Please see below."), severity="warning")
            return
        self._busy = True
        self._save(exam, self._stay, self.session)

    def _ask_why_partial(self, exam: Exam) -> None:
        """A round that lacks something gets no score, and the record says why it was left so."""
        missing = str(Labels(exam.unexplained))

        def asked() -> str:
            return _("Not a whole round: {missing} missing. Why?").format(missing=missing)

        def answered(reason: str | None) -> None:
            if reason is not None:
                self.draft = replace(self.draft, partial_reason=reason)
                self._save_typed(None)

        options = tuple((_(text), text) for text in PARTIAL_REASONS)
        self.app.push_screen(Question(asked, options, other=N_("another reason")), answered)

    def _go_to(self, key: str | None) -> None:
        if key is None:
            return
        if key == "measured_at" and self.query_one("#row-late_reason", FormRow).display:
            key = "late_reason" if not self.draft.late_reason else key
        key = {"o2_on": "o2_mode", "glucose_comparator": "glucose_mmol_per_l"}.get(key, key)
        self._page = 1 if key in OTHERS else 0
        self.query_one(ContentSwitcher).current = PAGES[self._page]
        self.query_one(f"#row-{key}", FormRow).field.focus()

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
