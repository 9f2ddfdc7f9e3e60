"""What the record of this bed says about exercises and food of the season. Pure; reads the terminal's own disk."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bedside.usecases.today import Term
from wardlink.clinical.meals.diets import diet_text, diets_written
from wardlink.clinical.meals.eater import Eater
from wardlink.clinical.meals.findings import Finding
from wardlink.clinical.meals.states import EATEN
from wardlink.clinical.names import age_years
from wardlink.clinical.season_food import Against, season_foods
from wardlink.clinical.wellness import State, rests_after_meal
from wardlink.clock import ward_date
from wardlink.i18n import domain
from wardlink.record.diet_cards import DIET_CARD, diet_card_id
from wardlink.record.meals import MEAL

if TYPE_CHECKING:
    from bedside.ports import Board
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.meals import MealView

_ = domain("bedside").gettext

RECENT = timedelta(hours=12)
"""Older readings say nothing about how a patient is now [D]."""

_KEYS = ("temp_c", "pulse_per_min", "sbp_mmhg", "dbp_mmhg", "spo2_pct", "glucose_mmol_per_l")


def state_of(board: Board, stay: EncounterView, now: datetime) -> State:
    """What is known of the patient now."""
    values: dict[str, float] = {}
    for key, latest in board.latest(stay.id).items():
        recent = now - latest.measured_at <= RECENT and latest.lead_off_at is None
        if key in _KEYS and recent and isinstance(latest.value, int | float):
            values[key] = float(latest.value)
    scored = [s.news2 for s in board.vitals(stay.id, since=now - RECENT) if s.news2 and s.struck_at is None]
    newest = scored[-1] if scored else None
    born_later = stay.birth_on > ward_date(now)
    return State(
        age_years=None if born_later else age_years(stay.birth_on, ward_date(now)),
        level=stay.level,
        spo2_scale=stay.spo2_scale,
        values=values,
        news2=None if newest is None else newest.total if newest.total is not None else newest.partial,
        is_red=newest is not None and newest.red,
        ate=any(_came_lately(meal, now) for meal in board.records(MEAL, encounter=stay.id)),
    )


def _came_lately(meal: MealView, now: datetime) -> bool:
    came = [step.at for step in meal.steps if step.what == "deliver" and step.counted]
    return meal.state in EATEN and bool(came) and now - came[-1] < rests_after_meal()


def eater_of(board: Board, stay: EncounterView) -> Eater:
    """How the patient eats: as the ward has told it, or else by the diet of the stay alone."""
    card = board.record(DIET_CARD, diet_card_id(stay.id))
    if card is not None:
        return card.eater
    written = diets_written(stay.diet)
    return Eater(diets=written, unknown_diets=() if written or not stay.diet else (stay.diet,))


def food_texts(term: Term, stay: EncounterView, eater: Eater, now: datetime) -> tuple[str, ...]:
    """A food idea of the season, or why there is none; never against what is ordered, an allergy or a medicine."""
    food = season_foods()[term.index]
    found = food.against(eater, stay.allergies, now)
    if found is not None:
        return _against_text(*found), _("Please keep to what is ordered for you.")
    condition = food.condition_text()
    unless = [] if condition is None else [_("Not {condition}.").format(condition=condition)]
    return (food.idea_text(), *unless, _("In hospital: ask your doctor or nurse first."))


def _against_text(why: Against, about: str) -> str:
    match why:
        case "fasting":
            return Finding("M02", "block", case="order").text()
        case "unknown":
            return Finding("M01", "block", case="unknown" if about else "", params={"said": about}).text()
        case "diet":
            said = _("What one eats in this season does not go with your {diet}.")
            return said.format(diet=diet_text(about))
        case "texture":
            return _("What one eats in this season is not soft enough for you.")
        case "allergy":
            return _("What one eats in this season does not go with your allergies.")
        case "drug":
            return _("What one eats in this season does not go with one of your medicines.")
