"""The score of a set as it comes in: the one rule of `wardlink.clinical.news2`, for the patient of the stay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import orjson

from server.census import Resident
from wardlink.clinical.names import age_years
from wardlink.clinical.news2 import Spo2Scale, assess
from wardlink.clinical.news2_chart import ADULT_FROM_YEARS, SOURCES
from wardlink.clock import ward_date
from wardlink.messages.scored import summary as summary_of
from wardlink.messages.vitals import News2Summary, RecordVitals


def summary(body: RecordVitals, resident: Resident | None, at: datetime) -> News2Summary | None:
    """The score of the set measured `at`, by the scale that is ordered for the patient now.

    A set that lacks a reading (a monitor's always lacks the consciousness) gets no total, but what is certain.
    None where no score may be shown: nobody knows whose the set is, under 16, or pregnant.
    """
    if resident is None:
        return None
    scale = _SCALES[resident.spo2_scale]
    years = _years(resident, at)
    return summary_of(assess(body.readings, scale=scale, age_years=years, pregnant=resident.pregnant))


class Score(NamedTuple):
    """A score as the lane writes it: `told` is its JSON, `columns` are total, band and scale of its row."""

    told: orjson.Fragment | None
    columns: tuple[int | None, str | None, int | None]


NO_SCORE = Score(None, (None, None, None))


def score_of_numbers(readings: Mapping[str, float], resident: Resident, at: datetime) -> Score:
    """What `summary` says of a set of valid numbers, without the models."""
    if resident.pregnant or _years(resident, at) < ADULT_FROM_YEARS:
        return NO_SCORE
    return _remembered(resident.spo2_scale, *map(readings.get, _SCORED))


def _years(resident: Resident, at: datetime) -> int:
    # Surely so old already; only about the sixteenth birthday must the day be looked at.
    years = at.year - resident.birth_on.year - 1
    return years if years >= ADULT_FROM_YEARS else age_years(resident.birth_on, max(resident.birth_on, ward_date(at)))


# A monitor says nearly the same every second, and one look is cheaper than putting seven parts together.
@lru_cache(maxsize=20_000)
def _remembered(spo2_scale: int, *values: float | None) -> Score:
    readings = {name: value for name, value in zip(_SCORED, values, strict=True) if value is not None}
    score = summary_of(assess(readings, scale=_SCALES[spo2_scale], age_years=ADULT_FROM_YEARS, pregnant=False))
    if score is None:
        return NO_SCORE
    told = orjson.Fragment(orjson.dumps(score.model_dump(mode="json", exclude_none=True)))
    return Score(told, (score.total, score.band, score.scale))


_SCORED = tuple(name for names in SOURCES.values() for name in names)
_SCALES = {scale.value: scale for scale in Spo2Scale}
