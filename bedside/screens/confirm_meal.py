"""Before a meal is ordered: what is on the tray, what it costs, and what the day holds against the diet's limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual.widget import Widget

from bedside.screens.meal_page import MealPage
from bedside.screens.sending import Sending
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain

if TYPE_CHECKING:
    from bedside.usecases.meals import MyMeals
    from wardlink.clinical.meals.times import Slot

_ = domain("bedside").gettext


class ConfirmMealScreen(MealPage, Sending):
    """One main action: order. `changes`: the id of the meal whose place it takes."""

    def __init__(self, slot: Slot, codes: tuple[str, ...], *, changes: str | None = None) -> None:
        super().__init__()
        self.slot = slot
        self.codes = codes
        self.changes = changes

    def body(self) -> Iterable[Widget]:
        """The tray, the sums, what the rules say."""
        yield Words(id="meal", classes="title")
        yield Words(id="tray", classes="prose")
        yield Words(id="sums", classes="prose")
        yield Words(id="rules", classes="prose")

    def right(self) -> Sequence[Touch]:
        """Order it."""
        return [Touch(_("Order"), "order", kind="main", id="order")]

    def first_focus(self) -> Widget | None:
        """The main action."""
        return self.query_one("#order")

    def show(self, mine: MyMeals) -> None:
        """As the rules see it now."""
        from bedside.usecases.meal_words import basket_text, nutrition_lines, price_text, slot_text, until_text
        from wardlink.clinical.meals.findings import blocks
        from wardlink.clinical.meals.menu import dishes_called

        if mine.menu is None:
            return
        now = self.bed.terminal.clock.now()
        dishes = dishes_called(mine.menu, self.codes)
        found = mine.findings(self.slot, dishes, now)
        self.query_one("#meal", Words).show(slot_text(self.slot, now))
        lines = [f"{dish.name()}  {price_text(dish.fen_on(self.slot.on) or 0)}" for dish in dishes]
        self.query_one("#tray", Words).show("\n".join([*lines, basket_text(dishes, self.slot)]))
        self.query_one("#sums", Words).show("\n".join(nutrition_lines(mine, self.slot, dishes)))
        free = _("Free to change or cancel until {time}.").format(time=until_text(self.slot, now))
        rules = self.query_one("#rules", Words)
        rules.show("\n".join(dict.fromkeys(finding.text() for finding in found)) or free)
        rules.set_class(bool(blocks(found)), "-trouble")
        self.query_one("#order", Touch).display = not blocks(found)

    def do_order(self) -> None:
        """Once, however often it is touched."""
        from bedside.usecases.meals import order

        slot, codes, changes = self.slot, self.codes, self.changes
        self.send(lambda terminal, place, session: order(terminal, place, session, slot, codes, changes))

    def sent(self) -> None:
        """Back to the list of meals."""
        from bedside.screens.meals import MealsScreen

        self.back_to(MealsScreen)
