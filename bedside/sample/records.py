"""The records of the invented stay that the terminal of its bed holds, as the server tells them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bedside.sample.doses import sample_doses
from bedside.sample.meals import sample_meals
from bedside.sample.team import sample_team

if TYPE_CHECKING:
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.records import RecordView


def sample_records(stay: EncounterView, now: datetime) -> dict[tuple[str, str], RecordView]:
    """By kind and id."""
    return sample_meals(stay, now) | sample_doses(stay, now) | sample_team(stay, now)
