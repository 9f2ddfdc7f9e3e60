"""Writes what was recorded, heard and fetched into the device's replica. Steps of a transaction; commits nothing.

Everything confirmed comes from the server's changes and snapshots. Everything pending comes from our own
commands, survives both, and goes when its own confirmation comes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

import orjson
from pydantic import ValidationError

from wardlink.clock import to_micros
from wardlink.device import provisional, records, vitals_rows
from wardlink.device.outbox import Settled
from wardlink.device.receiver import Position
from wardlink.device.store import get, put
from wardlink.errors import MessageUnreadable
from wardlink.messages.alerts import AlertNotice
from wardlink.messages.base import Message
from wardlink.messages.bodies import parse_body
from wardlink.messages.calls import CallChanged, CallNotice, RaiseCall
from wardlink.messages.changes import Change, ChangeRange, Snapshot
from wardlink.messages.commands import Command, faults
from wardlink.messages.encounters import EncounterView
from wardlink.messages.exceptions import ExceptionView
from wardlink.messages.vitals import RecordVitals, StrikeVitals, VitalsRecorded, VitalsStruck
from wardlink.record.alerts import ALERT
from wardlink.record.chart_facts import CARTS_KNOW
from wardlink.record.kinds import BY_CHANGE

M = TypeVar("M", bound=Message)

KEPT_AFTER_LEAVING = timedelta(hours=24)
KEPT_AFTER_CALL = timedelta(hours=24)
KEPT_VITALS = timedelta(hours=96)
"""Older sets are the server's to show; the set with the newest value of a reading stays, however old."""
KEPT_BY_HAND = CARTS_KNOW + timedelta(days=1)
"""A cart keeps what was measured by hand for longer: this page of the temperature chart and the one before."""
KEPT_HEARD = timedelta(minutes=30)
"""A call of which nothing but the bed's notice was ever heard rings no longer than this."""
_CAME_FROM_ELSEWHERE = timedelta(minutes=10)


@dataclass
class Taken:
    """What a transaction has changed in the replica.

    `wants_snapshot`: a stay came here with a past that only a snapshot brings. `reopened`: a command of ours that the
    server had answered is unsent again.
    """

    kinds: set[str] = field(default_factory=set)
    encounters: set[str] = field(default_factory=set)
    wants_snapshot: bool = False
    reopened: bool = False


class Intake:
    """The write side of the replica of one ward, or of one bed of it if `bed` is given."""

    def __init__(self, *, ward: str, bed: str | None) -> None:
        self._ward = ward
        self._bed = bed
        self._apply: dict[str, Callable[[sqlite3.Connection, Change, Taken], None]] = {
            "vitals.recorded": _vitals_recorded,
            "vitals.struck": _vitals_struck,
            "encounter.changed": self._encounter_changed,
            "call.changed": _call_changed,
            "exception.opened": _exception_changed,
            "exception.closed": _exception_changed,
        }

    def record(self, conn: sqlite3.Connection, command: Command, body: Message) -> None:
        """Show at once what our own command will change."""
        match body:
            case RecordVitals():
                found = provisional.recorded(command, body, staff_name(conn, command.actor.id))
                vitals_rows.put(conn, found, pending=True)
            case RaiseCall():
                _put_call(conn, provisional.raised(command, body), heard=True)
            case StrikeVitals():
                _remember(conn, command, body.vitals)
                vitals_rows.again(conn, body.vitals)
            case _:
                target = provisional.target_of(command, body) or records.target_of(command, body)
                if target is not None:
                    _remember(conn, command, target)
                    records.again(conn, [target])

    def hear_call(self, conn: sqlite3.Connection, notice: CallNotice) -> bool:
        """Keep a bed's direct notice; False if it says nothing new.

        Of a call that only the bed has spoken of, a second notice may say that it is more urgent.
        """
        known = conn.execute("SELECT heard, body FROM call WHERE id = ?", (notice.id,)).fetchone()
        if known is not None and not (known[0] and notice.cls < CallChanged.model_validate_json(known[1]).cls):
            return False
        _put_call(conn, provisional.heard(notice), heard=True)
        return True

    def hear_alert(self, conn: sqlite3.Connection, notice: AlertNotice, mine: Position) -> bool:
        """Keep an alert of a change that we, who stand at `mine`, have not come to yet; False if it says nothing new.

        Only the first word of an alert: what is said of one that we know comes with the changes, in their order.
        """
        known = conn.execute("SELECT 1 FROM record WHERE kind = ? AND id = ?", (ALERT.name, notice.view.id)).fetchone()
        if notice.log != mine.log or notice.seq <= mine.seq or known is not None:
            return False
        records.told(conn, ALERT, notice.view)
        return True

    def settle(self, conn: sqlite3.Connection, settled: Iterable[Settled], at: datetime) -> None:
        """Our commands were answered at `at`: what was pending is confirmed, or comes off the charts."""
        for found in settled:
            command_id = found.receipt.id
            if found.receipt.outcome in ("applied", "already-applied"):
                vitals_rows.confirm(conn, command_id, at.isoformat())
                conn.execute("UPDATE pending SET settled_seq = ? WHERE id = ?", (found.receipt.seq or 0, command_id))
            else:
                _take_back(conn, found)
        self._forget_settled(conn, int(get(conn, "seq") or 0))

    def changes(self, conn: sqlite3.Connection, changes: Sequence[Change], found: ChangeRange) -> Taken:
        """Apply `changes` of a range in the order of their numbers, and stand where it ends.

        Raises:
            MessageUnreadable: a change of a known kind has wrong fields; nothing of the range may be kept.
        """
        taken = Taken()
        for change in changes:
            if change.command is not None:
                conn.execute("DELETE FROM pending WHERE id = ?", (change.command,))
            apply = self._apply.get(change.kind)
            if apply is not None:
                apply(conn, change, taken)
            elif (kind := BY_CHANGE.get(change.kind)) is not None:
                records.told(conn, kind, _typed(kind.view, change))
            taken.kinds.add(change.kind)
            if change.encounter is not None:
                taken.encounters.add(change.encounter)
        self._forget_settled(conn, found.upto)
        put(conn, "seq", str(found.upto))
        put(conn, "joint", found.joint_upto)
        put(conn, "as_of", found.at.isoformat())
        return taken

    def snapshot(self, conn: sqlite3.Connection, snapshot: Snapshot) -> None:
        """Begin anew from a snapshot; what is pending stays.

        A terminal remembers which stay was here, so that it is wiped before the next patient is let in.
        """
        for table in ("bed", "staff", "exception", "latest"):
            conn.execute(f"DELETE FROM {table}")
        if self._bed is None:
            conn.execute("DELETE FROM encounter")
        else:
            conn.execute("UPDATE encounter SET left_at = ? WHERE left_at IS NULL", (to_micros(snapshot.at),))
        conn.execute("DELETE FROM vitals WHERE pending = 0")
        conn.execute("DELETE FROM pending WHERE settled_seq IS NOT NULL")
        conn.execute(
            "DELETE FROM call WHERE heard = 0 OR raised_at < ?"
            " OR id IN (SELECT id FROM outbox WHERE outcome IS NOT NULL)",
            (to_micros(snapshot.at - KEPT_HEARD),),
        )
        beds = [(bed.id, position, _dump(bed)) for position, bed in enumerate(snapshot.beds)]
        conn.executemany("INSERT INTO bed VALUES (?, ?, ?)", beds)
        conn.executemany("INSERT INTO staff VALUES (?, ?)", [(s.id, _dump(s)) for s in snapshot.staff])
        for view in snapshot.encounters:
            self._put_encounter(conn, view, snapshot.at)
        for call in snapshot.calls:
            _put_call(conn, call, heard=False)
        for opened in snapshot.exceptions:
            _put_exception(conn, opened)
        vitals_rows.put_all(conn, snapshot.vitals)
        try:
            records.replace_all(conn, snapshot.records)
        except ValidationError as exc:
            raise MessageUnreadable(detail=f"a record of the snapshot: {faults(exc)}") from exc
        self.show_unsent(conn)
        put(conn, "log", snapshot.log)
        put(conn, "seq", str(snapshot.seq))
        put(conn, "joint", snapshot.joint)
        put(conn, "as_of", snapshot.at.isoformat())
        put(conn, "snapshot_at", snapshot.at.isoformat())
        put(conn, "ward_name", snapshot.ward_name)

    def _forget_settled(self, conn: sqlite3.Connection, upto: int) -> None:
        done = conn.execute("SELECT target FROM pending WHERE settled_seq <= ?", (upto,)).fetchall()
        if done:
            conn.execute("DELETE FROM pending WHERE settled_seq <= ?", (upto,))
            records.again(conn, [target for (target,) in done])

    def show_unsent(self, conn: sqlite3.Connection) -> None:
        """Show what of our own is unsent and not shown yet."""
        # A server that was set back may have told us of a command of ours that it knows no more, and whose receipt
        # never came: it was shown as confirmed, and is pending again.
        rows = conn.execute(
            "SELECT payload FROM outbox WHERE outcome IS NULL AND id NOT IN (SELECT id FROM vitals)"
            " AND id NOT IN (SELECT id FROM pending) AND id NOT IN (SELECT id FROM call)"
            " AND id NOT IN (SELECT id FROM record) ORDER BY n"
        ).fetchall()
        for (payload,) in rows:
            command = Command.model_validate_json(payload)
            self.record(conn, command, parse_body(command.kind, command.body))

    def tidy(self, conn: sqlite3.Connection, now: datetime) -> None:
        """Let go of what this device need not hold any more: less to lose with a cart."""
        gone = [
            row[0]
            for row in conn.execute(
                "SELECT id FROM encounter WHERE left_at < ?", (to_micros(now - KEPT_AFTER_LEAVING),)
            )
        ]
        for encounter in gone:
            conn.execute("DELETE FROM vitals WHERE encounter = ? AND pending = 0", (encounter,))
            conn.execute("DELETE FROM latest WHERE encounter = ?", (encounter,))
            conn.execute("DELETE FROM record WHERE encounter = ? AND pending = 0", (encounter,))
            conn.execute("DELETE FROM encounter WHERE id = ?", (encounter,))
        records.tidy(conn, now)
        conn.execute(
            "DELETE FROM vitals WHERE measured_at < CASE source WHEN 'manual' THEN ? ELSE ? END"
            " AND pending = 0 AND id NOT IN (SELECT vitals FROM latest)",
            (to_micros(now - (KEPT_BY_HAND if self._bed is None else KEPT_VITALS)), to_micros(now - KEPT_VITALS)),
        )
        conn.execute("DELETE FROM call WHERE closed_at < ?", (to_micros(now - KEPT_AFTER_CALL),))
        conn.execute("DELETE FROM call WHERE heard = 1 AND raised_at < ?", (to_micros(now - KEPT_HEARD),))

    def _encounter_changed(self, conn: sqlite3.Connection, change: Change, taken: Taken) -> None:
        view = _typed(EncounterView, change)
        known = conn.execute("SELECT left_at IS NULL FROM encounter WHERE id = ?", (view.id,)).fetchone()
        if self._looks_after(view) and not (known and known[0]):
            # One that has moved has a past elsewhere, however short; so has one that was admitted long ago.
            taken.wants_snapshot |= bool(view.places) or view.admitted_at < change.at - _CAME_FROM_ELSEWHERE
        self._put_encounter(conn, view, change.at)
        taken.encounters.add(view.id)

    def _looks_after(self, view: EncounterView) -> bool:
        return view.ward == self._ward and view.status == "in-progress" and self._bed in (None, view.bed)

    def _put_encounter(self, conn: sqlite3.Connection, view: EncounterView, at: datetime) -> None:
        left_at = None if self._looks_after(view) else to_micros(at)
        conn.execute("INSERT OR REPLACE INTO encounter VALUES (?, ?, ?, ?)", (view.id, view.bed, left_at, _dump(view)))


def staff_name(conn: sqlite3.Connection, staff_id: str) -> str | None:
    """The name of a member of staff, if this device has heard of them."""
    row = conn.execute("SELECT body FROM staff WHERE id = ?", (staff_id,)).fetchone()
    return None if row is None else str(orjson.loads(row[0])["name"])


def _vitals_recorded(conn: sqlite3.Connection, change: Change, _taken: Taken) -> None:
    vitals_rows.put(conn, _typed(VitalsRecorded, change), pending=False)


def _vitals_struck(conn: sqlite3.Connection, change: Change, _taken: Taken) -> None:
    struck = _typed(VitalsStruck, change)
    vitals_rows.strike(conn, struck.id, struck.struck_at.isoformat(), struck.struck_by, struck.struck_reason)


def _call_changed(conn: sqlite3.Connection, change: Change, _taken: Taken) -> None:
    call = _typed(CallChanged, change)
    if change.command is not None and change.command != call.id:
        # A second press was merged into the call that was open: its own notice is answered with it.
        conn.execute("DELETE FROM call WHERE id = ? AND heard = 1", (change.command,))
    _put_call(conn, call, heard=False)


def _exception_changed(conn: sqlite3.Connection, change: Change, _taken: Taken) -> None:
    _put_exception(conn, _typed(ExceptionView, change))


def _take_back(conn: sqlite3.Connection, found: Settled) -> None:
    command_id = found.receipt.id
    vitals_rows.take_back(conn, command_id)
    conn.execute("DELETE FROM call WHERE id = ? AND heard = 1", (command_id,))
    row = conn.execute("SELECT target FROM pending WHERE id = ?", (command_id,)).fetchone()
    if row is not None:
        conn.execute("DELETE FROM pending WHERE id = ?", (command_id,))
        records.again(conn, [row[0]])
        if found.kind == "vitals.strike":
            vitals_rows.unstrike(conn, row[0])


def _remember(conn: sqlite3.Connection, command: Command, target: str) -> None:
    conn.execute(
        "INSERT INTO pending (id, n, kind, target, command) VALUES (?, ?, ?, ?, ?)",
        (command.id, command.n, command.kind, target, _dump(command)),
    )


def _put_call(conn: sqlite3.Connection, call: CallChanged, *, heard: bool) -> None:
    closed_at = None if call.closed_at is None else to_micros(call.closed_at)
    conn.execute(
        "INSERT OR REPLACE INTO call VALUES (?, ?, ?, ?, ?)",
        (call.id, to_micros(call.raised_at), closed_at, int(heard), _dump(call)),
    )


def _put_exception(conn: sqlite3.Connection, view: ExceptionView) -> None:
    if view.closed_at is None:
        conn.execute(
            "INSERT OR REPLACE INTO exception VALUES (?, ?, ?)", (view.id, to_micros(view.opened_at), _dump(view))
        )
    else:
        conn.execute("DELETE FROM exception WHERE id = ?", (view.id,))


def _typed(model: type[M], change: Change) -> M:
    try:
        return model.model_validate(change.body)
    except ValidationError as exc:
        raise MessageUnreadable(detail=f"change {change.seq} {change.kind}: {faults(exc)}") from exc


def _dump(message: Message) -> bytes:
    return orjson.dumps(message.model_dump(mode="json", exclude_none=True))
