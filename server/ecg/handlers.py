"""Strips are kept, read, reported and struck out: facts, never refused."""

from __future__ import annotations

from typing import Any

from server.actors import role_of
from server.batch import Batch
from server.handlers import Handler
from server.identity.roles import demand
from server.record.collisions import note_place_and_time
from server.record.handlers import keep
from server.record.writing import fold_in
from wardlink.errors import NotAllowed
from wardlink.messages.commands import Command
from wardlink.messages.ecg import RecordEcg
from wardlink.record.ecg import ECG


def record(batch: Batch, command: Command, body: RecordEcg) -> int:
    """Keep a strip whose parts have been told, and open an exception where it does not fit what we know.

    Raises:
        NotAllowed: a patient or family says it.
    """
    if command.actor.kind in ("patient", "family"):
        raise NotAllowed
    folded = fold_in(batch, ECG, command, body)
    note_place_and_time(batch, command, ward=folded.ward, resident=folded.resident)
    return folded.seq


def report(batch: Batch, command: Command, body: Any) -> int:
    """Add what a doctor says a strip shows, or whether its patient may see it.

    Raises:
        NotAllowed: nobody who may says it.
    """
    demand((role_of(batch, command.actor.id) if command.actor.kind == "staff" else None) or "", "ecg.report")
    return fold_in(batch, ECG, command, body).seq


HANDLERS = {
    # Samples do not fit in a message: strips come over HTTP only.
    "ecg.record": Handler(record, devices=frozenset()),
    "ecg.report": Handler(report, devices=frozenset()),
    "ecg.show": Handler(report, devices=frozenset()),
    "ecg.see": Handler(keep),
    "ecg.strike": Handler(keep),
}
