"""The form for a set of vital signs: its fields, and what is typed into them, checked and scored with every key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from textual import events, on, work
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Input

from cart.screens.base import CartScreen
from cart.usecases.draft import METHOD_IF_NOT_SAID, OTHERS, USUAL, Draft
from cart.usecases.examine import COUNTED, NOTE_LIMIT, REASON_LIMIT, examine
from cart.usecases.measure import last_body
from cart.usecases.words import FORM_LABELS, age_text, word
from cart.widgets.buttons import Button, Buttons
from cart.widgets.findings_panel import FindingsPanel
from cart.widgets.form_row import HINTS, FormRow
from cart.widgets.identity import Identity
from cart.widgets.number_pad import NumberPad
from cart.widgets.score_panel import ScorePanel
from wardlink.clinical.codes import NotMeasured
from wardlink.clinical.items import ITEMS
from wardlink.clinical.vitals import VitalSet
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from cart.usecases.examine import Exam
    from cart.usecases.patient import Patient
    from cart.usecases.readings import Shown
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.vitals import VitalsRecorded

_ = domain("cart").gettext

_WORDS = (
    ("measured_at", N_("Time"), 0),
    ("late_reason", N_("Why late"), REASON_LIMIT),
    ("note", N_("Note"), NOTE_LIMIT),
)
PAGES = ("usual", "others")
"""The two pages of fields, the usual one first."""


class VitalsForm(CartScreen):
    """The fields, what is typed into them, and what it means so far; how it is saved is the page's."""

    class Began(Message):
        """The patient, the newest weight and height, and whether the ward wants MEWS are read."""

        def __init__(self, patient: Patient | None, last: VitalSet, with_mews: bool) -> None:
            super().__init__()
            self.patient = patient
            self.last = last
            self.with_mews = with_mews

    def __init__(self, encounter: str) -> None:
        super().__init__()
        self.encounter = encounter
        self._stay: EncounterView | None = None
        self._others: tuple[str, ...] = ()
        self._last = VitalSet()
        self._earlier: tuple[VitalsRecorded, ...] = ()
        self._with_mews = False
        self._shown: Mapping[str, Shown] = {}
        self._page = 0
        self._busy = False
        self._shows_pad = False
        self._typing: str | None = None

    # -- the draft

    @cached_property
    def _draft_key(self) -> tuple[str, str]:
        # Kept: a save may end after the nurse has been signed out.
        return self.encounter, self.session.staff.id

    @property
    def draft(self) -> Draft:
        """What stands in the form."""
        return self.desk.drafts.get(self._draft_key, Draft())

    @draft.setter
    def draft(self, draft: Draft) -> None:
        if draft.is_empty:
            self.desk.drafts.pop(self._draft_key, None)
        else:
            self.desk.drafts[self._draft_key] = draft

    def exam(self) -> Exam | None:
        """What the draft means now; None before the patient is read."""
        if self._stay is None:
            return None
        now = self.desk.ward.clock.now()
        return examine(self.draft, self._stay, self._last, now, self._earlier, with_mews=self._with_mews)

    # -- building

    def body(self) -> Iterable[Widget]:
        """Who; fields left, score right; findings and choices below."""
        draft = self.draft
        yield Identity(id="who")
        with Horizontal(id="vitals-top"):
            with ContentSwitcher(initial=PAGES[self._page], id="vitals-pages"):
                with VerticalScroll(id="usual", can_focus=False):
                    for key in USUAL:
                        yield self._row(key, draft)
                    for key, label, limit in _WORDS:
                        text = {"measured_at": draft.at, "late_reason": draft.late_reason, "note": draft.note}[key]
                        yield FormRow(key, _(label), text, limit=limit)
                with VerticalScroll(id="others", can_focus=False):
                    for key in OTHERS:
                        yield self._row(key, draft)
            with VerticalScroll(id="vitals-side", can_focus=False):
                yield ScorePanel()
                pad = NumberPad(keys="123456789.0⌫↑↓⏎", rows=2 if self.app.size.height >= 30 else 1)
                pad.display = self._shows_pad
                yield pad
        yield Buttons(id="choices")
        with VerticalScroll(id="vitals-findings", can_focus=False):
            yield FindingsPanel()

    def _row(self, key: str, draft: Draft) -> FormRow:
        item = ITEMS[key]
        codes = item.codes if item.kind == "code" else None
        return FormRow(key, word(FORM_LABELS, key), draft.texts.get(key, ""), codes=codes)

    def on_mount(self) -> None:
        """Begin with the first field."""
        self._begin()
        self.query_one("#row-temp_c", FormRow).field.focus()

    @work(thread=True, exit_on_error=False)
    def _begin(self) -> None:
        from cart.usecases.patient import read
        from wardlink.record.ward_settings import WARD_SETTING, shows_mews

        desk = self.desk
        found = read(desk.ward, desk.ward_list, self.encounter, desk.ward.clock.now())
        last = last_body(desk.ward.replica, self.encounter)
        with_mews = shows_mews(desk.ward.replica.records(WARD_SETTING))
        self.post_message(self.Began(found, last, with_mews))

    @on(Began)
    def _began(self, event: Began) -> None:
        if event.patient is None:
            self.notify(_("This patient is no longer in this ward."), severity="warning")
            self.dismiss()
            return
        self._stay, self._last = event.patient.stay, event.last
        self._others, self._shown = event.patient.others, event.patient.shown
        self._earlier = event.patient.measured.round_sets
        self._with_mews = event.with_mews
        self._show()

    def ward_changed(self) -> None:
        """The form shows what is typed, not what comes in; only the patient may have changed."""
        if self._stay is not None:
            self._begin()

    def tick(self) -> None:
        """The time of measurement is now unless it was typed, and now moves on."""
        self._show()

    def _show(self) -> None:
        exam = self.exam()
        if exam is None or self._stay is None or not self.query("#row-late_reason") or not self.query(FindingsPanel):
            # Between two languages the page has lost its fields, and a second may pass.
            return
        now = self.desk.ward.clock.now()
        self.query_one(Identity).show(self._stay, self._others, now)
        self.query_one(ScorePanel).show(
            exam.assessment,
            exam.readings,
            exam.measured_at,
            now,
            is_brief=self._shows_pad,
            together=exam.together,
            mews=exam.mews,
        )
        self.query_one(FindingsPanel).show(exam, unfinished=self._typing)
        self._mark_rows(exam)
        late = self.query_one("#row-late_reason", FormRow)
        late.display = bool(exam.draft.late_reason) or any("measured_at" in finding.fields for finding in exam.asks)
        self._show_choices(exam)

    def _mark_rows(self, exam: Exam) -> None:
        worst: dict[str, str] = {}
        # A number that is half typed is no mistake yet, and red that comes and goes soon means nothing.
        for mark, found in (("soft", exam.unconfirmed), ("ask", exam.asks), ("hard", exam.blocks)):
            worst |= {key: mark for finding in found if self._typing not in finding.fields for key in finding.fields}
        worst |= {unread.key: "hard" for unread in exam.unreadable if unread.key != self._typing}
        for row in self.query(FormRow):
            row.mark(worst.get(row.key, ""), exam.draft.reasons.get(row.key))

    def _show_choices(self, exam: Exam) -> None:
        row = self._row_in_focus()
        choice = row.choice if row is not None else None
        buttons = [] if choice is None else [Button(digit, words, code) for digit, words, code in choice.options()]
        if choice is None and any(finding.code == COUNTED for finding in exam.asks):
            buttons = [Button("F7", _("Two nurses counted for one minute"), "counted")]
        caption = "" if buttons or row is None else self._before(row.key)
        self.query_one("#choices", Buttons).show(buttons, caption=caption)

    def _before(self, key: str) -> str:
        """What was measured last, to compare with while typing, and what may be typed besides a number."""
        reason = NotMeasured.of(self.draft.reasons.get(key, ""))
        if reason is not None:
            return plain(reason.text())
        hint = _(HINTS[key]) if key in HINTS else ""
        shown = self._shown.get(key)
        if shown is None or shown.off:
            return hint
        now = self.desk.ward.clock.now()
        said = _("Last: {value} · {age}")
        last = said.format(value=f"{shown.text} {ITEMS[key].unit}".strip(), age=age_text(shown.age(now)))
        return "   ".join(text for text in (last, hint) if text)

    # -- typing

    def _row_in_focus(self) -> FormRow | None:
        focused = self.focused
        return focused.parent if focused is not None and isinstance(focused.parent, FormRow) else None

    @on(FormRow.Changed)
    def _changed(self, event: FormRow.Changed) -> None:
        self._take(event.row, event.text)
        self._typing = event.row.key if event.row.choice is None else None
        self._show()

    def _take(self, row: FormRow, text: str) -> None:
        key = row.key
        match key:
            case "measured_at":
                self.draft = replace(self.draft, at=text)
            case "late_reason":
                self.draft = replace(self.draft, late_reason=text)
            case "note":
                self.draft = replace(self.draft, note=text)
            case _:
                self.draft = self.draft.typed(key, text)
        if key == "temp_c" and text and not self.draft.texts.get("temp_method"):
            self.draft = self.draft.typed("temp_method", METHOD_IF_NOT_SAID)
            self.query_one("#row-temp_method", FormRow).put(METHOD_IF_NOT_SAID)

    @on(FormRow.WalkOn)
    def _walk_on(self, event: FormRow.WalkOn) -> None:
        self._walk_on_from(event.row)

    def _walk_on_from(self, row: FormRow | None) -> None:
        # The site was filled in with the temperature: a usual round walks past it.
        is_filled = row is not None and row.key == "temp_c" and bool(self.draft.texts.get("temp_method"))
        self._walk(2 if is_filled else 1)

    def action_walk(self, by: int) -> None:
        """To the next field, or the one before."""
        self._walk(by)

    def _walk(self, by: int) -> None:
        rows = [row for row in self.query(f"#{PAGES[self._page]} FormRow").results(FormRow) if row.display]
        here = self._row_in_focus()
        at = rows.index(here) + by if here in rows else 0
        if at >= len(rows) and self._page == 0:
            self._findings_first()
            return
        rows[max(0, min(at, len(rows) - 1))].field.focus()

    def _findings_first(self) -> None:
        if self._shows_pad:
            self.action_pad()
        exam = self.exam()
        if exam is not None and exam.may_save:
            self.notify(_("Everything is in order. F2 saves."))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Other choices belong to another field, and the one before is finished."""
        self._typing = None
        self._show()

    @on(Buttons.Pressed, "#choices")
    def _choice_pressed(self, event: Buttons.Pressed) -> None:
        row = self._row_in_focus()
        if event.value == "counted":
            self.action_counted()
        elif row is not None and row.choice is not None:
            row.choice.pick(event.value)

    @on(NumberPad.Pressed)
    def _pad_pressed(self, event: NumberPad.Pressed) -> None:
        row = self._row_in_focus()
        if event.key == "⏎":
            self._walk_on_from(row)
        elif event.key in "↑↓":
            self._walk(-1 if event.key == "↑" else 1)
        elif row is not None and isinstance(row.field, Input):
            if event.key == "⌫":
                row.field.action_delete_left()
            else:
                row.field.insert_text_at_cursor(event.key)
        elif row is not None and row.choice is not None:
            for digit, _words, code in row.choice.options():
                if digit == event.key:
                    row.choice.pick(code)

    # -- keys

    def action_page(self) -> None:
        """The other page of readings."""
        self._page = 1 - self._page
        self.query_one(ContentSwitcher).current = PAGES[self._page]
        first = self.query(f"#{PAGES[self._page]} FormRow").results(FormRow)
        next(iter(first)).field.focus()

    def action_pad(self) -> None:
        """Show or hide the number pad; the score is brief while it is there."""
        self._shows_pad = not self._shows_pad
        self.query_one(NumberPad).display = self._shows_pad
        self._show()

    def action_confirm(self) -> None:
        """The nurse stands by the unusual values."""
        exam = self.exam()
        if exam is not None:
            # What is still being typed has not been asked about yet; it is from now on.
            asked = frozenset(finding for finding in exam.unconfirmed if self._typing not in finding.fields)
            self.draft = replace(self.draft, confirmed=self.draft.confirmed | asked)
            self._typing = None
            self._show()

    def action_counted(self) -> None:
        """Two nurses have counted."""
        self.draft = replace(self.draft, counted=True)
        self._show()
