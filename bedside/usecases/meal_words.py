"""My meals in words: dates, prices, what a day holds against its limits, and how far a meal is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bedside.usecases.words import clock_text
from wardlink.clinical.meals.diets import carb_range, day_limits
from wardlink.clinical.meals.dishes import Dish, Nutrition, total
from wardlink.clinical.meals.findings import Finding, blocks
from wardlink.clinical.meals.states import state_text
from wardlink.clinical.meals.times import Slot, times
from wardlink.clock import ward_date
from wardlink.i18n import N_, domain
from wardlink.money import yuan

if TYPE_CHECKING:
    from datetime import datetime

    from bedside.usecases.meals import MyMeals
    from wardlink.messages.meals import MealView

_ = domain("bedside").gettext

BAR_CELLS = 20
_FULL, _EMPTY = "█", "░"
_LIMITED = {
    "na_mg": N_("Sodium {value} of at most {limit} mg"),
    "protein_g": N_("Protein {value} of at most {limit} g"),
    "fat_g": N_("Fat {value} of at most {limit} g"),
    "k_mg": N_("Potassium {value} of at most {limit} mg"),
}
_UNKNOWN = {"k_mg": N_("How much potassium is in it is not known; at most {limit} mg")}


def slot_text(slot: Slot, now: datetime) -> str:
    """Which meal of which day."""
    said = _("Today: {meal}") if slot.on == ward_date(now) else _("Tomorrow: {meal}")
    return said.format(meal=times(slot.meal).text())


def dish_name(dish: Dish) -> str:
    """Its name."""
    return dish.name()


def price_text(fen: int) -> str:
    """In yuan."""
    return _("¥{yuan}").format(yuan=yuan(fen))


def slot_notes(mine: MyMeals, slot: Slot, now: datetime) -> list[str]:
    """How a meal stands, for its field."""
    meal = mine.standing(slot)
    if meal is not None:
        return [meal_state_text(mine, meal)]
    closed = mine.closed(slot, now)
    ended = mine.ended(slot)
    said = []
    if ended is not None and ended.why:
        said.append(_("cancelled: {why}").format(why=ended.why[0].text()))
    elif closed:
        said.append(closed[0].text())
    if not closed:
        said.append(_("order until {time}").format(time=until_text(slot, now)))
    return said


def until_text(slot: Slot, now: datetime) -> str:
    """Until when this meal can be ordered, changed and cancelled."""
    at = slot.cutoff_at
    said = clock_text(at)
    return said if ward_date(at) == ward_date(now) else _("tomorrow {time}").format(time=said)


def meal_state_text(mine: MyMeals, meal: MealView) -> str:
    """How far it is; that the kitchen has not answered yet, where it has not."""
    if meal.id in mine.unsent:
        return _("waiting for the kitchen")
    return state_text(meal.state)


def dish_notes(dish: Dish, found: Sequence[Finding], slot: Slot) -> list[str]:
    """Why a dish cannot be had; else what it costs and holds, and what to mind."""
    forbidden = blocks(found)
    if forbidden:
        return [_("Not for you:"), forbidden[0].text()]
    held = _("{price} · {kcal} kcal · sodium {na} mg").format(
        price=price_text(dish.fen_on(slot.on) or 0), kcal=f"{dish.nutrition.kcal:g}", na=f"{dish.nutrition.na_mg:g}"
    )
    return [held, *(finding.text() for finding in found)]


def basket_text(dishes: Sequence[Dish], slot: Slot) -> str:
    """What is chosen, in a line."""
    if not dishes:
        return _("Touch the dishes that you would like.")
    held = total(dishes)
    return _("{n} chosen · {price} · {kcal} kcal").format(
        n=len(dishes), price=price_text(sum(dish.fen_on(slot.on) or 0 for dish in dishes)), kcal=f"{held.kcal:g}"
    )


def nutrition_lines(mine: MyMeals, slot: Slot, dishes: Sequence[Dish]) -> list[str]:
    """What the day would hold, against the limits of the diet; bars where there is a limit, else plain numbers."""
    if mine.eater is None:
        return []
    day = sum((total(found) for found in mine.others(slot).values()), total(dishes))
    lines = day_lines(day, mine.eater.diets)
    span = carb_range(mine.eater.diets, slot.meal)
    if span is not None:
        lines.append(
            _("Carbohydrate of this meal {value} g; your diet wants {least} to {most} g").format(
                value=f"{total(dishes).carb_g:g}", least=f"{span[0]:g}", most=f"{span[1]:g}"
            )
        )
    lines.append(_day_text(day))
    return lines


def day_lines(day: Nutrition, diets: Sequence[str]) -> list[str]:
    """What a day holds against the limits of the diets: words, and a bar below."""
    lines = []
    for name, most in day_limits(diets).items():
        value = getattr(day, name)
        if value is None:
            lines.append(_(_UNKNOWN[name]).format(limit=f"{most:g}"))
            continue
        lines.append(_(_LIMITED[name]).format(value=f"{value:g}", limit=f"{most:g}"))
        lines.append(bar_text(value, most))
    return lines


def bar_text(value: float, most: float) -> str:
    """A bar that is full at the limit; what is over it is said by its percentage."""
    full = min(BAR_CELLS, round(BAR_CELLS * value / most)) if most else BAR_CELLS
    return f"{_FULL * full}{_EMPTY * (BAR_CELLS - full)} {round(100 * value / most) if most else 100} %"


def _day_text(day: Nutrition) -> str:
    said = _("The day so far: {kcal} kcal, protein {protein} g, carbohydrate {carb} g, sodium {na} mg")
    return said.format(kcal=f"{day.kcal:g}", protein=f"{day.protein_g:g}", carb=f"{day.carb_g:g}", na=f"{day.na_mg:g}")


def item_lines(mine: MyMeals, meal: MealView) -> list[str]:
    """The dishes of a meal with their prices; by the menu as long as the kitchen has not answered."""
    lines = []
    for item in meal.items:
        dish = mine.menu.by_code.get(item.code) if mine.menu is not None else None
        name = dish.name() if dish is not None else item.zh or item.code
        fen = item.fen or (dish.fen_on(meal.on) or 0 if dish is not None else 0)
        lines.append(f"{name}  {price_text(fen)}")
    return lines


def diet_text_of(mine: MyMeals) -> str:
    """For which diet and allergies the dishes are looked at."""
    from wardlink.clinical.meals.allergens import allergen_text
    from wardlink.clinical.meals.diets import diet_text

    if mine.eater is None:
        return ""
    said = [diet_text(code) for code in mine.eater.diets]
    if mine.eater.allergens:
        listed = _(", ").join(allergen_text(code) for code in mine.eater.allergens)
        said.append(_("without {allergens}").format(allergens=listed))
    return " · ".join(said)
