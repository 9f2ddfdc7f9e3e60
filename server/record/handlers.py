"""The handler of every command of the ward record that needs nothing of its own."""

from __future__ import annotations

from typing import Any

from server.actors import staff_only
from server.batch import Batch
from server.handlers import Handler
from server.record.collisions import note_place_and_time
from server.record.writing import fold_in
from wardlink.messages.commands import Command
from wardlink.record.kinds import BY_COMMAND


def keep(batch: Batch, command: Command, body: Any) -> int:
    """Keep a fact that staff report, and open an exception where it does not fit what we know.

    Raises:
        NotAllowed: a patient or a device by itself says it.
    """
    staff_only(command)
    folded = fold_in(batch, BY_COMMAND[command.kind], command, body)
    note_place_and_time(batch, command, ward=folded.ward, resident=folded.resident)
    return folded.seq


_SUBJECTS = ("round", "chart-event", "fluid", "observation")

HANDLERS = {f"{subject}.{act}": Handler(keep) for subject in _SUBJECTS for act in ("record", "strike")}
