"""A meal that is ordered: what is on it, how far it is, and until when it can still be changed or cancelled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.widget import Widget

from bedside.screens.meal_page import MealPage
from bedside.screens.sending import Sending
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain

if TYPE_CHECKING:
    from bedside.usecases.meals import MyMeals
    from wardlink.messages.meals import MealView

_ = domain("bedside").gettext


class OrderedScreen(MealPage, Sending):
    """One meal by its id."""

    def __init__(self, meal: str) -> None:
        super().__init__()
        self.meal = meal

    def body(self) -> Iterable[Widget]:
        """The meal, and what can still be done."""
        yield Words(id="meal", classes="title")
        yield Words(id="tray", classes="prose")
        yield Words(id="state", classes="prose")
        touches = [
            Touch(_("Change"), "change", id="change"),
            Touch(_("Cancel this meal"), "cancel", kind="quiet", id="cancel"),
        ]
        yield Choices(touches, most=2, id="acts")

    def first_focus(self) -> Widget | None:
        """The way back: nothing has to be done here."""
        return self.query_one("#back")

    def _found(self) -> MealView | None:
        meals = self.mine.meals if self.mine is not None else ()
        return next((meal for meal in meals if meal.id == self.meal), None)

    def show(self, mine: MyMeals) -> None:
        """As it is now."""
        from bedside.usecases.meal_words import item_lines, meal_state_text, price_text, slot_text, until_text
        from wardlink.clinical.meals.times import Slot

        meal = self._found()
        if meal is None:
            self.leave()
            return
        now, slot = self.bed.terminal.clock.now(), Slot(meal.on, meal.slot)
        self.query_one("#meal", Words).show(slot_text(slot, now))
        self.query_one("#tray", Words).show("\n".join(item_lines(mine, meal)))
        can = mine.can_change(meal, now)
        lines = [_("State: {state}").format(state=meal_state_text(mine, meal))]
        lines += [finding.text() for finding in (*meal.why, *meal.warnings)]
        if can:
            lines.append(_("Free to change or cancel until {time}.").format(time=until_text(slot, now)))
        elif meal.fen:
            lines.append(_("Costs {price}, on your bill when it has come.").format(price=price_text(meal.fen)))
        self.query_one("#state", Words).show("\n".join(dict.fromkeys(lines)))
        self.query_one("#acts").display = can

    def do_change(self) -> None:
        """The dishes of this meal, with those of now in the basket."""
        from bedside.screens.dishes import DishesScreen
        from wardlink.clinical.meals.times import Slot

        meal = self._found()
        if meal is not None:
            self.app.push_screen(DishesScreen(Slot(meal.on, meal.slot), meal.codes, changes=meal.id))

    def do_cancel(self) -> None:
        """It is not wanted."""
        from bedside.usecases.meals import cancel

        meal = self.meal
        self.send(lambda terminal, place, session: cancel(terminal, place, session, meal))

    def sent(self) -> None:
        """Back to the list of meals."""
        self.leave()
