"""Sets of vital signs as the readings of one curve: struck ones left out, leads that were off kept apart."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from wardlink.clinical.freshness import monitor_expected_every
from wardlink.messages.vitals import VitalsRecorded
from wardlink.terminal.plot import Reading

MANUAL_JOINS = timedelta(hours=26)
"""Values that a nurse took are joined over a day and a bit, so that once-daily rounds make a line."""


def readings_of(sets: Iterable[VitalsRecorded], name: str) -> tuple[Reading, ...]:
    """What the sets, oldest first, say about the reading `name`.

    A lead that was off, a reason why nothing was measured, and a monitor's silence break the line. A set that
    was struck out is not drawn.
    """
    readings: list[Reading] = []
    before: VitalsRecorded | None = None
    for found in sets:
        if found.struck_at is not None:
            continue
        value = getattr(found.readings, name)
        off = name in found.lead_off
        if value is None and not off and name not in found.not_measured:
            continue
        if before is not None and _was_silent(before, found, name):
            readings.append(Reading(before.measured_at, None))
        readings.append(Reading(found.measured_at, value, off))
        before = found
    return tuple(readings)


def _was_silent(before: VitalsRecorded, after: VitalsRecorded, name: str) -> bool:
    if before.source != "monitor" or after.source != "monitor":
        return False
    return after.measured_at - before.measured_at > monitor_expected_every(before.interval_s, name)
