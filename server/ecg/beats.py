"""Finds the beats in a strip: here, so that a cart needs no array library for it.

The detector is sleepecg's, after Pan and Tompkins; docs/adr/0013 says why. It is loaded with the first strip.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wardlink.clinical.ecg.strip import MISSING, Samples, Strip, is_silent

_BEST = ("II", "MLII", "V5", "V4", "I", "V6", "aVF", "V3", "V2")
"""Leads in which R stands out, the best first; then whatever there is."""

LEAST_HZ = 100.0
"""Slower sampling tells too little of a QRS complex: a hundredth of a second is a tenth of it."""

LEAST_SECONDS = 2.0
"""A stretch that is shorter is not searched: it need not hold a beat, and the detector has nothing to go by."""

MOST_MISSING = 0.5
"""A lead of which more is missing than this share is not searched."""


@dataclass(frozen=True)
class Beats:
    """The samples of the R peaks in one lead."""

    lead: str
    samples: tuple[int, ...]


def find_beats(strip: Strip) -> Beats | None:
    """The beats in the lead in which they are told best; None where no lead can be searched.

    Stretches between gaps are searched apart from each other, and those shorter than `LEAST_SECONDS` not at all.
    """
    lead = _best_lead(strip)
    if lead is None or strip.rate_hz < LEAST_HZ:
        return None
    samples, gaps = strip.leads[lead], strip.gaps(lead)
    edges = (0, *(edge for gap in gaps for edge in (gap.first, gap.end)), len(samples))
    stretches = [
        (first, end)
        for first, end in zip(edges[::2], edges[1::2], strict=True)
        if end - first >= LEAST_SECONDS * strip.rate_hz and not is_silent(samples[first:end])
    ]
    if not stretches:
        return None
    # A bridge over a gap, level or sloping, makes the detector see beats at its ends.
    found = [first + int(beat) for first, end in stretches for beat in _detect(samples[first:end], strip.rate_hz)]
    return Beats(lead, tuple(found))


def _best_lead(strip: Strip) -> str | None:
    usable = [
        lead
        for lead, samples in strip.leads.items()
        if not is_silent(samples) and samples.count(MISSING) <= len(samples) * MOST_MISSING
    ]
    # The one with the fewest holes; of equals the one in which R stands out.
    return min(
        usable,
        key=lambda lead: (strip.leads[lead].count(MISSING), _BEST.index(lead) if lead in _BEST else len(_BEST)),
        default=None,
    )


def _detect(samples: Samples, rate_hz: float) -> Any:
    import numpy as np
    from sleepecg.heartbeats import detect_heartbeats

    return detect_heartbeats(np.array(samples, dtype=float), rate_hz)
