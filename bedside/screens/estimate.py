"""What the insurance will probably pay of this stay, step by step, marked as an estimate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.widget import Widget

from bedside.screens.asking import AskingScreen
from bedside.screens.read_on import ReadOn
from bedside.usecases.bill import cover_texts, estimate_texts, step_text, trouble_text
from bedside.widgets.words import Words
from wardlink.i18n import domain
from wardlink.messages.bills import BillEstimate

if TYPE_CHECKING:
    from bedside.ports import Terminal

_ = domain("bedside").gettext


class EstimateScreen(ReadOn, AskingScreen[BillEstimate]):
    """The amounts, then each step with its numbers."""

    def body(self) -> Iterable[Widget]:
        """The title and the lines."""
        yield Words(_("Cost estimate"), classes="title")
        yield self.lines()

    def ask(self, terminal: Terminal, encounter: str) -> BillEstimate:
        """The estimate of the whole stay."""
        return terminal.bills.estimate(encounter)

    async def answered(self) -> None:
        """Show it."""
        if self.error is not None:
            await self.show_lines([Words(trouble_text(self.error), classes="prose -trouble")])
            return
        if self.found is None:
            await self.show_lines([Words(_("One moment ..."), classes="prose")])
            return
        steps = [Words(step_text(n, step), classes="point") for n, step in enumerate(self.found.steps, 1)]
        said = [Words(text, classes="heading") for text in estimate_texts(self.found)]
        cover = [Words(text, classes="point") for text in cover_texts(self.found)]
        if cover:
            cover.insert(0, Words(_("My cover"), classes="heading"))
        await self.show_lines([*said, *cover, Words(_("How it is worked out"), classes="heading"), *steps])
