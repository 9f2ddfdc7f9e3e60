"""How fast the heart beat in a strip, from the beats that were found in it; refused where it would be a guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median

from wardlink.clinical.ecg.strip import Gap, Strip
from wardlink.clinical.tables import load
from wardlink.errors import InvalidInput
from wardlink.i18n import N_

_OFF = N_("no rate: lead {lead} was off")
_FEW = N_("no rate: {beats} beats in {seconds} s")
_UNLIKELY = N_("no rate: {rate} a minute cannot be")


class NoRate(InvalidInput):
    """No rate can be told from this strip; the sentence says why."""

    code = "no-ecg-rate"


@dataclass(frozen=True)
class Rate:
    """Rates a minute, and what they rest on.

    `mean` is that of the mean RR interval, `median` that of the median one; `slowest` and `fastest` are those of the
    longest and the shortest. `seconds`: from the first beat that counts to the last, without what lay in gaps.
    """

    mean: float
    median: float
    slowest: float
    fastest: float
    beats: int
    seconds: float


def rate(strip: Strip, lead: str, beats: Sequence[int]) -> Rate:
    """The rate over the whole strip from `beats`, the samples of its R peaks in `lead`.

    An interval with a gap in it is none: a beat may lie hidden there.

    Raises:
        NoRate: the lead was off, fewer than two beats follow each other, or no heart beats like that.
    """
    if strip.is_off(lead):
        raise NoRate(_OFF, lead=lead)
    found = sorted(beat for beat in set(beats) if strip.uv(lead, beat) is not None)
    return rate_of(found, strip.gaps(lead), rate_hz=strip.rate_hz, seconds=strip.seconds)


def rate_of(beats: Sequence[int], gaps: Sequence[Gap], *, rate_hz: float, seconds: float) -> Rate:
    """The same from beats in their order and the gaps of their lead.

    Raises:
        NoRate: fewer than two beats follow each other, or no heart beats like that.
    """
    pairs = [(one, other) for one, other in pairwise(beats) if not any(one < gap.first < other for gap in gaps)]
    if not pairs:
        raise NoRate(_FEW, beats=len(beats), seconds=f"{seconds:g}")
    intervals_s = [(other - one) / rate_hz for one, other in pairs]
    found = Rate(
        mean=60 / fmean(intervals_s),
        median=60 / median(intervals_s),
        slowest=60 / max(intervals_s),
        fastest=60 / min(intervals_s),
        beats=len({beat for pair in pairs for beat in pair}),
        seconds=sum(intervals_s),
    )
    bounds = load("ecg_leads")["rate"]
    if not bounds["from_per_min"] <= found.mean <= bounds["up_to_per_min"]:
        raise NoRate(_UNLIKELY, rate=round(found.mean))
    return found
