"""Nursing levels with their rounds, and when the next temperature, pulse and respiration are due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Any, Literal

from wardlink.clinical.exact import exact
from wardlink.clinical.tables import load
from wardlink.clock import WARD_ZONE, ward_date
from wardlink.i18n import gettext

Profile = Literal["A", "B"]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class NursingLevel:
    """One level of care. Its rounds are None where a nurse stays with the patient."""

    code: str
    label: str
    text: str
    round_interval: timedelta | None
    grace: timedelta

    def label_text(self) -> str:
        """Its name, in words."""
        return gettext(self.label)

    def criteria_text(self) -> str:
        """Whom it is for, in words."""
        return gettext(self.text)

    def round_due_at(self, last_round_at: datetime) -> datetime | None:
        """When the next round is due; None under continuous care."""
        return None if self.round_interval is None else last_round_at + self.round_interval

    def round_overdue_at(self, last_round_at: datetime) -> datetime | None:
        """When the next round is late; None under continuous care."""
        due_at = self.round_due_at(last_round_at)
        return None if due_at is None else due_at + self.grace


@cache
def nursing_levels() -> Mapping[str, NursingLevel]:
    """The levels by their code (`special`, `level1` to `level3`), most care first."""
    return {code: _level(code, row) for code, row in load("nursing_levels")["levels"].items()}


def _level(code: str, row: Mapping[str, Any]) -> NursingLevel:
    interval_min = row.get("round_interval_min")
    return NursingLevel(
        code=code,
        label=row["label"],
        text=row["text"],
        round_interval=None if interval_min is None else timedelta(minutes=interval_min),
        grace=timedelta(minutes=row.get("grace_min", 0)),
    )


def dependency(barthel: int) -> str:
    """The dependency that a Barthel score of 0 to 100 suggests: `severe`, `moderate`, `mild` or `none`.

    It suggests only: the level of care is a doctor's order.

    Raises:
        ValueError: no Barthel score.
    """
    if not 0 <= barthel <= 100 or barthel % 5:
        raise ValueError(f"{barthel} is no Barthel score")
    rows: Mapping[str, Mapping[str, Any]] = load("nursing_levels")["dependency"]
    return next(code for code, row in rows.items() if barthel <= row["barthel_up_to"])


class Situation(StrEnum):
    """What may ask for measurements more or less often."""

    SPECIAL = "special"
    LEVEL1 = "level1"
    LEVEL2 = "level2"
    LEVEL3 = "level3"
    NEW_ADMISSION = "new-admission"
    MINOR_SURGERY = "minor-surgery"
    BEFORE_SURGERY = "before-surgery"
    MAJOR_SURGERY = "major-surgery"
    FEVER = "fever"
    HIGH_FEVER = "high-fever"


@dataclass(frozen=True)
class Trigger:
    """A situation of the timetable and its first day in the ward.

    Fever begins anew with each feverish reading, so that a single normal one never lowers the frequency.
    """

    situation: Situation
    since_on: date


@dataclass(frozen=True)
class Every:
    """A fixed interval from an instant on: what a NEWS2 score or an order asks for."""

    interval: timedelta
    since_at: datetime


def fever_situation(temp_c: float, *, profile: Profile = "A") -> Situation | None:
    """Which fever row a temperature opens, as measured at whatever site; None below them all."""
    rows = load("measurement_timetable")[profile]
    for situation in (Situation.HIGH_FEVER, Situation.FEVER):
        row = rows[situation]
        if "temp_above_c" in row and exact(temp_c) > exact(row["temp_above_c"]):
            return situation
        if "temp_from_c" in row and exact(temp_c) >= exact(row["temp_from_c"]):
            return situation
    return None


def recheck_after_cooling_at(cooled_at: datetime) -> datetime:
    """When the temperature is taken again after physical or drug cooling."""
    row = load("measurement_timetable")["recheck"]["after-cooling"]
    return cooled_at + timedelta(minutes=row["recheck_after_min"])


def due_times(
    triggers: Sequence[Trigger | Every],
    *,
    start_at: datetime,
    end_at: datetime,
    profile: Profile = "A",
) -> tuple[datetime, ...]:
    """When measurements are due from `start_at` up to, not including, `end_at`; in UTC, in order.

    At any moment the trigger that asks most often decides alone; of two that ask as often, the earlier in
    `triggers`. Empty where nothing asks: then the doctor's order says when.

    Source: ward domain sheet 1.5; the engine rule is of this product [D].
    """
    due: list[datetime] = []
    for begin_at, until_at in pairwise(_turning_points(triggers, start_at, end_at)):
        on = ward_date(begin_at)
        asking = [trigger for trigger in triggers if _asks(trigger, begin_at, profile)]
        if asking:
            most = max(asking, key=lambda trigger: _per_day(trigger, profile))
            due += [at for at in _instants(most, on, profile) if begin_at <= at < until_at]
    return tuple(due)


def _turning_points(triggers: Sequence[Trigger | Every], start_at: datetime, end_at: datetime) -> list[datetime]:
    """Every instant at which another trigger may take over: the ward's midnights, and the starts of intervals."""
    days = (ward_date(end_at) - ward_date(start_at)).days
    midnights = [_midnight(ward_date(start_at) + n * DAY) for n in range(1, days + 1)]
    starts = [trigger.since_at for trigger in triggers if isinstance(trigger, Every)]
    between = {at for at in (*midnights, *starts) if start_at < at < end_at}
    return [start_at, *sorted(between), end_at]


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), WARD_ZONE)


def _row(situation: Situation, profile: Profile) -> Mapping[str, Any] | None:
    row: Mapping[str, Any] | None = load("measurement_timetable")[profile].get(situation)
    return row


def _asks(trigger: Trigger | Every, at: datetime, profile: Profile) -> bool:
    if isinstance(trigger, Every):
        return trigger.since_at <= at
    row = _row(trigger.situation, profile)
    lasting_days = (ward_date(at) - trigger.since_on).days
    return row is not None and 0 <= lasting_days < row.get("days", lasting_days + 1)


def _per_day(trigger: Trigger | Every, profile: Profile) -> float:
    if isinstance(trigger, Every):
        return DAY / trigger.interval
    row = _row(trigger.situation, profile)
    return 0 if row is None else len(row["times"])


def _instants(trigger: Trigger | Every, on: date, profile: Profile) -> Iterator[datetime]:
    """The trigger's instants on one day of the ward, in order."""
    if isinstance(trigger, Every):
        elapsed = max(_midnight(on) - trigger.since_at, timedelta())
        at = trigger.since_at + max(1, -(-elapsed // trigger.interval)) * trigger.interval
        while at < _midnight(on + DAY):
            yield at.astimezone(UTC)
            at += trigger.interval
        return
    row = _row(trigger.situation, profile)
    for text in () if row is None else row["times"]:
        yield datetime.combine(on, time.fromisoformat(text), WARD_ZONE).astimezone(UTC)
