"""Commands: what a device reports (a fact) or asks (a request).

A command is numbered without gaps inside the `stream` of the device that made it, so that the server can keep
its order and notice a hole; and it has an id of its own, so that it is applied once however often it comes.
"""

from __future__ import annotations

import re
from typing import Any

import orjson
from pydantic import Field, ValidationError

from wardlink.errors import MessageTooLarge, MessageUnreadable
from wardlink.ids import Id, Slug
from wardlink.messages.base import MAX_MESSAGE_BYTES, VERSION, Actor, Instant, Message

MAX_NUMBER = 2**53 - 1
"""The highest number of a command: what every database, and JSON in every language, counts exactly."""

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class Command(Message):
    """One thing that happened at, or is asked by, one device.

    `measured_at` is when it happened, `entered_at` when it was typed or taken over; the server adds when it
    received it. `base` is the lowest number that the device can still send: a server that waits for an
    earlier one has lost what lay between, and must say so instead of waiting for ever.
    """

    v: int = Field(default=VERSION, ge=VERSION, le=VERSION)
    id: Id
    kind: str = Field(max_length=40)
    ward: Slug
    device: Slug
    stream: Id
    n: int = Field(ge=1, le=MAX_NUMBER)
    base: int = Field(default=1, ge=1, le=MAX_NUMBER)
    actor: Actor
    encounter: Id | None = None
    bed: Slug | None = None
    measured_at: Instant
    entered_at: Instant
    body: dict[str, Any]


def encode(command: Command) -> bytes:
    """The bytes that go into the outbox and onto the wire.

    Raises:
        MessageTooLarge: over 64 KiB; refused here, on the device, where somebody can still shorten it.
        MessageUnreadable: a text with a NUL character.
    """
    payload = orjson.dumps(command.model_dump(mode="json", exclude_none=True))
    if len(payload) > MAX_MESSAGE_BYTES:
        raise MessageTooLarge(size=len(payload), limit=MAX_MESSAGE_BYTES)
    _refuse_nul(payload)
    return payload


def decode(payload: bytes) -> Command:
    """Read a command's envelope; its body is read by `wardlink.messages.bodies`.

    Raises:
        MessageTooLarge: over 64 KiB.
        MessageUnreadable: not JSON, another version, a text with a NUL character, or an envelope with wrong
            fields (named, without values).
    """
    if len(payload) > MAX_MESSAGE_BYTES:
        raise MessageTooLarge(size=len(payload), limit=MAX_MESSAGE_BYTES)
    _refuse_nul(payload)
    try:
        return Command.model_validate_json(payload)
    except ValidationError as exc:
        raise MessageUnreadable(detail=faults(exc)) from exc


def holds_nul(payload: bytes) -> bool:
    """Whether a text in this JSON has a NUL character: nobody can type it, and not every database keeps it."""
    return b"\\u0000" in payload and _NUL.search(payload) is not None


def _refuse_nul(payload: bytes) -> None:
    if holds_nul(payload):
        raise MessageUnreadable(detail="a text holds a NUL character")


def faults(exc: ValidationError) -> str:
    """Where a message is wrong and how, without any of its values: they may be a patient's."""
    return "; ".join(
        f"{'.'.join(map(str, e['loc'])) or 'message'}: {e['type']}"
        for e in exc.errors(include_url=False, include_context=False, include_input=False)[:5]
    )
