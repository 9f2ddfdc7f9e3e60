"""What the signs of the ward list mean: those of one patient with what stands behind them, and the legend of all."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from cart.screens.isolation import Then, ask_begin, ask_end, ask_strike
from cart.usecases.isolation import holding_here
from cart.widgets.buttons import Button, Buttons
from cart.widgets.ward_table import ALIKE
from wardlink.clinical.isolation import Precaution, precautions
from wardlink.i18n import domain
from wardlink.record.risks import every_sign
from wardlink.terminal.cells import fit, plain, width

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cart.app import CartApp
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.isolations import IsolationView
    from wardlink.record.risks import Risk

    Asks = Callable[[CartApp, EncounterView, tuple[IsolationView, ...], Then], None]

_ = domain("cart").gettext

_STYLES = {"alarm": "bold #ffb0a8", "warn": "bold #ffd75f", "calm": "bold"}
_SIGN_CELLS = 5
_LEGEND, _LONG_NAMES = (3, 24), (2, 34)
"""So many signs in a row, each in so many cells; fewer of those with long names."""


class RisksScreen(ModalScreen[None]):
    """Any of the usual keys closes it; N, E and X begin an isolation, end it, or take back a mistake."""

    BINDINGS: ClassVar = [
        ("escape,enter,space,r", "leave"),
        ("n", "begin"),
        ("e", "end"),
        ("x", "strike"),
    ]

    def __init__(self, stay: EncounterView | None, risks: tuple[Risk, ...]) -> None:
        super().__init__()
        self._stay = stay
        self._risks = risks

    def compose(self) -> ComposeResult:
        """The patient's own, then all that there are."""
        with VerticalScroll(id="help"):
            yield Static(self._whose(), classes="heading", markup=False)
            yield Static(self._own())
            yield Static(_("All signs"), classes="heading", markup=False)
            yield Static(Content("\n").join(_legend()))
            yield Static(
                Content.assemble((fit(ALIKE, _SIGN_CELLS), "bold"), _("before a name: another one is like it"))
            )
            if self._stay is not None:
                yield Buttons(
                    [
                        Button("N", _("Begin isolation"), "begin"),
                        Button("E", _("End isolation"), "end"),
                        Button("X", _("Strike out isolation"), "strike"),
                    ]
                )
            yield Static(_("Esc closes this."), classes="hint", markup=False)

    def _whose(self) -> str:
        stay = self._stay
        if stay is None:
            return _("Risk")
        return _("Risks: bed {bed} {name}").format(bed=stay.bed, name=plain(stay.name))

    def _own(self) -> Content:
        if not self._risks:
            return Content(_("No risk is known."))
        return Content("\n").join(
            Content.assemble(
                (fit(risk.sign_text(), _SIGN_CELLS), _STYLES[risk.tone]),
                (risk.mark_text(), "bold"),
                "  ",
                plain(_said(risk)),
            )
            for risk in self._risks
        )

    async def speak_anew(self) -> None:
        """Say it in the language of now."""
        await self.recompose()

    @on(Buttons.Pressed)
    async def _pressed(self, event: Buttons.Pressed) -> None:
        await self.run_action(event.value)

    def action_begin(self) -> None:
        """Isolate the patient."""
        self._ask(ask_begin)

    def action_end(self) -> None:
        """End an isolation."""
        self._ask(ask_end)

    def action_strike(self) -> None:
        """Take an isolation back that was entered by mistake."""
        self._ask(ask_strike)

    def _ask(self, asks: Asks) -> None:
        if self._stay is not None:
            # The program's own worker: it says what goes wrong.
            self._cart.run_worker(partial(self._look, self._stay, asks), thread=True, exit_on_error=False)

    def _look(self, stay: EncounterView, asks: Asks) -> None:
        cart, desk = self._cart, self._cart.desk
        if desk is not None:
            held = holding_here(desk.ward.replica, stay.id)
            cart.call_from_thread(asks, cart, stay, held, self._save)

    @property
    def _cart(self) -> CartApp:
        return cast("CartApp", self.app)

    def _save(self, write: Callable[[], object], said: str) -> None:
        self._cart.run_worker(partial(self._write, write, said), thread=True, exit_on_error=False)

    def _write(self, write: Callable[[], object], said: str) -> None:
        write()
        self._cart.call_from_thread(self._saved, said)

    def _saved(self, said: str) -> None:
        self.notify(said)
        self.dismiss()
        self._cart.look_again()

    def action_leave(self) -> None:
        """Close."""
        self.dismiss()


def _said(risk: Risk) -> str:
    rule = precautions().get(cast(Precaution, risk.code))
    return risk.said_text() if rule is None else f"{risk.said_text()} · {rule.rule_text()}"


def _legend() -> list[Content]:
    signs = every_sign()
    isolated = len(precautions())
    return [*_rows(signs[:isolated], *_LONG_NAMES), *_rows(signs[isolated:], *_LEGEND)]


def _rows(signs: Sequence[tuple[str, str]], a_row: int, cells: int) -> list[Content]:
    shown = [
        Content.assemble((fit(sign, _SIGN_CELLS), "bold"), mark, " " * max(1, cells - _SIGN_CELLS - width(mark)))
        for sign, mark in signs
    ]
    return [Content("").join(shown[start : start + a_row]).rstrip() for start in range(0, len(shown), a_row)]
