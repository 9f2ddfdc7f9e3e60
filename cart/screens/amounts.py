"""Numbers are asked for on top of a page: volumes and rates of an infusion. Escape takes it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from cart.widgets.buttons import Button, Buttons
from cart.widgets.number_pad import NumberPad, type_into
from wardlink.i18n import domain

_ = domain("cart").gettext


@dataclass(frozen=True)
class Amount:
    """One number that is asked for, between `least` and `most`. `text` stands in its field at first."""

    key: str
    label: str
    unit: str
    least: float
    most: float
    text: str = ""

    def read(self, text: str) -> float | None:
        """The number; None where it is none, or out of its bounds."""
        try:
            value = float(text.strip().replace(",", ".").replace("。", "."))
        except ValueError:
            return None
        return value if self.least <= value <= self.most else None


class Amounts(ModalScreen[Mapping[str, float] | None]):
    """The answer is the numbers by their keys. `asked` says the question, so that it can change its language."""

    BINDINGS: ClassVar = [("escape", "take_back")]

    def __init__(self, asked: Callable[[], str], amounts: Sequence[Amount]) -> None:
        super().__init__()
        self._asked = asked
        self._amounts = tuple(amounts)
        self._typed = {amount.key: amount.text for amount in amounts}

    def compose(self) -> ComposeResult:
        """The question, a field a row, and a pad for fingers."""
        with Vertical(id="question"):
            yield Static(self._asked(), id="question-text", markup=False)
            for amount in self._amounts:
                with Horizontal(classes="sign-in-row"):
                    yield Static(_(amount.label), classes="sign-in-label", markup=False)
                    yield Input(
                        value=self._typed[amount.key],
                        id=f"amount-{amount.key}",
                        max_length=8,
                        compact=True,
                        select_on_focus=True,
                    )
                    yield Static(" " + amount.unit, classes="sign-in-label", markup=False)
            yield Static("", id="amounts-said", markup=False)
            yield NumberPad(keys="123456789.0⌫⏎", rows=1)
            yield Buttons([Button("⏎", _("Enter"), "enter"), Button("Esc", _("Back"), "back")], id="question-end")

    def on_mount(self) -> None:
        """Begin with the first field."""
        self.query(Input).first().focus()

    async def speak_anew(self) -> None:
        """Say it in the language of now."""
        await self.recompose()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        self._typed[(event.input.id or "").removeprefix("amount-")] = event.value

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self._go_on()

    @on(Buttons.Pressed)
    def _pressed(self, event: Buttons.Pressed) -> None:
        if event.value == "back":
            self.action_take_back()
        else:
            self._go_on()

    @on(NumberPad.Pressed)
    def _pad(self, event: NumberPad.Pressed) -> None:
        field = self.focused if isinstance(self.focused, Input) else self.query(Input).first()
        type_into(field, event.key, enter=self._go_on)

    def _go_on(self) -> None:
        """To the next field; behind the last one to the answer, unless a number is wrong."""
        fields = list(self.query(Input))
        here = fields.index(self.focused) if isinstance(self.focused, Input) else len(fields) - 1
        found: dict[str, float] = {}
        for field, amount in zip(fields, self._amounts, strict=True):
            value = amount.read(self._typed[amount.key])
            if value is None and (self._typed[amount.key].strip() or fields.index(field) <= here):
                bounds = _("{label}: a number from {least} to {most} {unit}")
                said = bounds.format(
                    label=_(amount.label), least=f"{amount.least:g}", most=f"{amount.most:g}", unit=amount.unit
                )
                self.query_one("#amounts-said", Static).update("✖ " + said)
                field.focus()
                return
            if value is not None:
                found[amount.key] = value
        self.query_one("#amounts-said", Static).update("")
        if here + 1 < len(fields):
            fields[here + 1].focus()
        else:
            self.dismiss(found)

    def on_key(self, event: events.Key) -> None:
        """Down and up walk between the fields."""
        if event.key in ("down", "up"):
            event.stop()
            self.focus_next(Input) if event.key == "down" else self.focus_previous(Input)

    def action_take_back(self) -> None:
        """No answer."""
        self.dismiss(None)
