"""The early-warning score of a stay as the lists show it, made from whole sets by the one rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from wardlink.clinical.names import age_years
from wardlink.clinical.news2 import News2, NotApplicable, PartialNews2, Spo2Scale, assess
from wardlink.clock import ward_date

if TYPE_CHECKING:
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.vitals import VitalsRecorded

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


def to_show(whole: Scored | None, newest: Scored | None) -> Scored | None:
    """Which score stands for a stay: that of its newest `whole` set, or that of its `newest` set.

    A newer set that is incomplete stands first when what is known of it already asks for help.
    """
    if newest is None or whole is None:
        return whole or newest
    is_newer = newest.found.measured_at > whole.found.measured_at
    fires = isinstance(newest.assessment, PartialNews2) and newest.assessment.fires
    return newest if is_newer and fires else whole
