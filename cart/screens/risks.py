"""What the signs of the ward list mean: those of one patient with what stands behind them, and the legend of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from cart.widgets.ward_table import ALIKE
from wardlink.i18n import domain
from wardlink.record.risks import every_sign
from wardlink.terminal.cells import fit, plain, width

if TYPE_CHECKING:
    from cart.usecases.ward_list import Row

_ = domain("cart").gettext

_STYLES = {"alarm": "bold #ffb0a8", "warn": "bold #ffd75f", "calm": "bold"}
_SIGN_CELLS = 5
_LEGEND_COLUMNS = 3
_LEGEND_CELLS = 25


class RisksScreen(ModalScreen[None]):
    """Any of the usual keys closes it."""

    BINDINGS: ClassVar = [("escape,enter,space,r", "leave")]

    def __init__(self, row: Row | None) -> None:
        super().__init__()
        self._row = row

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
            yield Static(_("Isolation is not in the record yet. Esc closes this."), classes="hint", markup=False)

    def _whose(self) -> str:
        stay = self._row.stay if self._row is not None else None
        if stay is None:
            return _("Risk")
        return _("Risks: bed {bed} {name}").format(bed=stay.bed, name=plain(stay.name))

    def _own(self) -> Content:
        risks = self._row.risks if self._row is not None else ()
        if not risks:
            return Content(_("No risk is known."))
        return Content("\n").join(
            Content.assemble(
                (fit(risk.sign_text(), _SIGN_CELLS), _STYLES[risk.tone]),
                (risk.mark_text(), "bold"),
                "  ",
                plain(risk.said_text()),
            )
            for risk in risks
        )

    async def speak_anew(self) -> None:
        """Say it in the language of now."""
        await self.recompose()

    def action_leave(self) -> None:
        """Close."""
        self.dismiss()


def _legend() -> list[Content]:
    cells = [
        Content.assemble(
            (fit(sign, _SIGN_CELLS), "bold"), mark, " " * max(1, _LEGEND_CELLS - _SIGN_CELLS - width(mark))
        )
        for sign, mark in every_sign()
    ]
    return [Content("").join(cells[start : start + _LEGEND_COLUMNS]) for start in range(0, len(cells), _LEGEND_COLUMNS)]
