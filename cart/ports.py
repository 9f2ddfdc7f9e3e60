"""What the cart's program needs of its device, and no more. `wardlink.device.Device` fits, and so does the sample."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from datetime import datetime

    from wardlink.clock import Clock
    from wardlink.codes.cards import ShownCard
    from wardlink.device import CardFound, DeviceEvent, Latest, OutboxEntry, SignedIn, SyncStatus
    from wardlink.messages.base import Actor, Message
    from wardlink.messages.calls import CallChanged
    from wardlink.messages.changes import BedView, StaffView
    from wardlink.messages.commands import Command
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.exceptions import ExceptionView
    from wardlink.messages.records import RecordView
    from wardlink.messages.vitals import VitalsRecorded
    from wardlink.record.kind import Kind

    V = TypeVar("V", bound=RecordView)


class Board(Protocol):
    """The ward as this cart holds it. Every method reads one consistent moment from this cart's disk."""

    @property
    def ward_name(self) -> str | None:
        """What the ward is called; None before the first snapshot."""

    @property
    def log(self) -> str | None:
        """Which log of the ward this cart follows; None before the first snapshot."""

    def beds(self) -> list[BedView]:
        """All beds, in the ward's order."""

    def staff(self) -> dict[str, StaffView]:
        """Members of staff, by id."""

    def encounters(self) -> list[EncounterView]:
        """The stays in progress, in the order of the beds."""

    def encounter(self, encounter: str) -> EncounterView | None:
        """One stay."""

    def departed(self) -> list[str]:
        """Stays that ended or moved away within the last day, by id."""

    def vitals(
        self, encounter: str, *, since: datetime | None = None, limit: int = 500, source: str | None = None
    ) -> list[VitalsRecorded]:
        """The newest sets of a stay, oldest first, struck ones included."""

    def nobodys(self, monitor: str) -> list[VitalsRecorded]:
        """The sets of a monitor that are no patient's, oldest first, without those that were struck out."""

    def latest(self, encounter: str) -> dict[str, Latest]:
        """The newest unstruck value of every reading of a stay."""

    def latest_of_all(self) -> dict[str, dict[str, Latest]]:
        """`latest` of every stay."""

    def leads_off(self, encounter: str) -> dict[str, datetime]:
        """Readings whose lead is off, and since when."""

    def records(
        self,
        kind: Kind[V],
        *,
        encounter: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[V]:
        """Things of one kind of the ward record in their order, of one stay or of the whole ward."""

    def record(self, kind: Kind[V], record: str) -> V | None:
        """One thing of the ward record."""

    def unsent_records(self, kind: Kind[V]) -> frozenset[str]:
        """The ids of things on which something of ours is not yet confirmed."""

    def calls(self) -> list[CallChanged]:
        """Calls, open and lately closed, oldest first."""

    def exceptions(self) -> list[ExceptionView]:
        """Exceptions that wait for a person, oldest first."""


class Unsent(Protocol):
    """This cart's own commands."""

    def entries(self) -> list[OutboxEntry]:
        """Everything without a receipt, and what was refused or parked, oldest first."""

    def command(self, command_id: str) -> Command | None:
        """One of them, whole; None once it is no longer kept."""


class Ward(Protocol):
    """The device of this cart. Methods that write wait for the disk, so they are called from workers only."""

    @property
    def clock(self) -> Clock:
        """The ward's time as this device knows it."""

    @property
    def replica(self) -> Board:
        """What is known of the ward."""

    @property
    def outbox(self) -> Unsent:
        """What this cart has said."""

    def record(
        self,
        kind: str,
        body: Message,
        *,
        actor: Actor,
        encounter: str | None = None,
        bed: str | None = None,
        measured_at: datetime | None = None,
    ) -> Command:
        """Save one thing that happened; it is on this cart's disk when this returns."""

    def acknowledge_refused(self, command_id: str, *, by: Actor, note: str) -> None:
        """A person has dealt with a refused command."""

    def sign_in(self, badge: str, pin: str) -> SignedIn:
        """Let a member of staff in."""

    def find_by_card(self, card: ShownCard, *, by: Actor) -> CardFound:
        """Whose card was shown; only the server can say."""

    def status(self) -> SyncStatus:
        """How this cart stands to the ward."""

    def subscribe(self, listener: Callable[[DeviceEvent], None]) -> Callable[[], None]:
        """Call `listener` with everything that happens, from other threads; returns how to end it."""

    def start(self) -> None:
        """Begin to keep in step with the ward."""

    def stop(self) -> None:
        """Let go of the device's folder."""
