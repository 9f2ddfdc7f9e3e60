"""Takes in what devices report: a batch at a time, one transaction a batch, receipts after the commit.

The batch is whatever has come in while the last one was being committed. There is no timer: under light load
a command is committed at once, under heavy load a commit carries hundreds.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from server.answers import Answers, Reasons, reasons, receipt
from server.batch import Batch, changes_of, told_of
from server.census import Census
from server.counters import IngestCounters
from server.db import Database, is_away
from server.family.acting import demand_consent
from server.gate import Cursors, may_say
from server.handlers import Handler, all_handlers
from server.inbox import Arrived, Inbox
from server.lane import Lane
from server.live import Live
from server.logs import places
from server.parking import answered_before, forget, keep, remember
from server.quick import recognise
from server.reading import Read, read
from wardlink.clock import Clock
from wardlink.errors import WardlinkError
from wardlink.link.port import Incoming
from wardlink.messages.commands import Command
from wardlink.messages.exceptions import ExceptionKind
from wardlink.messages.receipts import Outcome

log = structlog.get_logger(__name__)

MAX_BATCH = 1_000
_RETRY_S = (0.05, 0.2, 1.0, 2.0)

Send = Callable[[Sequence[tuple[str, bytes]]], None]


@dataclass
class Ingest:
    """The pipeline from the inbox to the receipts. `process` does one batch; `run` does it for ever."""

    db: Database
    inbox: Inbox
    live: Live
    send: Send
    clock: Clock
    census: Census
    counters: IngestCounters

    def __post_init__(self) -> None:
        self._cursors = Cursors()
        self._handlers = all_handlers()
        self._lane = Lane(self.census, self._cursors)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name="ingest", daemon=True)

    @property
    def alive(self) -> bool:
        """Whether messages are being taken out of the inbox."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin to take messages out of the inbox."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the batch at hand and end."""
        self._stopping.set()
        self.inbox.wake()
        self._thread.join(timeout=10)

    def run(self) -> None:
        """Take batches until told to stop. A database that fails is tried again: nothing is dropped."""
        while not self._stopping.is_set():
            arrived = self.inbox.take(MAX_BATCH)
            if arrived:
                self._insist(arrived)

    def _insist(self, arrived: Sequence[Arrived]) -> None:
        tries = 0
        while not self._stopping.is_set():
            try:
                self._process(arrived)
                return
            except DBAPIError as exc:
                wait_s = _RETRY_S[min(tries, len(_RETRY_S) - 1)]
                log.error("ingest.database", error=type(exc.orig).__name__, wait_s=wait_s, messages=len(arrived))
                self.counters.failed_batches += 1
                tries += 1
                self._stopping.wait(wait_s)
            except Exception:
                # A fault of ours. Nothing was answered: the devices keep these commands and send them again.
                log.exception("ingest.failed", messages=len(arrived))
                self.counters.failed_batches += 1
                return

    def process(self, messages: Sequence[Incoming]) -> None:
        """Apply one batch, commit, tell everyone, and answer.

        Raises:
            DBAPIError: the database failed; nothing of the batch was kept and it can be tried again.
        """
        self._process([Arrived(message, None) for message in messages])

    def _process(self, arrived: Sequence[Arrived]) -> None:
        began_s = time.perf_counter()
        try:
            done = self._transact(arrived, alone=False)
        except Exception as exc:
            if is_away(exc):
                raise
            # Something in it cannot be applied; find out what, and let only that fail.
            log.warning("ingest.alone", error=type(exc).__name__, messages=len(arrived))
            done = self._transact(arrived, alone=True)
        self.counters.parked += done.parked
        self.counters.gaps += done.gaps
        self.send(done.answers.messages(done.batch.now))
        self.counters.add(len(arrived), time.perf_counter() - began_s)

    def apply_again(self, batch: Batch, incoming: Incoming) -> tuple[Command, dict[str, Any]]:
        """Apply a parked message after its cause was removed; the command and its receipt. The caller commits.

        Raises:
            WardlinkError: it still cannot be applied.
        """
        r = read(incoming)
        if r.command is None or r.body is None:
            raise r.fault or WardlinkError()
        command = r.command
        done = changes_of(batch.conn, [command.id])
        if command.id in done:
            return command, receipt(command.id, "already-applied", done[command.id])
        handler = self._handlers[command.kind]
        device = self.census.device(batch.conn, r.device)
        may_say(device, command, handler)
        demand_consent(batch, command, r.body, handler, device)
        seq = self._apply_alone(batch, handler, command, r)
        forget(batch, command)
        if seq is None:
            remember(batch, command, "applied", Reasons("", "", ""))
        return command, receipt(command.id, "applied", seq)

    def _transact(self, arrived: Sequence[Arrived], *, alone: bool) -> _Work:
        with self.db.writer:
            try:
                with self.db.write() as conn:
                    work = _Work(Batch(conn, self.clock.now(), self.census), alone)
                    self._take_in(work, arrived)
                    work.batch.finish()
                    self._cursors.write(conn)
            except BaseException:
                self._cursors.failed()
                self.census.forget()
                raise
            self._cursors.committed()
            work.batch.committed()
            # Still under the writer's lock: changes must be told in the order of their numbers.
            self.live.offer(work.batch)
        return work

    def _take_in(self, work: _Work, arrived: Sequence[Arrived]) -> None:
        waiting: list[Incoming] = []
        for message, found in arrived:
            plain = None if work.alone else found or recognise(message.topic, message.payload)
            stay = plain and self._lane.stay_of(work.batch, plain)
            if stay and waiting:
                # In the order in which they came.
                self._apply_all(work, waiting)
                waiting = []
                stay = plain and self._lane.stay_of(work.batch, plain)
            if plain and stay:
                self._lane.apply(work.batch, work.answers, plain, stay)
            else:
                waiting.append(message)
        self._apply_all(work, waiting)
        for (ward, device, name), due in work.asked.items():
            # What was missing may have come further back in the same batch.
            work.answers.expect(ward, device, name, max(due, self._cursors.next((device, name))))

    def _apply_all(self, work: _Work, messages: Sequence[Incoming]) -> None:
        if not messages:
            return
        # What has been applied before can be found in the database from here on.
        work.batch.flush()
        reads = [read(message) for message in messages]
        conn = work.batch.conn
        self._cursors.load(conn, {(r.device, r.command.stream) for r in reads if r.command})
        self.census.know(conn, {r.command.encounter for r in reads if r.command})
        seen = self._already(conn, reads, every=work.alone)
        for r in reads:
            command = r.command
            if command is None:
                self._park(work, r, r.fault or WardlinkError(), "parked")
                continue
            stream = (r.device, command.stream)
            expected = self._cursors.next(stream)
            # What lies before `base` the device has no more; from there on it can send everything.
            due = max(expected, command.base)
            if command.id in seen:
                work.answers.add(command.ward, r.device, command.stream, _again(seen[command.id]))
                if command.n == expected:
                    self._cursors.move(stream, expected + 1)
                continue
            if command.n > due:
                work.asked[command.ward, r.device, command.stream] = due
                work.gaps += 1
                continue
            answer = self._apply(work, r, command)
            if due > expected:
                self._note(work, command, "stream-gap", first_missing=str(expected), next_seen=str(command.n))
            elif command.n < expected:
                self._note(work, command, "stream-rewound", used_number=str(command.n))
            self._cursors.move(stream, max(command.n + 1, expected))
            work.answers.add(command.ward, r.device, command.stream, answer)
            seen[command.id] = answer

    def _already(self, conn: Connection, reads: Sequence[Read], *, every: bool) -> dict[str, dict[str, Any]]:
        # Only a used number can belong to a known command, and the common case has none: no query then.
        # A new stream asks too: a device restored from a copy may bring commands that we know.
        suspects = [
            c.id
            for r in reads
            if (c := r.command)
            and (every or c.n < (e := self._cursors.next((r.device, c.stream))) or e == 1 or c.base > e)
        ]
        if not suspects:
            return {}
        wards = {r.command.id: r.command.ward for r in reads if r.command}
        applied = told_of(conn, suspects).items()
        return answered_before(conn, suspects) | {
            command: receipt(command, "already-applied", seq if ward == wards[command] else None)
            for command, (ward, seq) in applied
        }

    def _apply(self, work: _Work, r: Read, command: Command) -> dict[str, Any]:
        if r.fault is not None or r.body is None:
            return self._park(work, r, r.fault or WardlinkError(), "parked")
        handler = self._handlers[command.kind]
        try:
            device = self.census.device(work.batch.conn, r.device)
            may_say(device, command, handler)
            demand_consent(work.batch, command, r.body, handler, device)
            if handler.reads or work.alone:
                seq = self._apply_alone(work.batch, handler, command, r)
            else:
                seq = handler.apply(work.batch, command, r.body)
        except WardlinkError as fault:
            # Family are told why, whatever it was: for an operator there is nothing to mend.
            is_asked = handler.request or command.actor.kind == "family"
            return self._park(work, r, fault, "refused" if is_asked else "parked")
        if seq is None:
            # A fact without a change is remembered too, so that it is known when it comes again.
            remember(work.batch, command, "applied", Reasons("", "", ""))
        return receipt(command.id, "applied", work.batch.number_in(command.ward, seq))

    def _apply_alone(self, batch: Batch, handler: Handler, command: Command, r: Read) -> int | None:
        batch.flush()
        mark = batch.mark()
        try:
            with batch.conn.begin_nested():
                seq = handler.apply(batch, command, r.body)
                batch.flush()
        except Exception as exc:
            batch.rewind(mark)
            if is_away(exc) or isinstance(exc, WardlinkError):
                raise
            log.error(
                "ingest.unforeseen",
                command=command.id,
                kind=command.kind,
                error=type(exc).__name__,
                where=places(exc),
            )
            raise WardlinkError from exc
        return seq

    def _note(self, work: _Work, command: Command, kind: ExceptionKind, **detail: str) -> None:
        device = self.census.device(work.batch.conn, command.device)
        if device is not None:
            work.batch.exception(kind, ward=device.ward, command=command, first=False, **detail)
        log.warning("ingest." + kind, device=command.device, **detail)

    def _park(self, work: _Work, r: Read, fault: WardlinkError, outcome: Outcome) -> dict[str, Any]:
        why = reasons(fault)
        if outcome == "parked":
            keep(work.batch, r, why)
            work.parked += 1
        if r.command is None:
            return {}
        remember(work.batch, r.command, outcome, why)
        return receipt(r.command.id, outcome, None, why)


@dataclass
class _Work:
    """One batch on its way: what was done, and what is to be said about it after the commit.

    `alone`: each command runs in a savepoint of its own, to find the one that cannot be applied.
    """

    batch: Batch
    alone: bool
    answers: Answers = field(default_factory=Answers)
    asked: dict[tuple[str, str, str], int] = field(default_factory=dict)
    parked: int = 0
    gaps: int = 0


def _again(answer: dict[str, Any]) -> dict[str, Any]:
    return answer | {"outcome": "already-applied"} if answer["outcome"] == "applied" else answer
