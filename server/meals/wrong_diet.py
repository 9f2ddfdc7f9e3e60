"""Trays that went back because they were not of the diet that was ordered: for those who look into adverse events."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, select

from server.record.models import RecordRow
from wardlink.clinical.meals.returns import reason_said
from wardlink.messages.meals import MealStep, MealView

_RECORD: Table = RecordRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class WrongDiet:
    """A meal of a ward, and the step by which its tray went back."""

    ward: str
    meal: MealView
    back: MealStep


def wrong_diets(conn: Connection, wards: Collection[str], since: datetime) -> list[WrongDiet]:
    """Of the meals served since then in these wards, the newest first; one taken back is not among them."""
    of_wards = (_RECORD.c.kind == "meal") & _RECORD.c.ward.in_(wards) & (_RECORD.c.at >= since)
    # A meal that was cancelled keeps its state when its tray goes back.
    went_back = of_wards & _RECORD.c.state.in_(("returned", "cancelled"))
    found = []
    for ward, body in conn.execute(select(_RECORD.c.ward, _RECORD.c.body).where(went_back)):
        meal = MealView.model_validate_json(body)
        if meal.back is not None and reason_said(meal.back.reason) == "wrong-diet":
            found.append(WrongDiet(ward, meal, meal.back))
    return sorted(found, key=lambda one: (one.back.at, one.meal.id), reverse=True)
