"""The dishes of one meal: those that fit first, the others with the reason why not."""

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
    from wardlink.clinical.meals.dishes import Dish
    from wardlink.clinical.meals.times import Slot

_ = domain("bedside").gettext

_MOST = 5
_FIELDS = tuple(f"dish-{n}" for n in range(_MOST))


class DishesScreen(MealPage):
    """A few dishes a page; what is touched goes into the basket, touched again it goes out. `changes`: a meal's id."""

    def __init__(self, slot: Slot, chosen: Sequence[str] = (), *, changes: str | None = None) -> None:
        super().__init__()
        self.slot = slot
        self.changes = changes
        self._chosen: list[str] = list(chosen)
        self._page = 0
        self._trouble = ""

    def body(self) -> Iterable[Widget]:
        """What is chosen, the dishes, and the way to more of them."""
        yield Words(id="meal", classes="title")
        yield Words(id="basket", classes="prose")
        touches = [Touch("", f"dish:{n}", id=name) for n, name in enumerate(_FIELDS)]
        yield Choices([*touches, Touch(_("More dishes"), "more", kind="quiet", id="more")], id="dishes")

    def right(self) -> Sequence[Touch]:
        """On to what it holds and costs."""
        return [Touch(_("Next"), "next", kind="main", id="next")]

    def on_resize(self) -> None:
        """More or fewer of them fit."""
        self._page = 0
        self._show_again()

    @property
    def _per_page(self) -> int:
        if self.size.width < 78:
            return 2
        return _MOST if self.size.width >= 96 and self.size.height >= 30 else 3

    def show(self, mine: MyMeals) -> None:
        """A page of dishes."""
        from bedside.usecases.meal_words import basket_text, dish_notes, slot_text
        from wardlink.clinical.meals.findings import blocks

        now = self.bed.terminal.clock.now()
        closed, found = mine.closed(self.slot, now), mine.choices(self.slot)
        self.query_one("#meal", Words).show(slot_text(self.slot, now))
        basket = self.query_one("#basket", Words)
        basket.show(self._trouble or (closed[0].text() if closed else basket_text(self._dishes(mine), self.slot)))
        basket.set_class(bool(self._trouble or closed), "-trouble")
        shown = found[self._page * self._per_page :][: self._per_page]
        for n, name in enumerate(_FIELDS):
            touch = self.query_one(f"#{name}", Touch)
            touch.display = n < len(shown)
            if n < len(shown):
                dish, said = shown[n]
                is_chosen = dish.code in self._chosen
                touch.show(dish.name(), dish_notes(dish, said, self.slot), kind="quiet" if blocks(said) else "plain")
                touch.choose(is_chosen)
        self.query_one("#more", Touch).display = len(found) > self._per_page
        self.query_one(Choices).refit()

    def _dishes(self, mine: MyMeals) -> list[Dish]:
        return [dish for dish, _said in mine.choices(self.slot) if dish.code in self._chosen]

    def do_dish(self, number: str) -> None:
        """Into the basket or out of it; what is not for the patient says why."""
        from wardlink.clinical.meals.findings import blocks

        if self.mine is None:
            return
        dish, said = self.mine.choices(self.slot)[self._page * self._per_page + int(number)]
        forbidden, self._trouble = blocks(said), ""
        if forbidden:
            self._trouble = " ".join(finding.text() for finding in forbidden)
        elif dish.code in self._chosen:
            self._chosen.remove(dish.code)
        else:
            if dish.kind == "main":
                # One main a meal: another one takes the place of the first.
                mains = [one.code for one in self._dishes(self.mine) if one.kind == "main"]
                self._chosen = [code for code in self._chosen if code not in mains]
            self._chosen.append(dish.code)
        self._show_again()

    def do_more(self) -> None:
        """The next dishes; after the last the first again."""
        count = len(self.mine.choices(self.slot)) if self.mine is not None else 0
        self._page = (self._page + 1) % max(1, -(-count // self._per_page))
        self._trouble = ""
        self._show_again()

    def do_next(self) -> None:
        """What was chosen, to be confirmed."""
        from bedside.screens.confirm_meal import ConfirmMealScreen

        mine = self.mine
        if mine is None or mine.closed(self.slot, self.bed.terminal.clock.now()):
            return
        codes = tuple(dish.code for dish in self._dishes(mine))
        if codes:
            self.app.push_screen(ConfirmMealScreen(self.slot, codes, changes=self.changes))
        else:
            self._trouble = _("Nothing is chosen yet.")
            self._show_again()
