"""The running heart of the server: what routes and pages are given to work with."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import structlog
from pydantic import ValidationError
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from server.answers import as_receipt, receipt
from server.batch import Batch, changes_of
from server.census import Census
from server.counters import IngestCounters
from server.db import Database
from server.fleet import Fleet
from server.handlers import all_handlers
from server.identity import audit
from server.identity.models import Device
from server.inbox import Inbox
from server.ingest import Ingest
from server.live import Live
from server.patients.models import Ward
from wardlink import topics
from wardlink.clock import Clock
from wardlink.errors import Collision, InvalidInput, MessageUnreadable, NotFound
from wardlink.i18n import N_
from wardlink.ids import new_id
from wardlink.link.port import Incoming, Link
from wardlink.messages import status
from wardlink.messages.base import Actor, Message
from wardlink.messages.bodies import parse_body
from wardlink.messages.commands import Command, encode, faults
from wardlink.messages.receipts import Receipt

log = structlog.get_logger(__name__)

HERE = "server"
"""The name that stands for the device in commands of the server's own entrances."""


class Core:
    """Database, ingest, live changes and fleet, wired to one link.

    `execute` is the entrance for HTTP and pages; devices come in through the link. `results_delay`: how long an
    ordinary laboratory result waits before its patient sees it. `on_results`: called with a ward when its results have
    changed, since no log tells of them.
    """

    def __init__(self, db: Database, clock: Clock, *, demo: bool = False) -> None:
        self.db = db
        self.clock = clock
        self.demo = demo
        self.results_delay = timedelta()
        self.census = Census()
        self.counters = IngestCounters()
        self.inbox = Inbox()
        self.fleet = Fleet(clock)
        self._link: Link | None = None
        self._terminal_beds: frozenset[tuple[str, str]] | None = None
        self.on_devices_changed: list[Callable[[], None]] = []
        self.on_beds_changed: list[Callable[[], None]] = []
        self.on_results: list[Callable[[str], None]] = []
        self.live = Live(self.send, self.terminal_beds)
        self.ingest = Ingest(db, self.inbox, self.live, self.send, clock, self.census, self.counters)
        self._beat = threading.Thread(target=self._heartbeat, name="heartbeat", daemon=True)
        self._stopping = threading.Event()

    @property
    def connected(self) -> bool:
        """Whether the broker is there now."""
        return self._link is not None and self._link.connected

    def start(self, link: Link) -> None:
        """Take over `link`, not yet started, and begin to work."""
        self._link = link
        link.on_messages = self._hear
        link.on_connection = self._connection
        link.subscribe([f"{topics.ROOT}/+/up/+", f"{topics.ROOT}/+/status/+"])
        self.live.start()
        self.ingest.start()
        link.start()
        self._beat.start()

    def stop(self) -> None:
        """Finish what is at hand, say that we end, and let go."""
        self._stopping.set()
        self.ingest.stop()
        self.live.stop()
        if self._link is not None:
            self._say_status(online=False)
            self._link.stop()
        self.db.close()

    def results_changed(self, ward: str) -> None:
        """Results of this ward have come or were decided about, and are committed."""
        for listener in self.on_results:
            listener(ward)

    def send(self, messages: Sequence[tuple[str, bytes]]) -> None:
        """Publish without waiting; what does not go out now is fetched or asked for again."""
        link = self._link
        if link is None:
            return
        for topic, payload in messages:
            link.publish(topic, payload)

    def execute(
        self,
        kind: str,
        body: Message,
        *,
        ward: str,
        actor: Actor,
        command_id: str | None = None,
        encounter: str | None = None,
        bed: str | None = None,
        measured_at: datetime | None = None,
    ) -> Receipt:
        """Apply one command of the server's own entrances, in a transaction of its own.

        The same `command_id` again changes nothing and gets `already-applied`.

        Raises:
            WardlinkError: what the handler raised; nothing was written.
        """
        command = self.command(
            kind,
            body,
            ward=ward,
            actor=actor,
            command_id=command_id,
            encounter=encounter,
            bed=bed,
            measured_at=measured_at,
        )
        with self.transaction() as batch:
            return self.apply(batch, command)

    def command(
        self,
        kind: str,
        body: Message,
        *,
        ward: str,
        actor: Actor,
        command_id: str | None = None,
        encounter: str | None = None,
        bed: str | None = None,
        measured_at: datetime | None = None,
    ) -> Command:
        """What one of the server's own entrances reports, as a device would.

        Raises:
            InvalidInput: a name that is none, a text that no message may hold, or too much of it.
        """
        now = self.clock.now()
        try:
            command = Command(
                id=command_id or new_id(),
                kind=kind,
                ward=ward,
                device=HERE,
                stream=_NO_STREAM,
                n=1,
                actor=actor,
                encounter=encounter,
                bed=bed,
                measured_at=measured_at or now,
                entered_at=now,
                body=body.model_dump(mode="json", exclude_none=True),
            )
        except ValidationError as exc:
            raise InvalidInput(detail=faults(exc)) from exc
        try:
            encode(command)
        except MessageUnreadable as exc:
            raise InvalidInput(N_("This text holds characters that cannot be shown.")) from exc
        return command

    @contextmanager
    def transaction(self, *, anew: bool = True) -> Iterator[Batch]:
        """A batch for the server's own entrances: commits at the end of the block, then tells what has changed.

        `anew`: look up who lies where before and after it. What changes nobody's place and nobody's device can do
        without, and the ingest then goes on with what it knows; where another process has written meanwhile, that is
        a Collision, everything is forgotten, and the next try sees it.

        Raises:
            Collision: somebody else has written the same in the same moment.
        """
        with self.db.writer:
            if anew:
                # Somebody at a desk shall not hear of what a command of the console has written meanwhile.
                self.census.forget()
            try:
                with self.db.write() as conn:
                    batch = Batch(conn, self.clock.now(), self.census)
                    yield batch
                    batch.finish()
            except BaseException as exc:
                self.census.forget()
                if isinstance(exc, IntegrityError):
                    said = N_("Somebody else has changed this in the same moment. Please look again.")
                    raise Collision(said) from exc
                raise
            if anew:
                # Handlers of these entrances change the rows that the census keeps.
                self.census.forget()
            else:
                batch.committed()
            self.live.offer(batch)

    def apply(self, batch: Batch, command: Command) -> Receipt:
        """Apply one command inside a `transaction`; a command that is known changes nothing.

        Raises:
            WardlinkError: what the handler raised.
        """
        done = changes_of(batch.conn, [command.id])
        if command.id in done:
            return as_receipt(receipt(command.id, "already-applied", done[command.id]))
        handler = all_handlers()[command.kind]
        seq = handler.apply(batch, command, parse_body(command.kind, command.body))
        return as_receipt(receipt(command.id, "applied", seq))

    def head_of(self, conn: Connection, ward: str) -> int:
        """The last number given in this ward.

        Raises:
            NotFound: there is no such ward.
        """
        seq = conn.execute(select(col(Ward.seq)).where(col(Ward.id) == ward)).scalar()
        if seq is None:
            raise NotFound(what="ward", name=ward)
        return seq

    def audit(
        self,
        action: str,
        *,
        actor: str,
        device: str | None = None,
        what: str = "",
        encounter: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """Write down a read or an administrative act, in a transaction of its own."""
        with self.db.write() as conn:
            audit.append(
                conn,
                at=self.clock.now(),
                actor=actor,
                device=device,
                action=action,
                what=what,
                encounter=encounter,
                command=None,
                detail=detail or {},
            )

    def devices_changed(self) -> None:
        """Devices or staff were added or removed: look them up again, and tell those in `on_devices_changed`."""
        with self.db.writer:
            self.census.forget()
            self._terminal_beds = None
        for listener in self.on_devices_changed:
            listener()

    def beds_changed(self) -> None:
        """Beds were made, named, closed or opened: tell those in `on_beds_changed`."""
        for listener in self.on_beds_changed:
            listener()

    def terminal_beds(self) -> frozenset[tuple[str, str]]:
        """Ward and bed of every terminal that is enrolled."""
        if self._terminal_beds is None:
            with self.db.read() as conn:
                rows = conn.execute(
                    select(col(Device.ward), col(Device.bed)).where(
                        col(Device.kind) == "terminal", col(Device.revoked_at).is_(None), col(Device.bed).is_not(None)
                    )
                )
                self._terminal_beds = frozenset((ward, bed) for ward, bed in rows if bed is not None)
        return self._terminal_beds

    def _hear(self, messages: Sequence[Incoming]) -> None:
        commands = []
        for message in messages:
            if "/up/" in message.topic:
                commands.append(message)
            else:
                self.fleet.hear(message)
        if commands:
            self.inbox.put(commands)
            self.counters.dropped = self.inbox.dropped

    def _connection(self, connected: bool) -> None:
        log.info("broker.connected" if connected else "broker.lost")
        if connected:
            self._say_status(online=True)

    def _heartbeat(self) -> None:
        while not self._stopping.wait(status.HEARTBEAT_S):
            if self.connected:
                self._say_status(online=True)

    def _say_status(self, *, online: bool) -> None:
        if self._link is None:
            return
        with self.db.read() as conn:
            wards = conn.execute(select(col(Ward.id))).scalars().all()
        payload = status.encode(status.DeviceStatus(online=online, at=self.clock.now()))
        for ward in wards:
            self._link.publish(topics.status(ward, topics.SERVER), payload, qos=1, retain=True)


_NO_STREAM = "00000000-0000-0000-0000-000000000000"
