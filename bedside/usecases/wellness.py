"""What the record of this bed says about exercises and food of the season. Pure; reads the terminal's own disk."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bedside.usecases.frame import diet_text
from bedside.usecases.today import Term
from wardlink.clinical.names import age_years
from wardlink.clinical.season_food import season_foods
from wardlink.clinical.wellness import State
from wardlink.clock import ward_date
from wardlink.i18n import domain

if TYPE_CHECKING:
    from bedside.ports import Board
    from wardlink.messages.encounters import EncounterView

_ = domain("bedside").gettext

RECENT = timedelta(hours=12)
"""Older readings say nothing about how a patient is now [D]."""

_KEYS = ("temp_c", "pulse_per_min", "sbp_mmhg", "dbp_mmhg", "spo2_pct")


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
    )


def food_texts(term: Term, stay: EncounterView) -> tuple[str, ...]:
    """A food idea of the season, or why there is none; never against the diet that is ordered."""
    food = season_foods()[term.index]
    keep = _("Please keep to what is ordered for you.")
    if not food.fits_diet(stay.diet):
        return (_("What one eats in this season does not go with your {diet}.").format(diet=diet_text(stay)), keep)
    if not food.fits_allergies(stay.allergies):
        return (_("What one eats in this season does not go with your allergies."), keep)
    condition = food.condition_text()
    unless = [] if condition is None else [_("Not {condition}.").format(condition=condition)]
    return (food.idea_text(), *unless, _("In hospital: ask your doctor or nurse first."))
