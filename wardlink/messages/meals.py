"""Meals: what is ordered for a patient and how far it has come, the patient's diet card, and the ward's menu."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from wardlink.clinical.meals.dishes import Nutrition
from wardlink.clinical.meals.eater import Eater
from wardlink.clinical.meals.findings import Finding
from wardlink.clinical.meals.menu import Menu
from wardlink.clinical.meals.states import MealState
from wardlink.clinical.meals.times import Meal
from wardlink.ids import Id, Slug
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.records import RecordView
from wardlink.money import Fen

DishCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{0,11}$")]
Dishes = Annotated[tuple[DishCode, ...], Field(min_length=1, max_length=8)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class OrderMeal(Message):
    """Request: these dishes for this meal of this day. `dietitian_reason`: why the sums of the day are passed over."""

    on: date
    slot: Meal
    dishes: Dishes
    dietitian_reason: Reason | None = None


class ChangeMeal(Message):
    """Request: other dishes in the place of those that were ordered."""

    meal: Id
    dishes: Dishes
    dietitian_reason: Reason | None = None


class CancelMeal(Message):
    """Request: the meal is not wanted."""

    meal: Id
    reason: Reason | None = None


class CookMeal(Message):
    """Fact of the kitchen: it is being cooked."""

    meal: Id


class DispatchMeal(Message):
    """Fact of the kitchen: the tray has left."""

    meal: Id


class LockMeal(Message):
    """Fact of the server's clock: the cut-off is over, the kitchen has the order."""

    meal: Id


class StopMeal(Message):
    """Fact of the server: something about the patient has changed, and this meal must not come."""

    meal: Id
    why: tuple[Finding, ...] = Field(min_length=1, max_length=20)


class DeliverMeal(Message):
    """Fact: the tray was scanned at the bed of its patient. `bed_code`: the code that showed where."""

    meal: Id
    tray_code: str = Field(max_length=160)
    bed_code: str = Field(max_length=400)


class ReturnMeal(Message):
    """Fact: the tray went back. `medical`: for a medical reason, and so without a charge."""

    meal: Id
    reason: Reason
    medical: bool


class UndoDelivery(Message):
    """Fact: the delivery was entered by mistake; the entry stays readable."""

    meal: Id
    reason: Reason


class NoteIntake(Message):
    """Fact: so much of it was eaten, in per cent, and drunk. `fluid`: the entry of the fluid chart for the latter."""

    meal: Id
    eaten_pct: int = Field(ge=0, le=100)
    fluid_ml: float | None = Field(default=None, ge=0, le=3_000)
    fluid: Id | None = None


class MealItem(Message):
    """A dish as it was ordered, whatever the menu says later. On a device only the code is known at first."""

    code: DishCode
    zh: str = ""
    en: str = ""
    fen: Fen = 0
    nutrition: Nutrition = Nutrition()


class MealStep(Message):
    """One thing that was said of a meal. `counted` is False where it did not move it; `struck`: it was a mistake."""

    command: Id
    what: str
    at: Instant
    by: Actor
    by_name: str | None = None
    reason: str | None = None
    counted: bool = True


class MealView(RecordView):
    """Change `meal.changed`: a patient's meal as everybody holds it.

    `why`: the rules that have cancelled it. `warnings`: what was said when it was ordered. `diets`, `allergens`,
    `iddsi` and `disposable` are what stands on the label. `medical`: it went back for a medical reason.
    """

    on: date
    slot: Meal
    state: MealState
    items: tuple[MealItem, ...]
    served_at: Instant
    placed_at: Instant
    by: Actor
    by_name: str | None = None
    warnings: tuple[Finding, ...] = ()
    why: tuple[Finding, ...] = ()
    diets: tuple[str, ...] = ()
    allergens: tuple[str, ...] = ()
    iddsi: int | None = None
    disposable: bool = False
    delivered_at: Instant | None = None
    medical: bool = False
    eaten_pct: int | None = None
    fluid_ml: float | None = None
    fluid: Id | None = None
    steps: tuple[MealStep, ...] = ()

    @property
    def fen(self) -> int:
        """What it costs, in fen."""
        return sum(item.fen for item in self.items)

    @property
    def back(self) -> MealStep | None:
        """The step by which its tray went back; None where it did not, or that was taken back."""
        turned = (step for step in reversed(self.steps) if step.counted and step.what in ("return", "undo"))
        last = next(turned, None)
        return last if last is not None and last.what == "return" else None

    @property
    def cancelled_late(self) -> bool:
        """Whether it was cancelled after it had been cooked: all of it is waste."""
        made = (step for step in self.steps if step.counted and step.what in ("cook", "dispatch", "return"))
        return self.state == "cancelled" and any(made)

    @property
    def codes(self) -> tuple[str, ...]:
        """Its dishes."""
        return tuple(item.code for item in self.items)


class SetDietCard(Message):
    """Fact: staff have decided how a patient eats; a field left out stays as it is. A patient may give up a wish.

    `mapped`: what an allergy of the record is, by its words; no allergen at all: it is to no food.
    """

    iddsi: Annotated[int, Field(ge=3, le=7)] | None = None
    drink: Annotated[int, Field(ge=0, le=4)] | None = None
    clear_texture: bool = False
    mapped: dict[str, tuple[Slug, ...]] | None = Field(default=None, max_length=30)
    avoids: tuple[Slug, ...] | None = Field(default=None, max_length=10)


class FollowDietCard(Message):
    """Fact of the server: what follows from the record for this patient's meals, or that the stay is over."""

    eater: Eater
    ended: bool = False


class DietCardView(RecordView):
    """Change `diet-card.changed`: how a patient eats; one a stay. `eater`: all of it together, as the rules ask."""

    iddsi: int | None = None
    drink: int | None = None
    mapped: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    avoids: tuple[str, ...] = ()
    eater: Eater = Eater()
    ended: bool = False
    changed_at: Instant
    command: Id
    by: Actor
    by_name: str | None = None


class SetMenu(Message):
    """Fact of the server: this is the menu from now on."""

    menu: Menu


class MenuView(RecordView):
    """Change `menu.changed`: the menu of a ward; one a ward."""

    menu: Menu
    told_at: Instant
    command: Id
