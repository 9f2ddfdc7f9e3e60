"""Before a command is applied: who may say this, has it been seen, and is it the next one?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from server.census import KnownDevice
from server.handlers import Handler
from server.identity.models import DeviceCursor
from wardlink.errors import NotAllowed
from wardlink.i18n import N_
from wardlink.messages.commands import Command

_CURSOR: Table = DeviceCursor.__table__  # type: ignore[attr-defined]

Stream = tuple[str, str]
"""A device and one of its streams."""


def may_say(device: KnownDevice | None, command: Command, handler: Handler) -> None:
    """Check that this device may send this kind of command for this bed.

    Raises:
        NotAllowed: unknown, revoked, of the wrong kind, or a terminal that speaks for another bed.
    """
    if device is None or device.revoked:
        raise NotAllowed(N_("The device {device} is not enrolled here."), device=command.device)
    if device.kind not in handler.devices:
        raise NotAllowed(N_("A {kind} may not send {command}."), kind=device.kind, command=command.kind)
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

    def move(self, stream: Stream, next_n: int) -> None:
        """The stream has come this far, if the transaction commits."""
        self._moved[stream] = next_n

    def write(self, conn: Connection) -> None:
        """Write what has moved, inside the transaction."""
        if not self._moved:
            return
        dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(_CURSOR)
        conn.execute(
            statement.on_conflict_do_update(
                index_elements=["device", "stream"], set_={"next_n": statement.excluded.next_n}
            ),
            [{"device": d, "stream": s, "next_n": n} for (d, s), n in self._moved.items()],
        )

    def committed(self) -> None:
        """The transaction has committed."""
        self._next.update(self._moved)
        self._moved.clear()

    def failed(self) -> None:
        """The transaction has failed: nothing moved."""
        self._moved.clear()
