"""Topic names of the link: built and taken apart here only.

    wardlink/v1/{ward}/up/{device}          commands of one device
    wardlink/v1/{ward}/down/{device}        receipts for it
    wardlink/v1/{ward}/changes              what the server decided, for carts and the board
    wardlink/v1/{ward}/bed/{bed}/changes    the part of it that one bed's terminal may know
    wardlink/v1/{ward}/calls/{bed}          a call's direct way to the carts, without the server
    wardlink/v1/{ward}/alerts               alerts, beside the changes, so that they do not wait behind them
    wardlink/v1/{ward}/status/{device}      retained: alive or lost (last will); the server's is `server`

No level ever holds anything of a patient.
"""

from __future__ import annotations

from dataclasses import dataclass

from wardlink.errors import MessageUnreadable
from wardlink.ids import is_slug

ROOT = "wardlink/v1"
SERVER = "server"
"""The name under which the server shows whether it is alive; no device may have it."""


def up(ward: str, device: str) -> str:
    """Where `device` sends its commands."""
    return f"{ROOT}/{ward}/up/{device}"


def down(ward: str, device: str) -> str:
    """Where `device` hears its receipts."""
    return f"{ROOT}/{ward}/down/{device}"


def changes(ward: str) -> str:
    """Where carts hear what the server decided."""
    return f"{ROOT}/{ward}/changes"


def bed_changes(ward: str, bed: str) -> str:
    """Where the terminal of one bed hears what concerns it."""
    return f"{ROOT}/{ward}/bed/{bed}/changes"


def calls(ward: str, bed: str) -> str:
    """Where a bed's call goes directly to the ward's carts."""
    return f"{ROOT}/{ward}/calls/{bed}"


def alerts(ward: str) -> str:
    """Where carts hear of alerts before they have caught up."""
    return f"{ROOT}/{ward}/alerts"


def status(ward: str, device: str) -> str:
    """Where `device` (or `SERVER`) is said to be alive or lost."""
    return f"{ROOT}/{ward}/status/{device}"


@dataclass(frozen=True)
class Topic:
    """A topic taken apart. `name` is the device or the bed, empty for the ward's changes."""

    ward: str
    channel: str  # up, down, changes, bed, calls, alerts or status
    name: str = ""


_SHAPES = {("up", 2), ("down", 2), ("calls", 2), ("status", 2)}


def parse(topic: str) -> Topic:
    """Take a topic apart.

    Raises:
        MessageUnreadable: it is none of ours.
    """
    levels = topic.split("/")
    if levels[:2] == ["wardlink", "v1"] and len(levels) >= 4 and all(map(is_slug, levels[2:])):
        ward, channel, *rest = levels[2:]
        if (channel, len(rest) + 1) in _SHAPES:
            return Topic(ward, channel, rest[0])
        if channel in ("changes", "alerts") and not rest:
            return Topic(ward, channel)
        if channel == "bed" and len(rest) == 2 and rest[1] == "changes":
            return Topic(ward, channel, rest[0])
    raise MessageUnreadable(detail=f"no topic of ours: {topic[:80]!r}")
