"""A short form on top of a page: typed or picked row by row, checked with every key, saved with F2."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from cart.usecases.entry import LATE, EntryExam, EntryField
from cart.widgets.buttons import Button, Buttons
from cart.widgets.form_row import FormRow
from cart.widgets.lines import Lines
from cart.widgets.number_pad import NumberPad
from wardlink.i18n import domain

_ = domain("cart").gettext

Examine = Callable[[Mapping[str, str], frozenset[object]], EntryExam]
_A_ROW = 5
"""So many choices stand in one row of buttons."""


class EntryForm(ModalScreen[EntryExam | None]):
    """The answer is an exam that may be saved; Escape takes it back.

    `titled` says what is entered when it is shown, so that it can change its language. `examine` is asked with every
    key: what was typed so far, and the findings that the nurse stands by.
    """

    BINDINGS: ClassVar = [
        ("escape", "take_back"),
        ("f2", "save"),
        ("f4", "confirm"),
        ("down", "walk(1)"),
        ("up", "walk(-1)"),
    ]

    def __init__(self, titled: Callable[[], str], fields: Sequence[EntryField], examine: Examine) -> None:
        super().__init__()
        self._titled = titled
        self._fields = tuple(fields)
        self._examine = examine
        self._texts = {field.key: field.text for field in fields}
        self._confirmed: frozenset[object] = frozenset()
        self._typing: str | None = None

    def compose(self) -> ComposeResult:
        """What, its rows beside a pad, what is to be said of it, keys."""
        with Vertical(id="entry"):
            yield Static(self._titled(), id="entry-title", markup=False)
            with Horizontal(id="entry-middle"):
                with VerticalScroll(id="entry-rows", can_focus=False):
                    for field in self._fields:
                        yield FormRow(
                            field.key,
                            _(field.label),
                            self._texts[field.key],
                            codes=field.codes or None,
                            limit=field.limit,
                            unit=_(field.unit) if field.unit else None,
                            is_long=field.limit > 0 and field.key != "measured_at",
                        )
                yield NumberPad(keys="123456789.0⌫↑↓⏎", rows=1)
            yield Buttons(id="entry-choices")
            yield Buttons(id="entry-choices-more")
            yield Lines(id="entry-says")
            yield Buttons(
                [
                    Button("F2", _("Save"), "save"),
                    Button("F4", _("Yes, right"), "confirm"),
                    Button("Esc", _("Back"), "take_back"),
                ],
                id="entry-end",
            )

    def on_mount(self) -> None:
        """Begin with the first field."""
        self.query(FormRow).first().field.focus()
        self._show()

    async def speak_anew(self) -> None:
        """Say it in the language of now; what was typed stays."""
        await self.recompose()
        self.on_mount()

    def exam(self) -> EntryExam:
        """What the form means now."""
        return self._examine(self._texts, self._confirmed)

    # -- showing

    def _show(self) -> None:
        if not self.query("#entry-says"):
            return
        exam = self.exam()
        worst: dict[str, str] = {}
        for mark, found in (("soft", exam.unconfirmed), ("ask", exam.blocks)):
            worst |= {key: mark for finding in found if self._typing not in finding.fields for key in finding.fields}
        worst |= {unread.key: "hard" for unread in exam.unreadable if unread.key != self._typing}
        asked = any(finding.code == "late-reason-needed" for finding in exam.findings)
        for row in self.query(FormRow):
            row.mark(worst.get(row.key, ""), None)
            if row.key == LATE:
                row.display = asked or bool(self._texts[LATE])
        self.query_one("#entry-says", Lines).say(self._sentences(exam))
        self._show_choices()

    def _sentences(self, exam: EntryExam) -> Content:
        lines = [("✖ " + unread.text(), "bold #ff8a80") for unread in exam.unreadable if unread.key != self._typing]
        lines += [("? " + f.text(), "bold #ffd75f") for f in exam.blocks if self._typing not in f.fields]
        lines += [
            ("! " + f.text() + _("  F4: yes"), "#ffd75f") for f in exam.unconfirmed if self._typing not in f.fields
        ]
        if exam.says:
            lines.append((exam.says, "bold #ffffff on #a01818" if exam.urgent else "bold #ffd75f"))
        if not lines and exam.may_save:
            lines.append((_("Everything is in order. F2 saves."), "#87e087"))
        return Content("\n").join(Content.styled(text, style) for text, style in lines)

    def _show_choices(self) -> None:
        row = self._row_in_focus()
        choice = row.choice if row is not None else None
        buttons = [] if choice is None else [Button(digit, words, code) for digit, words, code in choice.options()]
        more = self.query_one("#entry-choices-more", Buttons)
        self.query_one("#entry-choices", Buttons).show(buttons[:_A_ROW])
        more.show(buttons[_A_ROW:])

    # -- typing

    def _row_in_focus(self) -> FormRow | None:
        focused = self.focused
        return focused.parent if focused is not None and isinstance(focused.parent, FormRow) else None

    @on(FormRow.Changed)
    def _changed(self, event: FormRow.Changed) -> None:
        self._take(event.row.key, event.text)
        self._typing = event.row.key if event.row.choice is None else None
        self._show()

    def _take(self, key: str, text: str) -> None:
        if self._texts[key] != text:
            self._texts[key] = text
            # A word given for one value must not stand for another that happens to ask the same question.
            self._confirmed = frozenset()

    @on(FormRow.WalkOn)
    def _walk_on(self, event: FormRow.WalkOn) -> None:
        self.action_walk(1)

    def action_walk(self, by: int) -> None:
        """To the next field, or the one before."""
        rows = [row for row in self.query(FormRow) if row.display]
        here = self._row_in_focus()
        at = rows.index(here) + by if here in rows else 0
        rows[max(0, min(at, len(rows) - 1))].field.focus()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Other choices belong to another field, and the one before is finished."""
        self._typing = None
        self._show()

    @on(Buttons.Pressed, "#entry-choices, #entry-choices-more")
    def _choice_pressed(self, event: Buttons.Pressed) -> None:
        row = self._row_in_focus()
        if row is not None and row.choice is not None:
            row.choice.pick(event.value)

    @on(Buttons.Pressed, "#entry-end")
    async def _end_pressed(self, event: Buttons.Pressed) -> None:
        await self.run_action(event.value)

    @on(NumberPad.Pressed)
    def _pad_pressed(self, event: NumberPad.Pressed) -> None:
        row = self._row_in_focus()
        if event.key in "↑↓⏎":
            self.action_walk(-1 if event.key == "↑" else 1)
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

    def action_confirm(self) -> None:
        """The nurse stands by what is unusual."""
        self._confirmed |= frozenset(self.exam().unconfirmed)
        self._typing = None
        self._show()

    def action_save(self) -> None:
        """Save if nothing stands in the way; otherwise go where it does."""
        row = self._row_in_focus()
        if row is not None and isinstance(row.field, Input):
            # Behind the keys that still wait in the field's own queue: nothing is saved without its last digit.
            row.field.call_later(self._save_typed, row)
        else:
            self._save_typed(None)

    def _save_typed(self, row: FormRow | None) -> None:
        if row is not None and isinstance(row.field, Input):
            self._take(row.key, row.field.value)
        self._typing = None
        exam = self.exam()
        self._show()
        if exam.may_save:
            self.dismiss(exam)
            return
        key = exam.first_trouble or self._fields[0].key
        rows = [row for row in self.query(FormRow) if row.key == key] or list(self.query(FormRow))
        rows[0].field.focus()
        self.notify(_("Not saved yet. Please see below."), severity="warning")

    def action_take_back(self) -> None:
        """Nothing is entered."""
        self.dismiss(None)
