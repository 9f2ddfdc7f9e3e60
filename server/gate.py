"""Before a command is applied: who may say this, has it been seen, and is it the next one?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, select
from sqlmodel import col

from server.census import KnownDevice
from server.handlers import Handler
from server.identity.models import DeviceCursor
from server.writing import write_cursors
from wardlink.errors import NotAllowed
from wardlink.i18n import N_
from wardlink.messages.commands import Command

Stream = tuple[str, str]
"""A device and one of its streams."""


def may_say(device: KnownDevice | None, command: Command, handler: Handler) -> None:
    """Check that this device may send this kind of command, for this ward and bed, in this name.

    Raises:
        NotAllowed: unknown, revoked, of another ward or the wrong kind, a terminal that speaks for another bed,
            or a device that claims to be the server or another device.
    """
    if device is None or device.revoked:
        raise NotAllowed(N_("The device {device} is not enrolled here."), device=command.device)
    if device.ward != command.ward:
        raise NotAllowed(N_("The device {device} belongs to another ward."), device=command.device)
    if device.kind not in handler.devices:
        raise NotAllowed(N_("A {kind} may not send {command}."), kind=device.kind, command=command.kind)
    actor = command.actor
    if actor.kind == "system" or (actor.kind == "device" and actor.id != device.id):
        raise NotAllowed(N_("The device {device} may not act in the name of {actor}."), device=device.id, actor=actor)
    if device.kind == "terminal" and command.bed not in (None, device.bed):
        raise NotAllowed(N_("The terminal of bed {bed} speaks for its own bed only."), bed=str(device.bed))


@dataclass
class Cursors:
    """The next number of every stream: kept in memory, written with each batch."""

    _next: dict[Stream, int] = field(default_factory=dict)
    _moved: dict[Stream, int] = field(default_factory=dict)

    def load(self, conn: Connection, streams: Iterable[Stream]) -> None:
        """Know these streams before they are asked for."""
        unknown = {stream for stream in streams if stream not in self._next}
        for start in range(0, len(devices := sorted({device for device, _ in unknown})), 500):
            rows = conn.execute(
                select(col(DeviceCursor.device), col(DeviceCursor.stream), col(DeviceCursor.next_n)).where(
                    col(DeviceCursor.device).in_(devices[start : start + 500])
                )
            )
            self._next.update({(device, stream): next_n for device, stream, next_n in rows})
        for stream in unknown:
            self._next.setdefault(stream, 1)

    def next(self, stream: Stream) -> int:
        """The number that the next command of this stream must have."""
        return self._moved.get(stream) or self._next[stream]

    def known(self, stream: Stream) -> int | None:
        """The same as `next`, or None if this stream has not been asked for yet."""
        return self._moved.get(stream) or self._next.get(stream)

    def move(self, stream: Stream, next_n: int) -> None:
        """The stream has come this far, if the transaction commits."""
        self._moved[stream] = next_n

    def write(self, conn: Connection) -> None:
        """Write what has moved, inside the transaction."""
        if not self._moved:
            return
        write_cursors(conn, [(device, stream, n) for (device, stream), n in self._moved.items()])

    def committed(self) -> None:
        """The transaction has committed."""
        self._next.update(self._moved)
        self._moved.clear()

    def failed(self) -> None:
        """The transaction has failed: nothing moved."""
        self._moved.clear()
