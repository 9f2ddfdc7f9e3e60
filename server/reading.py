"""From bytes off the wire to a command with a typed body, or to the reason why not."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import orjson
from wardlink.link.port import Incoming

from wardlink import topics
from wardlink.errors import MessageTooLarge, MessageUnreadable, WardlinkError
from wardlink.messages.base import Message
from wardlink.messages.bodies import parse_body
from wardlink.messages.commands import Command, decode


@dataclass(frozen=True, slots=True)
class Read:
    """A message as far as it could be read. `fault` says what is wrong with it, `body` is None then.

    `command` may be known although the body is not: then its number is used up and its device is told.
    """

    incoming: Incoming
    device: str
    command: Command | None
    body: Message | None
    fault: WardlinkError | None


def read(incoming: Incoming) -> Read:
    """Read one message of an `up` topic. Never raises: what cannot be read is parked by the caller."""
    device = incoming.topic.rpartition("/")[2]
    command: Command | None = None
    try:
        command = decode(incoming.payload)
        if incoming.topic != topics.up(command.ward, command.device):
            fault = MessageUnreadable(detail=f"sent on the topic of {device}, says it is of {command.device}")
            return Read(incoming, device, None, None, fault)
        return Read(incoming, device, command, parse_body(command.kind, command.body), None)
    except (MessageUnreadable, MessageTooLarge) as fault:
        return Read(incoming, device, command or _salvage(incoming.payload, device), None, fault)


def _salvage(payload: bytes, device: str) -> Command | None:
    # A message with a readable envelope uses up its number, so that those behind it are not held up.
    try:
        fields = orjson.loads(payload)
        known = {name: fields[name] for name in Command.model_fields if name in fields}
        command = Command.model_validate_json(orjson.dumps({**known, "v": 1, "body": {}, "kind": "unreadable"}))
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return None
    return command if command.device == device else None


def digest(payload: bytes) -> str:
    """The name of a payload in the table of parked messages."""
    return hashlib.sha256(payload).hexdigest()
