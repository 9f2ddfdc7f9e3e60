"""My nutrition: what the diet means, what today holds against its limits, and what I do not eat by my own wish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bedside.usecases.meal_words import day_lines
from wardlink.clinical.meals.allergens import allergen_text
from wardlink.clinical.meals.diets import advice_text, diet_text
from wardlink.clinical.meals.dishes import EMPTY, Nutrition
from wardlink.clinical.meals.findings import label_text
from wardlink.clinical.meals.menu import dishes_called
from wardlink.clinical.meals.states import EATEN, STANDS, state_text
from wardlink.clinical.meals.times import times
from wardlink.clock import ward_date
from wardlink.i18n import domain
from wardlink.messages.meals import SetDietCard

if TYPE_CHECKING:
    from datetime import date, datetime

    from bedside.ports import Place, Terminal
    from bedside.usecases.meals import MyMeals
    from bedside.usecases.session import Session
    from wardlink.messages.meals import MealView

_ = domain("bedside").gettext


@dataclass(frozen=True)
class Part:
    """A part of the page: its heading and its lines."""

    title: str
    lines: tuple[str, ...]


def parts(mine: MyMeals, now: datetime) -> list[Part]:
    """The whole page, top to bottom."""
    if mine.eater is None:
        return [Part(_("My diet"), (_("The ward has not told this screen your diet yet. Please ask your nurse."),))]
    found = [Part(_("My diet"), tuple(_diet_lines(mine))), Part(_("Today"), tuple(_today_lines(mine, ward_date(now))))]
    if mine.eater.avoids:
        said = [_("I do not eat: {what}").format(what=label_text("avoids", name)) for name in mine.eater.avoids]
        said.append(_("Dishes that do not go with it cannot be ordered. You may give the wish up yourself."))
        found.append(Part(_("My wishes"), tuple(said)))
    return found


def _diet_lines(mine: MyMeals) -> list[str]:
    eater = mine.eater
    assert eater is not None
    lines = []
    for code in eater.diets:
        advice, name = advice_text(code), diet_text(code)
        lines.append(name if advice is None else _("{diet}: {advice}").format(diet=name, advice=advice))
    if not eater.diets:
        lines.append(_("No diet is ordered for you yet. Please ask your nurse before you eat."))
    for text in eater.unknown_diets:
        lines.append(_("{diet}: please ask your nurse what this means for you.").format(diet=text))
    if eater.allergens:
        listed = _(", ").join(allergen_text(code) for code in eater.allergens)
        lines.append(_("Never for you, because of your allergy: {allergens}").format(allergens=listed))
    if eater.iddsi is not None:
        lines.append(_("Texture of food: level {level}. Other food may make you choke.").format(level=eater.iddsi))
    return lines


def eaten(mine: MyMeals, meal: MealView) -> Nutrition:
    """What of a meal was eaten: all of it until somebody has noted how much."""
    share = 1.0 if meal.eaten_pct is None else meal.eaten_pct / 100
    known = [item.nutrition for item in meal.items]
    if mine.menu is not None and not any(held.kcal for held in known):
        # Not confirmed yet: of what this screen has ordered itself it holds the codes alone.
        known = [dish.nutrition for dish in dishes_called(mine.menu, meal.codes)]
    return sum(known, EMPTY).share(share)


def _today_lines(mine: MyMeals, today: date) -> list[str]:
    meals = [meal for meal in mine.meals if meal.on == today and meal.state in STANDS]
    if not meals:
        return [_("No meal is ordered for today.")]
    lines = []
    for meal in meals:
        said = state_text(meal.state)
        if meal.eaten_pct is not None:
            said = _("eaten: {n} %").format(n=meal.eaten_pct)
        lines.append(_("{meal}: {state}").format(meal=times(meal.slot).text(), state=said))
    day = sum((eaten(mine, meal) for meal in meals), EMPTY)
    lines += day_lines(day, mine.eater.diets if mine.eater is not None else ())
    words = _("Together about {kcal} kcal, protein {protein} g, carbohydrate {carb} g")
    lines.append(words.format(kcal=f"{day.kcal:g}", protein=f"{day.protein_g:g}", carb=f"{day.carb_g:g}"))
    if any(meal.state not in EATEN for meal in meals):
        lines.append(_("What is ordered is counted as if it were eaten."))
    return lines


def give_up(terminal: Terminal, place: Place, session: Session, mine: MyMeals, wish: str) -> None:
    """The patient eats this after all.

    Raises:
        StoreFailed: it could not be kept.
    """
    kept = tuple(name for name in (mine.eater.avoids if mine.eater is not None else ()) if name != wish)
    body = SetDietCard(avoids=kept)
    terminal.record("diet-card.set", body, actor=session.actor, encounter=session.encounter, bed=place.bed)
