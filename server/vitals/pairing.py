"""Which stay a monitor's values belong to: the one it was paired with, by two scans, when they were measured."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Table, update

from server.actors import staff_only
from server.batch import Batch
from server.handlers import Handler
from server.identity.models import Device
from server.record.collisions import note_place_and_time
from server.record.writing import fold_in
from wardlink.messages.commands import Command
from wardlink.messages.pairings import EndPairing, PairMonitor
from wardlink.record.pairings import PAIRING

_DEVICE: Table = Device.__table__  # type: ignore[attr-defined]


def pair(batch: Batch, command: Command, body: PairMonitor) -> int:
    """A monitor stands at this patient from now on; scans too far apart show nothing and open an exception."""
    staff_only(command)
    folded = fold_in(batch, PAIRING, command, body)
    note_place_and_time(batch, command, ward=folded.ward, resident=folded.resident)
    if body.holds:
        _stands_at(batch, body.monitor, command.encounter, command.measured_at)
    else:
        batch.exception(
            "pairing-unsure",
            ward=folded.ward,
            command=command,
            encounter=command.encounter,
            bed=command.bed,
            monitor=body.monitor,
        )
    return folded.seq


def unpair(batch: Batch, command: Command, body: EndPairing) -> int:
    """The monitor stands at nobody from now on."""
    staff_only(command)
    folded = fold_in(batch, PAIRING, command, body)
    note_place_and_time(batch, command, ward=folded.ward, resident=folded.resident)
    if folded.after is not None:
        _stands_at(batch, folded.after.monitor, None, command.measured_at)
    return folded.seq


def paired_stay(batch: Batch, monitor: str, at: datetime) -> str | None:
    """The stay that this monitor stood at when it measured, as far as its last pairing tells."""
    device = batch.census.device(batch.conn, monitor)
    if device is None or device.paired_at is None or at < device.paired_at:
        return None
    return device.paired_with


def _stands_at(batch: Batch, monitor: str, encounter: str | None, at: datetime) -> None:
    # The scan that was made last holds, whichever cart is heard first.
    newer = _DEVICE.c.paired_at.is_(None) | (_DEVICE.c.paired_at <= at)
    batch.conn.execute(
        update(_DEVICE).where(_DEVICE.c.id == monitor, newer).values(paired_with=encounter, paired_at=at)
    )
    batch.census.forget_device(monitor)


HANDLERS = {"monitor.pair": Handler(pair), "monitor.unpair": Handler(unpair)}
