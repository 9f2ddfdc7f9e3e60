"""From a monitor's sample to the fact that goes up: leads that were off and impossible values told apart."""

from __future__ import annotations

from datetime import datetime

from wardlink.clinical.leads import split_monitor_sample
from wardlink.clinical.vitals import VitalSet
from wardlink.device import Entry
from wardlink.messages.base import Actor
from wardlink.messages.vitals import RecordVitals
from workbench.replay.recording import Recording, Sample


def entry_of(
    sample: Sample, recording: Recording, *, start_at: datetime, device: str, encounter: str, bed: str | None
) -> Entry | None:
    """What the monitor `device` reports of this sample; None if it showed nothing at all."""
    found = split_monitor_sample(sample.raw)
    if not (found.readings or found.lead_off or found.artefacts):
        return None
    body = RecordVitals(
        readings=VitalSet(**found.readings),  # type: ignore[arg-type]
        source="monitor",
        lead_off=found.lead_off,
        artefacts=found.artefacts,
        interval_s=recording.interval.total_seconds(),
    )
    at = start_at + (sample.at - recording.samples[0].at)
    return Entry("vitals.record", body, Actor(kind="device", id=device), encounter, bed, at)
