"""The commands of this device on its own disk: numbered without gaps, kept until they are answered and longer."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from pydantic import ValidationError

from wardlink.clock import from_micros, to_micros
from wardlink.device.entries import Entry, EntryState, OutboxEntry
from wardlink.device.store import Store, get, put
from wardlink.errors import InvalidInput, MessageTooLarge, NotFound
from wardlink.ids import new_id
from wardlink.messages.base import MAX_MESSAGE_BYTES, Actor
from wardlink.messages.commands import Command, faults, holds_nul
from wardlink.messages.receipts import Receipt

KEPT_FOR = timedelta(days=7)
"""Answered commands stay so long, for a server that was restored from a backup and asks for them again."""
KEPT_ROWS = 10_000

_BASE_ROOM = len(',"base":') + 19
_OPEN = "outcome IS NULL"
_TROUBLE = "outcome IN ('refused', 'parked') AND acknowledged_at IS NULL"
_KEPT = "outcome = 'applied' AND n >= ? AND payload != x''"
_UNANSWERED = "outcome = NULL, code = NULL, reason_zh = NULL, reason_en = NULL, settled_at = NULL, seq = NULL"
_OUTCOMES = {"applied": "applied", "already-applied": "applied", "refused": "refused", "parked": "parked"}


@dataclass(frozen=True)
class Settled:
    """A receipt and the command it answers."""

    n: int
    receipt: Receipt
    kind: str


class Outbox:
    """This device's commands. Methods that take `conn` are steps of somebody else's transaction."""

    def __init__(self, store: Store, *, ward: str, device: str) -> None:
        self._store = store
        self._ward = ward
        self._device = device
        self._tries: Counter[int] = Counter()
        with store.write() as conn:
            stream = get(conn, "stream")
            if stream is None:
                stream = new_id()
                put(conn, "stream", stream)
            self._base = int(get(conn, "base") or 1)
        self.stream = stream

    @property
    def base(self) -> int:
        """The lowest number that can still be sent."""
        return self._base

    def append(self, conn: sqlite3.Connection, entries: Sequence[Entry], now: datetime) -> list[Command]:
        """Give each entry the next number and write it.

        Raises:
            MessageTooLarge: over 64 KiB.
            InvalidInput: text or a name that no message can hold.
        """
        n = int(get(conn, "next_n") or 1)
        commands = []
        for entry in entries:
            command = self._command(entry, n, now)
            payload = _stored(command)
            conn.execute(
                "INSERT INTO outbox (n, id, kind, encounter, entered_at, payload) VALUES (?, ?, ?, ?, ?, ?)",
                (n, command.id, command.kind, command.encounter, to_micros(now), payload),
            )
            commands.append(command)
            n += 1
        put(conn, "next_n", str(n))
        return commands

    def first_open(self) -> int:
        """The lowest number without a receipt; the next number if there is none."""
        with self._store.read() as conn:
            row = conn.execute(f"SELECT n FROM outbox WHERE {_OPEN} ORDER BY n LIMIT 1").fetchone()
            return int(row[0]) if row else int(get(conn, "next_n") or 1)

    def page(self, start: int, most: int, replay_upto: int = 0) -> list[tuple[int, bytes]]:
        """At most `most` messages from number `start` on, ready for the wire, without those already answered.

        Up to `replay_upto` answered ones are among them.
        """
        with self._store.read() as conn:
            rows: list[tuple[int, bytes]] = []
            if start <= replay_upto:
                rows = conn.execute(
                    "SELECT n, payload FROM outbox WHERE n BETWEEN ? AND ? AND payload != x'' ORDER BY n LIMIT ?",
                    (max(start, self._base), replay_upto, most),
                ).fetchall()
            if len(rows) < most:
                rows += conn.execute(
                    f"SELECT n, payload FROM outbox WHERE n >= ? AND {_OPEN} ORDER BY n LIMIT ?",
                    (max(start, replay_upto + 1), most - len(rows)),
                )
        tail = b',"base":%d}' % self._base
        return [(n, payload[:-1] + tail) for n, payload in rows]

    def note_sent(self, n: int) -> None:
        """`n` was handed to the connection once more."""
        self._tries[n] += 1

    def settle(self, conn: sqlite3.Connection, receipts: Iterable[Receipt], now: datetime) -> list[Settled]:
        """Write the answers down. A receipt for what we do not know is ignored: it is of an earlier store."""
        settled = []
        for receipt in receipts:
            row = conn.execute("SELECT n, kind, outcome FROM outbox WHERE id = ?", (receipt.id,)).fetchone()
            if row is None:
                continue
            n, kind, before = row
            outcome = _OUTCOMES[receipt.outcome]
            if before != outcome:
                conn.execute(
                    "UPDATE outbox SET outcome = ?, code = ?, reason_zh = ?, reason_en = ?, settled_at = ?, seq = ?,"
                    " acknowledged_at = NULL WHERE n = ?",
                    (outcome, receipt.code, receipt.reason_zh, receipt.reason_en, to_micros(now), receipt.seq, n),
                )
            settled.append(Settled(n, receipt, kind))
        return settled

    def settled_after_commit(self, settled: Iterable[Settled]) -> None:
        """Forget how often these were tried."""
        for found in settled:
            self._tries.pop(found.n, None)

    def entries(self) -> list[OutboxEntry]:
        """Everything without a receipt, and what was refused or parked, oldest first."""
        return self._select(f"({_OPEN}) OR ({_TROUBLE})")

    def refused(self) -> list[OutboxEntry]:
        """What was refused or parked and nobody has dealt with yet."""
        return self._select(_TROUBLE)

    def depth(self) -> int:
        """How many commands have no receipt."""
        return self._count(_OPEN)

    def trouble(self) -> int:
        """How many commands are refused or parked, and not yet dealt with."""
        return self._count(_TROUBLE)

    def oldest_unsent_at(self) -> datetime | None:
        """When the oldest command without a receipt was entered; None if there is none."""
        with self._store.read() as conn:
            row = conn.execute(f"SELECT entered_at FROM outbox WHERE {_OPEN} ORDER BY n LIMIT 1").fetchone()
        return from_micros(row[0]) if row else None

    def command(self, command_id: str) -> Command | None:
        """The command as it was recorded; None once it is no longer kept, or was wiped."""
        with self._store.read() as conn:
            row = conn.execute("SELECT payload FROM outbox WHERE id = ?", (command_id,)).fetchone()
        return Command.model_validate_json(row[0]) if row and row[0] else None

    def newest(self) -> Command | None:
        """The command recorded last; None if none is kept, or it was wiped."""
        with self._store.read() as conn:
            row = conn.execute("SELECT payload FROM outbox ORDER BY n DESC LIMIT 1").fetchone()
        return Command.model_validate_json(row[0]) if row and row[0] else None

    def acknowledge_refused(self, command_id: str, *, by: Actor, note: str, now: datetime) -> None:
        """A person has dealt with a refused or parked command; it is kept, but no longer shown.

        Raises:
            NotFound: there is no such command that waits for a person.
        """
        with self._store.write() as conn:
            done = conn.execute(
                f"UPDATE outbox SET acknowledged_at = ?, acknowledged_by = ?, note = ? WHERE id = ? AND {_TROUBLE}",
                (to_micros(now), str(by), note, command_id),
            )
            if done.rowcount == 0:
                raise NotFound(what="entry", name=command_id)

    def tidy(self, now: datetime) -> None:
        """Let go of answered commands that are old or too many; always a whole beginning, so that no hole is left."""
        with self._store.write() as conn:
            next_n = int(get(conn, "next_n") or 1)
            row = conn.execute(f"SELECT n FROM outbox WHERE {_OPEN} ORDER BY n LIMIT 1").fetchone()
            settled_below = row[0] if row else next_n
            row = conn.execute(
                "SELECT n FROM outbox WHERE n < ? AND settled_at >= ? ORDER BY n LIMIT 1",
                (settled_below, to_micros(now - KEPT_FOR)),
            ).fetchone()
            old_below = row[0] if row else settled_below
            below = max(self._base, min(settled_below, max(old_below, next_n - KEPT_ROWS)))
            conn.execute(f"DELETE FROM outbox WHERE n < ? AND NOT ({_TROUBLE})", (below,))
            self._set_base(conn, below)

    def reopen(self, conn: sqlite3.Connection) -> None:
        """The server knows its answers no more: everything of ours that it had applied is unsent again.

        What it refused stays refused; it asks for those when their numbers are missing.
        """
        conn.execute(f"UPDATE outbox SET {_UNANSWERED} WHERE {_KEPT}", (self._base,))

    def doubt(self, conn: sqlite3.Connection, *, after: int, upto: int, at: datetime, seen: Collection[str]) -> bool:
        """Compare the answers we had with what the server tells of its log at `at`; whether one was untrue.

        A receipt names the number of its change. `seen` are the commands of the changes with `after` < number <=
        `upto`; what should be among them and is not is unsent again. Once for each command, since its change may
        stand in the log of another ward.
        """
        rows = conn.execute(
            f"SELECT n, id FROM outbox WHERE {_KEPT} AND doubted = 0 AND seq > ? AND seq <= ? AND settled_at <= ?",
            (self._base, after, upto, to_micros(at)),
        ).fetchall()
        lost = [(n,) for n, command in rows if command not in seen]
        conn.executemany(f"UPDATE outbox SET {_UNANSWERED}, doubted = 1 WHERE n = ?", lost)
        return bool(lost)

    def wipe(self, conn: sqlite3.Connection) -> None:
        """Let go of everything that is answered, and of the content of what was refused; unsent commands stay.

        From now on an unsent command of before goes as soon as it is answered.
        """
        next_n = int(get(conn, "next_n") or 1)
        put(conn, "wiped_below", str(next_n))
        self._erase_answered(conn, next_n)

    def erase_if_wiped(self, conn: sqlite3.Connection, settled: Sequence[Settled]) -> bool:
        """Let go of commands of before a wipe that have just been answered; whether there were any."""
        below = int(get(conn, "wiped_below") or 0)
        if not any(found.n < below for found in settled):
            return False
        self._erase_answered(conn, below)
        return True

    def _erase_answered(self, conn: sqlite3.Connection, below: int) -> None:
        conn.execute(f"DELETE FROM outbox WHERE n < ? AND NOT ({_OPEN}) AND NOT ({_TROUBLE})", (below,))
        conn.execute(f"UPDATE outbox SET payload = x'', encounter = NULL WHERE n < ? AND {_TROUBLE}", (below,))
        row = conn.execute(f"SELECT n FROM outbox WHERE {_OPEN} ORDER BY n LIMIT 1").fetchone()
        self._set_base(conn, max(self._base, min(below, row[0] if row else below)))

    def _set_base(self, conn: sqlite3.Connection, base: int) -> None:
        put(conn, "base", str(base))
        self._base = base

    def _command(self, entry: Entry, n: int, now: datetime) -> Command:
        try:
            return Command(
                id=new_id(),
                kind=entry.kind,
                ward=self._ward,
                device=self._device,
                stream=self.stream,
                n=n,
                actor=entry.actor,
                encounter=entry.encounter,
                bed=entry.bed,
                measured_at=entry.measured_at or now,
                entered_at=now,
                body=entry.body.model_dump(mode="json", exclude_none=True),
            )
        except ValidationError as exc:
            raise InvalidInput(detail=faults(exc)) from exc
        except UnicodeError as exc:
            raise InvalidInput(detail=str(exc)) from exc

    def _select(self, where: str) -> list[OutboxEntry]:
        with self._store.read() as conn:
            rows = conn.execute(
                "SELECT id, n, kind, encounter, entered_at, outcome, code, reason_zh, reason_en"
                f" FROM outbox WHERE {where} ORDER BY n"
            ).fetchall()
        return [self._entry(row) for row in rows]

    def _entry(self, row: tuple[str, int, str, str | None, int, EntryState | None, str, str, str]) -> OutboxEntry:
        command_id, n, kind, encounter, entered_at, outcome, code, zh, en = row
        tries = self._tries[n]
        state: EntryState = outcome or ("sent" if tries else "waiting")
        return OutboxEntry(command_id, n, kind, encounter, from_micros(entered_at), state, tries, code, zh, en)

    def _count(self, where: str) -> int:
        with self._store.read() as conn:
            return int(conn.execute(f"SELECT count(*) FROM outbox WHERE {where}").fetchone()[0])


def _stored(command: Command) -> bytes:
    try:
        payload = orjson.dumps(command.model_dump(mode="json", exclude_none=True, exclude={"base"}))
    except (orjson.JSONEncodeError, UnicodeError) as exc:
        # Half of a surrogate pair, from a terminal that decoded badly: no message can carry it.
        raise InvalidInput(detail=str(exc)) from exc
    if holds_nul(payload):
        raise InvalidInput(detail="a text holds a NUL character")
    if len(payload) + _BASE_ROOM > MAX_MESSAGE_BYTES:
        raise MessageTooLarge(size=len(payload) + _BASE_ROOM, limit=MAX_MESSAGE_BYTES)
    return payload
