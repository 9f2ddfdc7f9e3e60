"""From a monitor's sample to the fact that goes up: leads that were off and impossible values told apart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from wardlink.clinical.leads import split_monitor_sample
from wardlink.clinical.vitals import VitalSet
from wardlink.device import Entry
from wardlink.messages.base import Actor
from wardlink.messages.vitals import RecordVitals
from workbench.replay.recording import Recording, Sample


def monitor_entry(
    raw: Mapping[str, float | None],
    at: datetime,
    interval: timedelta,
    *,
    device: str,
    encounter: str | None,
    bed: str | None,
) -> Entry | None:
    """What the monitor `device` reports of the numbers that it shows; None if it shows nothing at all."""
    found = split_monitor_sample(raw)
    if not (found.readings or found.lead_off or found.artefacts):
        return None
    body = RecordVitals(
        readings=VitalSet(**found.readings),  # type: ignore[arg-type]
        source="monitor",
        lead_off=found.lead_off,
        artefacts=found.artefacts,
        interval_s=interval.total_seconds(),
    )
    return Entry("vitals.record", body, Actor(kind="device", id=device), encounter, bed, at)


def entry_of(
    sample: Sample, recording: Recording, *, start_at: datetime, device: str, encounter: str, bed: str | None
) -> Entry | None:
    """What the monitor `device` reports of this sample of a recording that began at `start_at`."""
    at = start_at + (sample.at - recording.samples[0].at)
    return monitor_entry(sample.raw, at, recording.interval, device=device, encounter=encounter, bed=bed)
