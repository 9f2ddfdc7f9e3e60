"""What a device says of itself on its retained `status` topic, every few seconds and at its end."""

from __future__ import annotations

import orjson
from pydantic import Field, ValidationError

from wardlink.errors import MessageUnreadable
from wardlink.messages.base import VERSION, Instant, Message
from wardlink.messages.commands import faults

HEARTBEAT_S = 4.0
"""How often a living device says so."""

SILENT_AFTER_S = 10.0
"""A device that has said nothing for so long is shown as silent: two missed heartbeats and a margin."""


class DeviceStatus(Message):
    """Alive or lost. The last will is `DeviceStatus(online=False)` without a time: nobody saw it happen."""

    v: int = Field(default=VERSION, ge=VERSION, le=VERSION)
    online: bool
    at: Instant | None = None
    outbox: int | None = None
    refused: int | None = None
    seq: int | None = None
    clock_offset_s: float | None = None
    version: str | None = None


def encode(message: DeviceStatus) -> bytes:
    """The bytes for the wire."""
    return orjson.dumps(message.model_dump(mode="json", exclude_none=True))


def decode(payload: bytes) -> DeviceStatus:
    """Read a status.

    Raises:
        MessageUnreadable: not JSON, another version, or wrong fields.
    """
    try:
        return DeviceStatus.model_validate_json(payload)
    except ValidationError as exc:
        raise MessageUnreadable(detail=faults(exc)) from exc
