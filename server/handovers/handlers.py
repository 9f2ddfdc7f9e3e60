"""Keeps hand-overs, reminders and assignments; some of them are about no patient but the ward."""

from __future__ import annotations

from typing import Any

from server.actors import staff_only
from server.batch import Batch
from server.handlers import Handler
from server.record.collisions import note_place_and_time
from server.record.writing import fold_in
from wardlink.messages.commands import Command
from wardlink.record.assignments import ASSIGNMENT
from wardlink.record.handovers import HANDOVER
from wardlink.record.kinds import BY_COMMAND
from wardlink.record.reminders import REMINDER

_OF_WARD = frozenset({ASSIGNMENT.name, HANDOVER.name})


def keep(batch: Batch, command: Command, body: Any) -> int:
    """Keep a fact that staff report, and open an exception where it does not fit what we know.

    Raises:
        NotAllowed: a patient or a device by itself says it.
    """
    staff_only(command)
    kind = BY_COMMAND[command.kind]
    folded = fold_in(batch, kind, command, body)
    note_place_and_time(batch, command, ward=folded.ward, resident=folded.resident, of_ward=kind.name in _OF_WARD)
    return folded.seq


HANDLERS = {command: Handler(keep) for kind in (REMINDER, ASSIGNMENT, HANDOVER) for command in kind.folds}
