"""Counts of the ingest, read by the metrics endpoint and the benches. One thread writes them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class IngestCounters:
    """What has come in since the start; `busy_s` is the time spent in batches, commits included."""

    messages: int = 0
    batches: int = 0
    parked: int = 0
    gaps: int = 0
    dropped: int = 0
    failed_batches: int = 0
    busy_s: float = 0.0

    def add(self, messages: int, busy_s: float) -> None:
        """One more batch has been committed."""
        self.messages += messages
        self.batches += 1
        self.busy_s += busy_s
