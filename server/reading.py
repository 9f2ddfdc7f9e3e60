"""From bytes off the wire to a command with a typed body, or to the reason why not."""

from __future__ import annotations

import hashlib
import json
from typing import NamedTuple

from wardlink import topics
from wardlink.clock import from_micros
from wardlink.errors import MessageTooLarge, MessageUnreadable, WardlinkError
from wardlink.link.port import Incoming
from wardlink.messages.base import Message
from wardlink.messages.bodies import parse_body
from wardlink.messages.commands import Command, decode


class Read(NamedTuple):
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
            fault = MessageUnreadable(detail=f"sent on the topic of {device[:40]}, says it is of {command.device}")
            return Read(incoming, device, None, None, fault)
        return Read(incoming, device, command, parse_body(command.kind, command.body), None)
    except (MessageUnreadable, MessageTooLarge) as fault:
        return Read(incoming, device, command or _salvage(incoming), None, fault)


def _salvage(incoming: Incoming) -> Command | None:
    # A message whose name and number can be read uses up its number, so that those behind it are not held up.
    try:
        # The standard library reads what our own reader refuses: half surrogates, and numbers that are none.
        fields = json.loads(incoming.payload.decode(errors="replace"), strict=False)
        named = {name: fields[name] for name in _NEEDED} | {"base": fields.get("base", 1)}
        command = Command.model_validate({**_UNKNOWN, **named, "actor": {"kind": "device", "id": named["device"]}})
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return None
    return command if incoming.topic == topics.up(command.ward, command.device) else None


_NEEDED = ("id", "ward", "device", "stream", "n")
_UNKNOWN = {"kind": "unreadable", "measured_at": from_micros(0), "entered_at": from_micros(0), "body": {}}


def digest(incoming: Incoming) -> str:
    """The name of a message in the table of parked ones."""
    return hashlib.sha256(incoming.topic.encode(errors="replace") + b"\0" + incoming.payload).hexdigest()
