"""Keeps what a ward has decided for itself; only the server's own entrances may say it."""

from __future__ import annotations

from typing import Any

from server.actors import staff_only
from server.batch import Batch
from server.handlers import Handler
from server.record.writing import fold_in
from wardlink.messages.commands import Command
from wardlink.record.ward_settings import WARD_SETTING


def keep(batch: Batch, command: Command, body: Any) -> int:
    """Keep the decision and tell the ward's devices.

    Raises:
        NotAllowed: a patient or a device by itself says it.
    """
    staff_only(command)
    return fold_in(batch, WARD_SETTING, command, body).seq


HANDLERS = {"ward-setting.set": Handler(keep, request=True, devices=frozenset())}
