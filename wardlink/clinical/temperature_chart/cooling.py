"""Which temperature was taken after a cooling, and which one before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from wardlink.clinical.temperature_chart.conventions import Conventions
from wardlink.clinical.temperature_chart.facts import Event, Measurement


@dataclass(frozen=True)
class Cooled:
    """`root` is the measurement whose column both share: `before`, or what stood before an earlier cooling."""

    root: Measurement
    before: Measurement
    after: Measurement


def cooled(measurements: Iterable[Measurement], events: Iterable[Event], by: Conventions) -> list[Cooled]:
    """Each cooling with the temperature before it and the first one in the time in which it is measured again."""
    warm = sorted((m for m in measurements if m.temp_c is not None), key=lambda m: m.at)
    found: list[Cooled] = []
    for given in sorted((e for e in events if e.kind == "cooling"), key=lambda e: e.at):
        begin_at = given.at + timedelta(minutes=by.after_cooling_from_min)
        end_at = given.at + timedelta(minutes=by.after_cooling_until_min)
        before = next((m for m in reversed(warm) if m.at <= given.at), None)
        after = next((m for m in warm if begin_at <= m.at <= end_at), None)
        if before is None or after is None or any(one.after is after for one in found):
            continue
        earlier = next((one for one in found if one.after is before), None)
        found.append(Cooled(earlier.root if earlier else before, before, after))
    return found
