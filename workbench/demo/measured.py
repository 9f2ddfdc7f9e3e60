"""Intake, output and single measurements with which the sample ward begins. Invented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from wardlink.messages.base import Actor, Message
from wardlink.messages.fluids import RecordFluid
from wardlink.messages.observations import RecordObservation

if TYPE_CHECKING:
    from server.core import Core

NURSE = Actor(kind="staff", id="n-wangmin")

# Bed, minutes ago, and what is said.
_SAID: tuple[tuple[str, int, Message], ...] = (
    ("12", 150, RecordFluid(direction="intake", kind="oral", volume_ml=200)),
    ("12", 120, RecordFluid(direction="output", kind="urine", volume_ml=320, manner="spontaneous", appearance="淡黄")),
    ("12", 90, RecordFluid(direction="intake", kind="food", volume_ml=180, estimated=True)),
    ("12", 40, RecordFluid(direction="output", kind="stool", times=1, manner="spontaneous")),
    ("10", 180, RecordFluid(direction="output", kind="urine", volume_ml=150, manner="catheter")),
    ("10", 60, RecordFluid(direction="output", kind="drain", volume_ml=60, site="左胸腔引流", appearance="血性")),
    ("10", 30, RecordFluid(direction="output", kind="urine", volume_ml=90, manner="catheter")),
    ("12", 100, RecordObservation(what="weight", value=62.5)),
    ("12", 99, RecordObservation(what="height", value=158)),
    ("12", 45, RecordObservation(what="glucose", value=6.1, slot="fasting")),
    ("12", 20, RecordObservation(what="pain", value=3, scale="nrs", place="右膝")),
    ("10", 50, RecordObservation(what="weight", value=70)),
    ("10", 25, RecordObservation(what="glucose", value=17.2, slot="random")),
)


def measure(core: Core, ward: str, stays: Mapping[str, str]) -> int:
    """Write the entries into a ward that has none yet; how many. `stays` by bed."""
    from server.record.service import records_of
    from wardlink.record.fluids import FLUID

    with core.db.read() as conn:
        if records_of(conn, FLUID, ward=ward, limit=1):
            return 0
    said = [row for row in _SAID if row[0] in stays]
    for bed, minutes, body in said:
        kind = "fluid.record" if isinstance(body, RecordFluid) else "observation.record"
        at = core.clock.now() - timedelta(minutes=minutes)
        core.execute(kind, body, ward=ward, actor=NURSE, encounter=stays[bed], bed=bed, measured_at=at)
    return len(said)
