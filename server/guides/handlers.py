"""What the server says of the guides is kept like everything else."""

from __future__ import annotations

from typing import Any

from server.batch import Batch
from server.handlers import Handler
from server.record.writing import fold_in
from wardlink.messages.commands import Command
from wardlink.record.guides import GUIDES


def keep(batch: Batch, command: Command, body: Any) -> int:
    """Keep what the server says of its guides."""
    return fold_in(batch, GUIDES, command, body).seq


HANDLERS = {"guides.set": Handler(keep, devices=frozenset())}
