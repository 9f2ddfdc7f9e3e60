"""One reading of the form: its name, what was typed or picked, its unit or the reason why it has no value."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from cart.widgets.choice import Choice
from wardlink.clinical.codes import Coded, NotMeasured
from wardlink.clinical.items import ITEMS
from wardlink.i18n import N_, domain
from wardlink.terminal.cells import plain

_ = domain("cart").gettext

HINTS = {
    "glucose_mmol_per_l": N_("mmol/L, LO or HI"),
    "stool": N_("times; * incontinence, ^ stoma, 1/E"),
}
"""What may be typed besides a number; said while the field has the focus."""
_CHARACTERS = 20


class FormRow(Horizontal):
    """A row of the form. `key` is the reading, or `measured_at`, `late_reason`, `note`.

    `unit` and `is_long`, whether a text fills the row, stand for themselves where `key` does not say them.
    """

    DEFAULT_CSS = """
    FormRow { height: 1; }
    FormRow > .form-label { width: 16; padding: 0 1 0 0; text-align: right; color: #c7d0d8; }
    FormRow > Input { width: 12; background: $surface; }
    FormRow > Input:focus { background: #2f6f9a; }
    FormRow > Choice { width: 20; }
    FormRow > .form-unit { width: 1fr; padding: 0 1; color: #8f989f; }
    FormRow.-hard > .form-label, FormRow.-hard > .form-unit { color: #ff8a80; text-style: bold; }
    FormRow.-ask > .form-label, FormRow.-ask > .form-unit { color: #ffd75f; text-style: bold; }
    FormRow.-soft > .form-label, FormRow.-soft > .form-unit { color: #ffd75f; }
    """
    MARKS: ClassVar = {"hard": "✖ ", "ask": "? ", "soft": "! ", "": ""}

    class Changed(Message):
        """Something was typed or picked."""

        def __init__(self, row: FormRow, text: str) -> None:
            super().__init__()
            self.row = row
            self.text = text

    class WalkOn(Message):
        """The nurse is done with this row."""

        def __init__(self, row: FormRow) -> None:
            super().__init__()
            self.row = row

    def __init__(
        self,
        key: str,
        label: str,
        text: str,
        *,
        codes: Iterable[Coded] | None = None,
        limit: int = 0,
        unit: str | None = None,
        is_long: bool | None = None,
    ) -> None:
        super().__init__(id=f"row-{key}")
        self.key = key
        self._label = label
        self._text = text
        self._codes = codes
        self._limit = limit
        self._own_unit = unit
        self._is_long = key in ("note", "late_reason") if is_long is None else is_long
        self._mark = ""
        self._reason: str | None = None

    def compose(self) -> Iterable[Widget]:
        """Name, field, unit."""
        yield Static(self._label, classes="form-label", markup=False)
        if self._codes is not None:
            yield Choice(self._codes, self._text, shows_code=self.key == "acvpu")
            if self.key not in ("note", "late_reason"):
                yield Static(self._unit(), classes="form-unit", markup=False)
            return
        field = Input(self._text, compact=True, max_length=self._limit or _CHARACTERS, select_on_focus=True)
        field.set_class(self._is_long, "is-long")
        yield field
        if not self._is_long:
            yield Static(self._unit(), classes="form-unit", markup=False)

    @property
    def field(self) -> Input | Choice:
        """What takes the focus."""
        return self.query_one(Choice) if self._codes is not None else self.query_one(Input)

    @property
    def choice(self) -> Choice | None:
        """The list of answers, where this is one."""
        return self.query_one(Choice) if self._codes is not None else None

    def mark(self, severity: str, reason: str | None) -> None:
        """Show how bad the row is (`hard`, `ask`, `soft` or nothing) and why it has no value."""
        if (severity, reason) == (self._mark, self._reason):
            return
        for name in ("hard", "ask", "soft"):
            self.set_class(name == severity, f"-{name}")
        self._mark, self._reason = severity, reason
        for unit in self.query(".form-unit").results(Static):
            unit.update(self.MARKS[severity] + self._unit(), layout=False)

    def _unit(self) -> str:
        reason = NotMeasured.of(self._reason or "")
        if reason is not None:
            return plain(reason.text())
        if self._own_unit is not None:
            return self._own_unit
        if self.key == "measured_at":
            return _("empty: now")
        if self.key == "stool":
            return _("times")
        return ITEMS[self.key].unit if self.key in ITEMS else ""

    def on_click(self) -> None:
        """A tap anywhere on the row is meant for its field."""
        self.field.focus()

    @on(Input.Changed)
    def _input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value != self._text:
            self._text = event.value
            self.post_message(self.Changed(self, event.value))

    @on(Input.Submitted)
    def _input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.WalkOn(self))

    @on(Choice.Submitted)
    def _choice_submitted(self, event: Choice.Submitted) -> None:
        event.stop()
        self.post_message(self.WalkOn(self))

    @on(Choice.Picked)
    def _picked(self, event: Choice.Picked) -> None:
        event.stop()
        self._text = event.code
        self.post_message(self.Changed(self, event.code))
        if event.walk_on:
            self.post_message(self.WalkOn(self))

    def put(self, text: str) -> None:
        """Show this text without telling anybody: it comes from the draft."""
        if text == self._text:
            return
        self._text = text
        field = self.field
        if isinstance(field, Choice):
            field.set_reactive(Choice.code, text)
            field.refresh()
        else:
            field.value = text
