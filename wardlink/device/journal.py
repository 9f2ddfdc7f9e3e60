"""The transactions of a device: whatever happens to outbox and replica together happens here, whole or not at all.

`sync` and `repair` bring what came over the wire, `Device.record` what a person has entered.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from wardlink.device import outbox as outbox_
from wardlink.device.entries import Entry
from wardlink.device.intake import Intake, Taken
from wardlink.device.outbox import Outbox
from wardlink.device.receiver import Position, Verdict, judge, news
from wardlink.device.replica import position
from wardlink.device.schema import PATIENT_TABLES
from wardlink.device.store import Store, get, put
from wardlink.errors import MessageUnreadable
from wardlink.messages.alerts import AlertNotice
from wardlink.messages.calls import CallNotice
from wardlink.messages.changes import Change, ChangeRange, Snapshot
from wardlink.messages.commands import Command
from wardlink.messages.receipts import Receipts
from wardlink.record.alerts import ALERT

_NO_END = 2**62

News = Receipts | ChangeRange | CallNotice | AlertNotice
"""What comes over the wire and is kept."""


@dataclass
class Outcome:
    """What a batch of news has done. `missing`: something lies between us and a range that came."""

    settled: list[outbox_.Settled] = field(default_factory=list)
    taken: Taken = field(default_factory=Taken)
    heard: list[CallNotice] = field(default_factory=list)
    synced_at: datetime | None = None
    missing: bool = False


class Journal:
    """Outbox and replica of one device, changed together."""

    def __init__(self, store: Store, outbox: Outbox, intake: Intake) -> None:
        self._store = store
        self._outbox = outbox
        self._intake = intake
        self.epoch = 0
        """Grows with every wipe, so that an answer from before it does not bring back what was wiped."""

    def record(self, entries: Sequence[Entry], now: datetime) -> list[Command]:
        """Put entries into the outbox and show them in the replica; on the disk when this returns.

        Raises:
            MessageTooLarge: over 64 KiB; InvalidInput: text that no message can hold. Nothing was kept.
            StoreFailed: the disk did not take it.
        """
        with self._store.write() as conn:
            commands = self._outbox.append(conn, entries, now)
            for command, entry in zip(commands, entries, strict=True):
                self._intake.record(conn, command, entry.body)
        return commands

    def take_in(self, batch: Sequence[News]) -> Outcome:
        """Keep everything of a batch that can be kept, in one transaction.

        Raises:
            StoreFailed: the disk did not take it; nothing was kept, and everything can come again.
        """
        outcome = Outcome()
        erased = False
        with self._store.write() as conn:
            for found in batch:
                match found:
                    case Receipts():
                        erased |= self._settle(conn, found, outcome)
                    case ChangeRange():
                        self._follow(conn, found, outcome)
                    case CallNotice():
                        if self._intake.hear_call(conn, found):
                            outcome.heard.append(found)
                    case AlertNotice():
                        if self._intake.hear_alert(conn, found, position(conn)):
                            outcome.taken.kinds.add(ALERT.change)
        self._outbox.settled_after_commit(outcome.settled)
        if erased:
            self._store.scrub()
        return outcome

    def answer(self, found: ChangeRange) -> tuple[Verdict, Taken]:
        """Apply the answer to our question for changes.

        Raises:
            MessageUnreadable: a change in it has wrong fields; nothing was kept.
        """
        with self._store.write() as conn:
            mine = position(conn)
            verdict = judge(mine, found, asked=True)
            if verdict is not Verdict.APPLY:
                taken = Taken()
                if verdict is Verdict.IGNORE and found.after == mine.seq:
                    self._doubt(conn, (), mine.seq, found, taken)
                if verdict is Verdict.REPLACE and mine.log is not None:
                    # On the disk until the snapshot is: whoever dies between the two must still offer again.
                    put(conn, "other_history", "1")
                return verdict, taken
            fresh = news(mine, found)
            taken = self._intake.changes(conn, fresh, found)
            self._doubt(conn, fresh, mine.seq, found, taken)
            return verdict, taken

    def compare(self, found: ChangeRange) -> None:
        """Note whether the server has another history than ours; `found` tells where its log stands, and no changes."""
        with self._store.write() as conn:
            mine = position(conn)
            if judge(mine, found, asked=True) is Verdict.REPLACE and mine.log is not None:
                put(conn, "other_history", "1")

    def replace(self, snapshot: Snapshot, *, epoch: int) -> bool:
        """Begin anew from a snapshot, also from one that is behind us; False if it was asked for before a wipe.

        If the server turned out to have another history, what it had answered is unsent again.
        `epoch` is what `epoch` was when the snapshot was asked for.
        """
        with self._store.write() as conn:
            if epoch != self.epoch:
                return False
            mine = position(conn)
            self._outbox.doubt(conn, after=mine.seq, upto=_NO_END, at=snapshot.at, seen=())
            if get(conn, "other_history") is not None:
                self._outbox.reopen(conn)
                conn.execute("DELETE FROM meta WHERE key = 'other_history'")
            self._intake.snapshot(conn, snapshot)
        return True

    def position(self) -> Position:
        """Where the replica stands."""
        with self._store.read() as conn:
            return position(conn)

    def snapshot_is_older_than(self, age: timedelta, now: datetime) -> bool:
        """Whether the last snapshot was taken longer ago than `age`."""
        with self._store.read() as conn:
            taken_at = get(conn, "snapshot_at")
        return taken_at is None or now - datetime.fromisoformat(taken_at) > age

    def _doubt(
        self, conn: sqlite3.Connection, fresh: Sequence[Change], after: int, found: ChangeRange, taken: Taken
    ) -> None:
        seen = {change.command for change in fresh if change.command is not None}
        upto = found.upto if found.more else _NO_END
        if self._outbox.doubt(conn, after=after, upto=upto, at=found.at, seen=seen):
            self._intake.show_unsent(conn)
            taken.reopened = True

    def tidy(self, now: datetime) -> None:
        """Let go of what is old."""
        self._outbox.tidy(now)
        with self._store.write() as conn:
            self._intake.tidy(conn, now)

    def wipe(self) -> None:
        """Take everything about patients off this disk; commands that the server has not answered stay."""
        with self._store.write() as conn:
            self.epoch += 1
            for table in PATIENT_TABLES:
                conn.execute(f"DELETE FROM {table}")
            conn.execute("DELETE FROM meta WHERE key IN ('log', 'seq', 'joint', 'as_of', 'snapshot_at')")
            self._outbox.wipe(conn)
        self._store.scrub()

    def _settle(self, conn: sqlite3.Connection, receipts: Receipts, outcome: Outcome) -> bool:
        if receipts.stream not in (None, self._outbox.stream):
            return False
        settled = self._outbox.settle(conn, receipts.receipts, receipts.at)
        self._intake.settle(conn, settled, receipts.at)
        outcome.settled += settled
        return self._outbox.erase_if_wiped(conn, settled)

    def _follow(self, conn: sqlite3.Connection, found: ChangeRange, outcome: Outcome) -> None:
        mine = position(conn)
        match judge(mine, found):
            case Verdict.APPLY:
                self._apply(conn, mine, found, outcome)
            case Verdict.IGNORE:
                return
            case Verdict.REPAIR | Verdict.REPLACE:
                outcome.missing = True

    def _apply(self, conn: sqlite3.Connection, mine: Position, found: ChangeRange, outcome: Outcome) -> None:
        conn.execute("SAVEPOINT one_range")
        try:
            fresh = news(mine, found)
            taken = self._intake.changes(conn, fresh, found)
            # A message does not say what comes behind it, as an answer does.
            self._doubt(conn, fresh, mine.seq, found.model_copy(update={"more": True}), taken)
        except MessageUnreadable:
            # Whoever sent this can say it again over HTTP, where a refusal is seen; the others are not held up.
            conn.execute("ROLLBACK TO one_range")
            outcome.missing = True
        else:
            outcome.taken.kinds |= taken.kinds
            outcome.taken.encounters |= taken.encounters
            outcome.taken.wants_snapshot |= taken.wants_snapshot
            outcome.taken.reopened |= taken.reopened
            outcome.synced_at = found.at
        finally:
            conn.execute("RELEASE one_range")
