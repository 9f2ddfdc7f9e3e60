"""One cart, terminal or monitor: the face that programs see of everything in this package."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from wardlink import topics
from wardlink.clock import SystemClock
from wardlink.codes.cards import ShownCard
from wardlink.credential import Credential
from wardlink.device.bills import Bills
from wardlink.device.consult_times import ConsultTimes
from wardlink.device.ecg import MyEcg
from wardlink.device.entries import Entry
from wardlink.device.family import FamilyDoor
from wardlink.device.gate import Door, Gate
from wardlink.device.http import CardFound, ServerHttp, WardHttp
from wardlink.device.intake import Intake
from wardlink.device.journal import Journal
from wardlink.device.outbox import Outbox
from wardlink.device.repair import Repairer
from wardlink.device.replica import Replica
from wardlink.device.results import MyResults
from wardlink.device.status import DeviceEvent, Replaced, SyncStatus
from wardlink.device.store import Store, get, put
from wardlink.device.sync import Sync
from wardlink.device.till import Till
from wardlink.device.voice import Voice
from wardlink.errors import SignInFailed, Unreachable
from wardlink.link.port import Link, LinkSettings, Will, client_id
from wardlink.messages import status
from wardlink.messages.audit import AuditAction, AuditEvent
from wardlink.messages.base import Actor, Message
from wardlink.messages.calls import CallNotice
from wardlink.messages.changes import StaffView
from wardlink.messages.commands import Command
from wardlink.messages.encounters import EncounterView

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SignedIn:
    """A member of staff at this device. `token` None: the server was away, `checked_at` says when it last agreed."""

    staff: StaffView
    token: str | None
    offline: bool
    checked_at: datetime


class Device:
    """A device's half of the ward link. Everything but `sign_in` and `open_bedside` works at once, without a network.

    Methods may be called from any thread; those that write wait for the disk, so not from a screen's loop.

    Raises:
        Collision: another program already runs on this folder.
        Misconfigured: the folder cannot be used.
    """

    def __init__(
        self,
        folder: Path,
        credential: Credential,
        *,
        clock: SystemClock | None = None,
        link: Link | None = None,
        http: WardHttp | None = None,
    ) -> None:
        self.credential = credential
        self.clock = clock or SystemClock()
        self._store = Store(folder)
        self._load_offset()
        self.replica = Replica(self._store)
        self.outbox = Outbox(self._store, ward=credential.ward, device=credential.device)
        self._journal = Journal(self._store, self.outbox, Intake(ward=credential.ward, bed=credential.bed))
        self._gate = Gate(self._store)
        self._http = http or ServerHttp(credential)
        self.till = Till(self._http)
        self.bills = Bills(self._http)
        self.voice = Voice(self._http)
        self.consult_times = ConsultTimes(self._http)
        self.results = MyResults(self._http)
        self.ecg = MyEcg(self._http)
        self.family = FamilyDoor(self._http, credential)
        self._given_link = link
        self._listeners: list[Callable[[DeviceEvent], None]] = []
        self._listening = threading.Lock()
        self._started = False
        self._sync = Sync(
            credential,
            self._journal,
            self.outbox,
            self.clock,
            make_link=self._make_link,
            emit=self._emit,
            missed=self._missed,
            keep_offset=self._keep_offset,
        )
        self._repairer = Repairer(
            self._journal,
            self._http,
            self.clock,
            emit=self._emit,
            answered=self._sync.answered,
            unsent_again=self._sync.begin_again,
            name=credential.device,
        )

    def start(self) -> None:
        """Begin to keep in step with the ward, in the background."""
        self._started = True
        self._sync.start()
        if self.credential.kind != "monitor":
            self._repairer.start()

    def stop(self) -> None:
        """Say goodbye to the ward and let go of the folder. What is unsent stays and is sent the next time."""
        if self._started:
            self._repairer.stop()
            self._sync.stop()
        else:
            self._http.close()
        self._store.close()

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
        """Save one thing that happened or is asked for. It is on this device's disk when this returns.

        Raises:
            MessageTooLarge: over 64 KiB.
            InvalidInput: text that no message can hold.
            StoreFailed: the disk did not take it; nothing was saved.
        """
        return self.record_all([Entry(kind, body, actor, encounter, bed, measured_at)])[0]

    def record_all(self, entries: Sequence[Entry]) -> list[Command]:
        """Save several things in one go: all of them, or none if it raises. See `record`."""
        commands = self._journal.record(entries, self.clock.now())
        self._sync.wake()
        return commands

    def notify_call(self, notice: CallNotice) -> bool:
        """Ring the ward's carts directly, besides the command; False if the broker cannot be reached."""
        payload = notice.model_dump_json(exclude_none=True).encode()
        return self._sync.publish(topics.calls(self.credential.ward, notice.bed), payload)

    def status(self) -> SyncStatus:
        """How this device stands to the ward, now."""
        return SyncStatus(
            online=self._sync.online,
            server_alive=self._sync.server_alive,
            credential_refused=self._sync.refused or self._repairer.refused,
            synced_at=self._sync.synced_at or self.replica.as_of,
            seq=self.replica.seq,
            outbox=self.outbox.depth(),
            refused=self.outbox.trouble(),
            oldest_unsent_at=self.outbox.oldest_unsent_at(),
            clock_offset_s=self._sync.clock_offset_s,
            offline_since=self._sync.offline_since,
        )

    def subscribe(self, listener: Callable[[DeviceEvent], None]) -> Callable[[], None]:
        """Call `listener` with everything that happens, from background threads; returns how to end it."""
        with self._listening:
            self._listeners = [*self._listeners, listener]

        def end() -> None:
            with self._listening:
                self._listeners = [kept for kept in self._listeners if kept is not listener]

        return end

    def acknowledge_refused(self, command_id: str, *, by: Actor, note: str) -> None:
        """A person has dealt with a refused or parked command.

        Raises:
            NotFound: there is no such command that waits for a person.
        """
        self.outbox.acknowledge_refused(command_id, by=by, note=note, now=self.clock.now())

    def sign_in(self, badge: str, pin: str) -> SignedIn:
        """Let a member of staff in: asks the server, or this device's memory while the server is away.

        Waits for the network up to a few seconds.

        Raises:
            SignInFailed: wrong, or slowed after wrong tries.
            Unreachable: the server is away and has not checked this badge here within the last 12 hours.
            NotAllowed: the server does not know this device.
        """
        now = self.clock.now()
        try:
            answer = self._http.sign_in(badge, pin)
        except Unreachable:
            said, checked_at = self._offline(Door.STAFF, badge, pin)
            staff = StaffView.model_validate_json(said)
            self._audit("sign-in-offline", Actor(kind="staff", id=staff.id))
            return SignedIn(staff, None, True, checked_at)
        self._gate.remember(Door.STAFF, badge, pin, answer.staff.model_dump_json().encode(), now)
        return SignedIn(answer.staff, answer.token, False, now)

    def open_bedside(self, admission_no: str, second: str) -> EncounterView:
        """Open the stay in this terminal's bed: asks the server, or this device's memory while it is away.

        Raises:
            SignInFailed: this does not match the patient in this bed, or slowed after wrong tries.
            Unreachable: the server is away and nobody has opened this stay here within the last 12 hours.
        """
        try:
            found = self._http.open_bedside(admission_no, second)
        except Unreachable:
            said, _ = self._offline(Door.BEDSIDE, admission_no, second)
            found = self._still_here(said.decode())
            self._audit("open-bedside", self._own_actor(), encounter=found.id)
            return found
        self._gate.remember(Door.BEDSIDE, admission_no, second, found.id.encode(), self.clock.now())
        return found

    def find_by_card(self, card: ShownCard, *, by: Actor) -> CardFound:
        """Whose card was shown to this cart. Only the server can say; nothing of it is kept here.

        Raises:
            SignInFailed: slowed after wrong ones.
            Unreachable: the server is away, or what it must ask is.
            NotAllowed: the server does not know this device, or this person.
        """
        return self._http.find_by_card(card, by.id)

    def open_by_card(self, card: ShownCard) -> EncounterView:
        """Open the stay in this terminal's bed by a card. Only the server can; nothing of it is kept here.

        Raises:
            SignInFailed: it is not the card of who lies here, or slowed after wrong ones.
            Unreachable: the server is away, or what it must ask is.
        """
        return self._http.open_by_card(card)

    def wipe(self) -> None:
        """Take everything about patients off this disk, for good; unsent commands stay until they are answered."""
        self._journal.wipe()
        self._sync.synced_at = None
        self._emit(Replaced(0))
        self._audit("wipe", self._own_actor())
        self._missed(True)

    def _offline(self, door: Door, name: str, secret: str) -> tuple[bytes, datetime]:
        try:
            return self._gate.check(door, name, secret, self.clock.now())
        except SignInFailed:
            self._audit("sign-in-failed", self._own_actor())
            raise

    def _still_here(self, encounter: str) -> EncounterView:
        found = self.replica.encounter(encounter)
        bed = self.credential.bed
        if found is None or found.status != "in-progress" or found.bed != bed or found.ward != self.credential.ward:
            raise SignInFailed
        return found

    def _own_actor(self) -> Actor:
        return Actor(kind="device", id=self.credential.device)

    def _audit(self, action: AuditAction, actor: Actor, *, encounter: str | None = None) -> None:
        what = f"at {self.credential.device}"
        self.record("audit.event", AuditEvent(action=action, what=what), actor=actor, encounter=encounter)

    def _emit(self, event: DeviceEvent) -> None:
        for listener in self._listeners:
            try:
                listener(event)
            except Exception:
                # A screen that fails must not stop the sync behind it.
                log.exception("a listener of %s failed", self.credential.device)

    def _missed(self, snapshot: bool) -> None:
        self._repairer.ask(snapshot)

    def _load_offset(self) -> None:
        with self._store.read() as conn:
            found = get(conn, "clock_offset_s")
        if found is not None:
            self.clock.offset_s = float(found)

    def _keep_offset(self, offset_s: float) -> None:
        with self._store.write() as conn:
            put(conn, "clock_offset_s", repr(offset_s))

    def _make_link(self) -> Link:
        if self._given_link is not None:
            return self._given_link
        # The MQTT client takes a while to import; the first picture on the screen does not wait for it.
        from wardlink.link.paho_link import PahoLink

        return PahoLink(link_settings(self.credential))


def link_settings(credential: Credential) -> LinkSettings:
    """How a device with this credential connects: its last will says that it is lost."""
    lost = status.encode(status.DeviceStatus(online=False))
    return LinkSettings(
        host=credential.broker_host,
        port=credential.broker_port,
        client_id=client_id(credential.device, credential.secret),
        username=credential.device,
        password=credential.secret,
        will=Will(topics.status(credential.ward, credential.device), lost),
        tls=credential.broker_tls,
    )
