"""The early-warning score of a stay as carts, terminals and the board show it, made from whole sets by the one rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from wardlink.clinical.names import age_years
from wardlink.clinical.news2 import Band, News2, NotApplicable, PartialNews2, Spo2Scale, assess
from wardlink.clinical.set_window import Taken, one_set
from wardlink.clock import ward_date
from wardlink.messages.encounters import EncounterView
from wardlink.messages.vitals import News2Summary, VitalsRecorded

Assessment = News2 | PartialNews2 | NotApplicable


@dataclass(frozen=True)
class Scored:
    """A set and what NEWS2 says about it."""

    found: VitalsRecorded
    assessment: Assessment

    @property
    def text(self) -> str:
        """The number, with what is missing shown as such."""
        match self.assessment:
            case News2():
                return str(self.assessment.total)
            case PartialNews2():
                return f"≥{self.assessment.partial}"
            case _:
                return "—"

    @property
    def band(self) -> str | None:
        """The band, or the least that it can be; None where nothing can be said."""
        match self.assessment:
            case News2():
                return self.assessment.band.value
            case PartialNews2():
                least = self.assessment.band_at_least
                return None if least is None else least.value
            case _:
                return None

    def is_old(self, now: datetime) -> bool:
        """Whether the next set should have come long since."""
        return isinstance(self.assessment, News2) and now > self.assessment.overdue_at(self.found.measured_at)


def scored(found: VitalsRecorded, stay: EncounterView) -> Scored:
    """Score one set by the scale it was scored with, or else by the one that is ordered now."""
    scale = Spo2Scale(found.news2.scale if found.news2 is not None else stay.spo2_scale)
    years = age_years(stay.birth_on, max(stay.birth_on, ward_date(found.measured_at)))
    return Scored(found, assess(found.readings, scale=scale, age_years=years, pregnant=stay.pregnant))


def scored_together(found: VitalsRecorded, earlier: Iterable[VitalsRecorded], stay: EncounterView) -> Scored:
    """Score a set with what `earlier` sets of the same round have that it lacks (`set_window`).

    Only what nurses entered goes together; struck sets and those of a monitor do not.
    """
    alone = scored(found, stay)
    if found.source != "manual" or not isinstance(alone.assessment, PartialNews2):
        return alone
    whole = one_set(taken(found), (taken(e) for e in earlier if e.source == "manual" and e.struck_at is None))
    if not whole.is_joined:
        return alone
    years = age_years(stay.birth_on, max(stay.birth_on, ward_date(found.measured_at)))
    together = assess(whole.readings, scale=alone.assessment.scale, age_years=years, pregnant=stay.pregnant)
    return Scored(found, together)


def taken(found: VitalsRecorded) -> Taken:
    """A set as the rule of the window takes it."""
    return Taken(found.measured_at, found.readings.readings())


def to_show(whole: Scored | None, newest: Scored | None) -> Scored | None:
    """Which score stands for a stay: that of its newest `whole` set, or that of its `newest` set.

    A newer set that is incomplete stands first when what is known of it already asks for help, and for no less
    than the whole one did: what a monitor cannot see must not make a patient look better.
    """
    if newest is None or whole is None:
        return whole or newest
    is_newer = newest.found.measured_at > whole.found.measured_at
    least = newest.assessment.band_at_least if isinstance(newest.assessment, PartialNews2) else None
    return newest if is_newer and least is not None and _rank(least) >= _rank(whole.band) else whole


def _rank(band: str | None) -> int:
    return -1 if band is None else [*Band].index(Band(band))


@lru_cache(maxsize=20_000)
def summary(assessment: Assessment) -> News2Summary | None:
    """The score as it is sent and kept; None where NEWS2 must not be used for the patient."""
    match assessment:
        case News2():
            return News2Summary(
                total=assessment.total,
                band=assessment.band.value,
                red=assessment.red,
                scale=assessment.scale.value,
            )
        case PartialNews2():
            least = assessment.band_at_least
            return News2Summary(
                partial=assessment.partial,
                band=None if least is None else least.value,
                red=assessment.red,
                scale=assessment.scale.value,
                missing=assessment.missing,
            )
        case _:
            return None
