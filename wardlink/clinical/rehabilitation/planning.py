"""Which sessions a plan means on a day, and how far a patient has come with them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, Protocol, TypeVar

from wardlink.clinical.tables import load
from wardlink.clock import WARD_ZONE

SessionState = Literal["reported", "confirmed", "refused"]
Key = tuple[date, int]
"""A session by its day and its number on that day, from 1."""

_DAY = timedelta(days=1)


class Repeated(Protocol):
    """An exercise of a plan, as far as its frequency goes."""

    @property
    def per_day(self) -> int:
        """So often on a day."""

    @property
    def every_days(self) -> int:
        """On every so many days; 1: daily."""


class Version(Protocol):
    """What a plan says from some day on."""

    @property
    def from_on(self) -> date:
        """The first day on which it says so."""

    @property
    def begin_on(self) -> date:
        """The first day of exercises."""

    @property
    def until_on(self) -> date:
        """The last one."""

    @property
    def items(self) -> Sequence[Repeated]:
        """The exercises."""


@dataclass(frozen=True)
class Session:
    """One session of a day. `exercises`: positions in the plan's list."""

    on: date
    number: int
    starts_at: datetime
    exercises: tuple[int, ...]

    @property
    def key(self) -> Key:
        """By which it is named."""
        return self.on, self.number


@dataclass(frozen=True)
class Progress:
    """Sessions of a plan. `due`: those of the days up to today; `planned`: of all its days."""

    planned: int
    due: int
    confirmed: int
    reported: int

    @property
    def completed(self) -> int:
        """Done, by the patient's word or confirmed."""
        return self.confirmed + self.reported

    @property
    def percent(self) -> int:
        """Completed of those planned, never more than all."""
        return min(100, 100 * self.completed // self.planned) if self.planned else 0

    @property
    def adherence_percent(self) -> int | None:
        """Completed of those that were due; None as long as none was."""
        return min(100, 100 * self.completed // self.due) if self.due else None


V = TypeVar("V", bound=Version)


def version_on(versions: Iterable[V], day: date) -> V | None:
    """What the plan says on a day: the newest of those that hold by then."""
    held = [version for version in versions if version.from_on <= day]
    return held[-1] if held else None


def sessions_on(version: Version, day: date) -> tuple[Session, ...]:
    """The sessions of a day: the first has every exercise of that day, a later one those that are done so often."""
    if not version.begin_on <= day <= version.until_on:
        return ()
    since = (day - version.begin_on).days
    today = [n for n, item in enumerate(version.items) if since % item.every_days == 0]
    many = max((version.items[n].per_day for n in today), default=0)
    return tuple(
        Session(day, number, start_at(day, number, many), tuple(n for n in today if version.items[n].per_day >= number))
        for number in range(1, many + 1)
    )


def start_at(day: date, number: int, many: int) -> datetime:
    """When a session of a day is meant to begin."""
    return datetime.combine(day, time.fromisoformat(load("rehabilitation")["starts"][str(many)][number - 1]), WARD_ZONE)


def all_sessions(versions: Sequence[Version], *, ended_on: date | None = None) -> Iterator[Session]:
    """Every session of a plan; none after the day on which it was ended."""
    if not versions:
        return
    day = min(version.begin_on for version in versions)
    last = max(version.until_on for version in versions)
    last = last if ended_on is None else min(last, ended_on)
    while day <= last:
        version = version_on(versions, day)
        if version is not None:
            yield from sessions_on(version, day)
        day += _DAY


def progress(
    versions: Sequence[Version],
    states: Iterable[tuple[Key, SessionState]],
    today: date,
    *,
    ended_on: date | None = None,
) -> Progress:
    """How far one has come. What was done beside the plan, or refused, does not count."""
    planned = {session.key for session in all_sessions(versions, ended_on=ended_on)}
    known = dict(states)
    return Progress(
        planned=len(planned),
        due=sum(1 for on, _number in planned if on <= today),
        confirmed=_counted(planned, known, "confirmed"),
        reported=_counted(planned, known, "reported"),
    )


def _counted(planned: Collection[Key], known: dict[Key, SessionState], state: SessionState) -> int:
    return sum(1 for key, said in known.items() if said == state and key in planned)
