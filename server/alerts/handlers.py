"""What people say about alerts: kept as it happened, and the time until the next step set anew."""

from __future__ import annotations

from functools import partial
from typing import Any

from server.actors import staff_only
from server.alerts.escalating import escalation_at
from server.alerts.rules import timed
from server.alerts.watch import keep_time
from server.batch import Batch
from server.handlers import Handler
from server.record.collisions import note_place_and_time
from server.record.writing import fold_in
from wardlink.messages.commands import Command
from wardlink.record.alerts import ALERT


def answer(batch: Batch, command: Command, body: Any) -> int:
    """Somebody takes an alert, gives it back, hands it on, is there, or has dealt with it.

    Raises:
        NotAllowed: no member of staff says it.
    """
    staff_only(command)
    then = partial(timed, now=batch.now, by=escalation_at(batch.conn, batch.now))
    folded = fold_in(batch, ALERT, command, body, then=then)
    if folded.after is not None:
        keep_time(batch, folded.ward, folded.after)
    note_place_and_time(batch, command, ward=folded.ward, resident=folded.resident, of_ward=True)
    return folded.seq


HANDLERS = {kind: Handler(answer, devices=frozenset({"cart"})) for kind in ALERT.folds}
