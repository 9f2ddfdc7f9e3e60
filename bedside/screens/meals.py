"""Order meals: today's and tomorrow's, how each stands, and the suggested one with one touch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual.widget import Widget

from bedside.screens.meal_page import MealPage
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain

if TYPE_CHECKING:
    from bedside.usecases.meals import MyMeals

_ = domain("bedside").gettext

_FIELDS = tuple(f"meal-{n}" for n in range(6))


class MealsScreen(MealPage):
    """Three meals of two days."""

    def body(self) -> Iterable[Widget]:
        """For whom, what became of the last order, the six meals."""
        yield Words(id="for", classes="title")
        yield Words(id="said", classes="prose")
        yield Choices([Touch("", f"slot:{n}", id=name) for n, name in enumerate(_FIELDS)], id="slots")

    def right(self) -> Sequence[Touch]:
        """The suggested set of the first meal that can be ordered."""
        return [Touch("", "suggest", kind="main", id="suggest")]

    def first_focus(self) -> Widget | None:
        """The suggestion, if there is one."""
        return self.query_one("#suggest" if self.query_one("#suggest").display else "#meal-0")

    def show(self, mine: MyMeals) -> None:
        """How each meal stands now."""
        from bedside.usecases.meal_words import diet_text_of, slot_notes, slot_text
        from wardlink.clinical.meals.times import slots

        now = self.bed.terminal.clock.now()
        known = mine.menu is not None and mine.eater is not None
        self.query_one("#for", Words).show(diet_text_of(mine) if known else _("Order meals"))
        said = self.query_one("#said", Words)
        said.show(mine.refused or "" if known else _("The menu has not come yet. Please ask your nurse."))
        said.set_class(bool(mine.refused), "-trouble")
        said.display = bool(said.text)
        for name, slot in zip(_FIELDS, slots(now), strict=True):
            touch = self.query_one(f"#{name}", Touch)
            touch.show(slot_text(slot, now), slot_notes(mine, slot, now) if known else ())
            touch.choose(mine.standing(slot) is not None)
        suggest = self.query_one("#suggest", Touch)
        found = mine.next_suggestion(now) if known else None
        suggest.display = found is not None
        if found is not None:
            suggest.show(_("Suggested"), [slot_text(found[0], now)])

    def do_slot(self, number: str) -> None:
        """The dishes of a meal, or the one that is ordered."""
        from bedside.screens.dishes import DishesScreen
        from bedside.screens.ordered import OrderedScreen
        from wardlink.clinical.meals.times import slots

        mine = self.mine
        if mine is None or mine.menu is None:
            return
        slot = slots(self.bed.terminal.clock.now())[int(number)]
        meal = mine.standing(slot)
        self.app.push_screen(DishesScreen(slot) if meal is None else OrderedScreen(meal.id))

    def do_suggest(self) -> None:
        """The suggested set, to be confirmed."""
        from bedside.screens.confirm_meal import ConfirmMealScreen

        found = self.mine.next_suggestion(self.bed.terminal.clock.now()) if self.mine is not None else None
        if found is not None:
            slot, dishes = found
            self.app.push_screen(ConfirmMealScreen(slot, tuple(dish.code for dish in dishes)))
