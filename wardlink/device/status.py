"""What a screen's status line and a device's heartbeat are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wardlink.messages.calls import CallNotice


@dataclass(frozen=True)
class SyncStatus:
    """How this device stands to the rest of the ward, at one instant.

    `online`: the broker is there. `server_alive`: the server itself was heard within the last seconds.
    `credential_refused`: somebody answers but does not know this device; an engineer has to enrol it again.
    `synced_at`: when we last knew that nothing of the ward is missing here (server's time; None: never);
    it is also what the data on the screen are as of. `outbox`: commands without a receipt; `refused`: refused
    or parked and not yet dealt with by a person. `offline_since`: None while broker and server are there.
    `clock_offset_s`: what is added to this machine's clock; None: never learnt.
    """

    online: bool
    server_alive: bool
    credential_refused: bool
    synced_at: datetime | None
    seq: int
    outbox: int
    refused: int
    oldest_unsent_at: datetime | None
    clock_offset_s: float | None
    offline_since: datetime | None

    @property
    def data_as_of(self) -> datetime | None:
        """The instant that the data of the other people are complete up to."""
        return self.synced_at


@dataclass(frozen=True)
class Connection:
    """Broker or server came or went."""

    online: bool
    server_alive: bool


@dataclass(frozen=True)
class Applied:
    """Changes were applied: of these kinds, to these stays."""

    kinds: frozenset[str]
    encounters: frozenset[str]


@dataclass(frozen=True)
class Settled:
    """Commands of ours were answered; `refused` names those that a person must look at."""

    commands: tuple[str, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True)
class Replaced:
    """The replica was begun anew from a snapshot, or wiped (`seq` 0): read everything again."""

    seq: int


@dataclass(frozen=True)
class CallHeard:
    """A bed calls, by its own notice, before the server has said anything."""

    notice: CallNotice


DeviceEvent = Connection | Applied | Settled | Replaced | CallHeard
