"""What the server says of the lessons is kept like everything else."""

from __future__ import annotations

from typing import Any

from server.batch import Batch
from server.handlers import Handler
from server.record.writing import fold_in
from wardlink.messages.commands import Command
from wardlink.record.lesson_texts import LESSONS


def keep(batch: Batch, command: Command, body: Any) -> int:
    """Keep what the server says of its lessons."""
    return fold_in(batch, LESSONS, command, body).seq


HANDLERS = {"lessons.set": Handler(keep, devices=frozenset())}
