"""Pairings: which patient a monitor stands at, shown by two scans within a minute (ward domain sheet 1.2, rule 12)."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field

from wardlink.ids import Id, Slug
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.records import RecordView

PAIRED_WITHIN = timedelta(seconds=60)
"""Wristband and monitor are scanned no further apart than this."""


class PairMonitor(Message):
    """Fact: a nurse scanned the patient's wristband and the monitor's tag. Whose stands in the envelope."""

    monitor: Slug
    wristband_at: Instant
    monitor_at: Instant

    @property
    def holds(self) -> bool:
        """Whether the two scans are close enough to show that the monitor stands at this patient."""
        return abs(self.monitor_at - self.wristband_at) <= PAIRED_WITHIN


class EndPairing(Message):
    """Fact: the monitor was taken off the patient."""

    pairing: Id
    reason: str | None = Field(default=None, min_length=1, max_length=200)


class PairingView(RecordView):
    """Change `pairing.changed`. `holds` is False where the scans were too far apart: then nothing follows from it."""

    monitor: Slug
    paired_at: Instant
    holds: bool
    by: Actor
    by_name: str | None = None
    ended_at: Instant | None = None
    ended_by: Actor | None = None
