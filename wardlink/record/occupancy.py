"""Who lay in a bed when: for values whose patient nobody knows. Pure; the cart and the desk ask here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from wardlink.messages.attributions import LONGEST
from wardlink.messages.encounters import EncounterView

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Stretch:
    """From `from_at` on and before `until_at`."""

    from_at: datetime
    until_at: datetime

    @property
    def last_minute(self) -> datetime:
        """The last minute that belongs to it: how people say when it ended."""
        return self.until_at - MINUTE

    def holds(self, at: datetime) -> bool:
        """Whether this instant belongs to it."""
        return self.from_at <= at < self.until_at

    def common(self, other: Stretch) -> Stretch | None:
        """The part that lies in both; None where there is none."""
        begin, end = max(self.from_at, other.from_at), min(self.until_at, other.until_at)
        return Stretch(begin, end) if begin < end else None


@dataclass(frozen=True)
class Candidate:
    """Somebody who was here. `lay`: the first part of the time in which the patient lay in the bed, None if never;
    `all_of_it`: the patient lay there all the time."""

    stay: EncounterView
    lay: Stretch | None
    all_of_it: bool

    @property
    def id(self) -> str:
        """The stay's."""
        return self.stay.id


def stretch_of(first: datetime, last: datetime) -> Stretch:
    """The full minutes in which something was measured from `first` to `last`; of a long time the beginning, as much
    as can be said at once."""
    begin, end = (at.replace(second=0, microsecond=0) for at in (first, last))
    return Stretch(begin, min(end + MINUTE, begin + LONGEST))


def candidates(stays: Iterable[EncounterView], ward: str, bed: str | None, stretch: Stretch) -> list[Candidate]:
    """Who was in hospital then: first who lay in this bed of this ward, by time; then the others."""
    here = [_candidate(stay, (ward, bed), stretch) for stay in stays if _was_here(stay, stretch)]
    lay = sorted((found for found in here if found.lay is not None), key=_since)
    return [*lay, *(found for found in here if found.lay is None)]


def _since(found: Candidate) -> tuple[datetime, str]:
    assert found.lay is not None
    return found.lay.from_at, found.stay.id


def _was_here(stay: EncounterView, stretch: Stretch) -> bool:
    return stay.admitted_at < stretch.until_at and (stay.discharged_at or stretch.until_at) > stretch.from_at


def _candidate(stay: EncounterView, place: tuple[str, str | None], stretch: Stretch) -> Candidate:
    lain = (
        stretch.common(Stretch(begin, end)) for where, begin, end in _lain(stay, stretch.until_at) if where == place
    )
    lay = next((found for found in lain if found is not None), None)
    return Candidate(stay, lay, lay == stretch)


def _lain(stay: EncounterView, until: datetime) -> Iterable[tuple[tuple[str, str], datetime, datetime]]:
    end = stay.discharged_at or max(until, stay.admitted_at)
    if not stay.places:
        return [((stay.ward, stay.bed), stay.admitted_at, end)]
    begins = [((place.ward, place.bed), place.since) for place in stay.places]
    return [(where, since, then) for (where, since), (_next, then) in pairwise([*begins, (("", ""), end)])]
