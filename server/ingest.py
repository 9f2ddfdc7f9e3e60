"""Takes in what devices report: a batch at a time, one transaction a batch, receipts after the commit.

The batch is whatever has come in while the last one was being committed. There is no timer: under light load
a command is committed at once, under heavy load a commit carries hundreds.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import col
from wardlink.link.port import Incoming

from server.answers import Answers, Reasons, reasons, receipt
from server.batch import Batch, changes_of
from server.census import Census
from server.counters import IngestCounters
from server.db import Database
from server.gate import Cursors, may_say
from server.handlers import Handler, all_handlers
from server.inbox import Inbox
from server.live import Live
from server.models import Parked, Refusal
from server.reading import Read, digest, read
from wardlink.clock import Clock
from wardlink.errors import WardlinkError
from wardlink.messages.commands import Command

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
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name="ingest", daemon=True)

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
            messages = self.inbox.take(MAX_BATCH)
            if messages:
                self._insist(messages)

    def _insist(self, messages: list[Incoming]) -> None:
        tries = 0
        while not self._stopping.is_set():
            try:
                self.process(messages)
                return
            except DBAPIError as exc:
                wait_s = _RETRY_S[min(tries, len(_RETRY_S) - 1)]
                log.error("ingest.database", error=type(exc.orig).__name__, wait_s=wait_s, messages=len(messages))
                self.counters.failed_batches += 1
                tries += 1
                self._stopping.wait(wait_s)

    def process(self, messages: Sequence[Incoming]) -> None:
        """Apply one batch, commit, tell everyone, and answer.

        Raises:
            DBAPIError: the database failed; nothing of the batch was kept and it can be tried again.
        """
        began_s = time.perf_counter()
        reads = [read(message) for message in messages]
        try:
            answers, batch = self._transact(reads, alone=False)
        except IntegrityError:
            # Some row cannot be written; find out which, and let only that one fail.
            answers, batch = self._transact(reads, alone=True)
        self.send(answers.messages(batch.now))
        self.counters.add(len(messages), time.perf_counter() - began_s)

    def _transact(self, reads: Sequence[Read], *, alone: bool) -> tuple[Answers, Batch]:
        answers = Answers()
        with self.db.writer:
            try:
                with self.db.write() as conn:
                    batch = Batch(conn, self.clock.now(), self.census)
                    self._apply_all(batch, reads, answers, alone=alone)
                    batch.finish()
                    self._cursors.write(conn)
            except BaseException:
                self._cursors.failed()
                self.census.forget()
                raise
            self._cursors.committed()
            # Still under the writer's lock: changes must be told in the order of their numbers.
            self.live.offer(batch)
        return answers, batch

    def _apply_all(self, batch: Batch, reads: Sequence[Read], answers: Answers, *, alone: bool) -> None:
        conn = batch.conn
        self._cursors.load(conn, {(r.device, r.command.stream) for r in reads if r.command})
        seen = self._already(conn, reads)
        for r in reads:
            command = r.command
            if command is None:
                self._park(conn, batch, r)
                continue
            stream = (r.device, command.stream)
            ward = command.ward
            expected = self._cursors.next(stream)
            if command.id in seen:
                answers.add(ward, r.device, command.stream, seen[command.id])
                if command.n == expected:
                    self._cursors.move(stream, expected + 1)
                continue
            if command.n > expected and command.base <= expected:
                answers.expect(ward, r.device, command.stream, expected)
                self.counters.gaps += 1
                continue
            answer = self._apply(batch, r, command, alone=alone)
            if command.n > expected:
                self._note(batch, command, "stream-gap", first_missing=str(expected), next_seen=str(command.n))
            elif command.n < expected:
                self._note(batch, command, "stream-rewound", used_number=str(command.n))
            self._cursors.move(stream, max(command.n + 1, expected))
            answers.add(ward, r.device, command.stream, answer)
            seen[command.id] = _again(answer)

    def _already(self, conn: Connection, reads: Sequence[Read]) -> dict[str, dict[str, Any]]:
        # Only a used number can belong to a known command, and the common case has none: no query then.
        # A new stream asks too: a device restored from a copy may bring commands that we know.
        suspects = [
            c.id
            for r in reads
            if (c := r.command) and (c.n < (e := self._cursors.next((r.device, c.stream))) or e == 1 or c.base > e)
        ]
        if not suspects:
            return {}
        seen = {
            command: receipt(command, "already-applied", seq) for command, seq in changes_of(conn, suspects).items()
        }
        for start in range(0, len(suspects), 500):
            rows = conn.execute(
                select(Refusal).where(col(Refusal.command).in_(suspects[start : start + 500]))  # type: ignore[call-overload]
            )
            for row in rows:
                seen[row.command] = _refused_before(row)
        return seen

    def _apply(self, batch: Batch, r: Read, command: Command, *, alone: bool) -> dict[str, Any]:
        if r.fault is not None or r.body is None:
            return self._park(batch.conn, batch, r)
        handler = self._handlers[command.kind]
        try:
            may_say(self.census.device(batch.conn, r.device), command, handler)
            if handler.reads or alone:
                seq = self._apply_alone(batch, handler, command, r)
            else:
                seq = handler.apply(batch, command, r.body)
        except WardlinkError as fault:
            outcome = "refused" if handler.request else "parked"
            return self._park(batch.conn, batch, r, fault, outcome)
        if seq is None:
            # A fact without a change is remembered too, so that it is known when it comes again.
            self._remember(batch, command, "applied", Reasons("", "", ""))
        return receipt(command.id, "applied", seq)

    def _apply_alone(self, batch: Batch, handler: Handler, command: Command, r: Read) -> int | None:
        batch.flush()
        mark = batch.mark()
        try:
            with batch.conn.begin_nested():
                seq = handler.apply(batch, command, r.body)
                batch.flush()
        except (WardlinkError, IntegrityError) as exc:
            batch.rewind(mark)
            if isinstance(exc, WardlinkError):
                raise
            log.error("ingest.integrity", command=command.id, kind=command.kind)
            raise WardlinkError from exc
        return seq

    def _note(self, batch: Batch, command: Command, kind: Any, **detail: str) -> None:
        batch.exception(kind, ward=command.ward, command=command, **detail)
        log.warning("ingest." + kind, device=command.device, **detail)

    def _park(
        self, conn: Connection, batch: Batch, r: Read, fault: WardlinkError | None = None, outcome: Any = "parked"
    ) -> dict[str, Any]:
        problem = fault or r.fault or WardlinkError()
        why = reasons(problem)
        command = r.command
        if outcome == "parked":
            self._keep(conn, batch, r, why)
        self.counters.parked += 1
        if command is None:
            return {}
        self._remember(batch, command, outcome, why)
        return receipt(command.id, outcome, None, why)

    def _remember(self, batch: Batch, command: Command, outcome: str, why: Reasons) -> None:
        batch.insert(
            Refusal,
            {
                "command": command.id,
                "outcome": outcome,
                "code": why.code,
                "reason_zh": why.zh,
                "reason_en": why.en,
                "at": batch.now,
                "device": command.device,
            },
        )

    def _keep(self, conn: Connection, batch: Batch, r: Read, why: Reasons) -> None:
        name = digest(r.incoming.payload)
        again = conn.execute(update(Parked).where(col(Parked.digest) == name).values(times=col(Parked.times) + 1))
        if again.rowcount:
            return
        conn.execute(
            insert(Parked).values(
                digest=name,
                received_at=batch.now,
                topic=r.incoming.topic[:200],
                device=r.device[:40],
                command=r.command.id if r.command else None,
                code=why.code,
                reason=why.en,
                payload=r.incoming.payload,
                times=1,
            )
        )
        log.warning("ingest.parked", device=r.device[:40], code=why.code, digest=name[:12])


def _again(answer: dict[str, Any]) -> dict[str, Any]:
    return answer | {"outcome": "already-applied"} if answer["outcome"] == "applied" else answer


def _refused_before(row: Any) -> dict[str, Any]:
    if row.outcome == "applied":
        return receipt(row.command, "already-applied")
    return receipt(row.command, row.outcome, None, Reasons(row.code, row.reason_zh, row.reason_en))
