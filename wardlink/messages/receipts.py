"""Receipts: the server's answer to commands, sent after its transaction has committed.

One message answers many commands. It may be lost: the device then sends again and gets `already-applied`.
"""

from __future__ import annotations

from typing import Literal

import orjson
from pydantic import Field, ValidationError

from wardlink.errors import MessageUnreadable
from wardlink.ids import Id
from wardlink.messages.base import VERSION, Instant, Message
from wardlink.messages.commands import faults

Outcome = Literal["applied", "already-applied", "refused", "parked"]


class Receipt(Message):
    """What became of one command.

    `seq` is the change it made, where it made one. `refused` (a request) and `parked` (unreadable or
    impossible; kept whole for an operator) carry a code and a reason in words, in both languages.
    """

    id: Id
    outcome: Outcome
    seq: int | None = None
    code: str | None = None
    reason_zh: str | None = None
    reason_en: str | None = None


class Receipts(Message):
    """What goes to `down/{device}`. `at` is the server's clock; `expect` asks to send again from that number."""

    v: int = Field(default=VERSION, ge=VERSION, le=VERSION)
    at: Instant
    stream: Id | None = None
    expect: int | None = None
    receipts: tuple[Receipt, ...] = ()


def decode(payload: bytes) -> Receipts:
    """Read a message of `down/{device}`.

    Raises:
        MessageUnreadable: not JSON, another version, or wrong fields.
    """
    try:
        return Receipts.model_validate_json(payload)
    except ValidationError as exc:
        raise MessageUnreadable(detail=faults(exc)) from exc


def encode(message: Receipts) -> bytes:
    """The bytes for the wire."""
    return orjson.dumps(message.model_dump(mode="json", exclude_none=True))
