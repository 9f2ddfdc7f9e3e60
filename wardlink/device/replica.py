"""What this device knows of its ward: the read side of the replica, pending entries included.

Every method reads one consistent moment from this device's own disk, with or without a network.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

import orjson

from wardlink.clock import from_micros, to_micros
from wardlink.device import provisional
from wardlink.device.intake import staff_name
from wardlink.device.latest import Latest
from wardlink.device.receiver import Position
from wardlink.device.store import Store, get
from wardlink.messages.calls import CallChanged
from wardlink.messages.changes import BedView, StaffView
from wardlink.messages.commands import Command
from wardlink.messages.encounters import EncounterView
from wardlink.messages.exceptions import ExceptionView
from wardlink.messages.records import RecordView
from wardlink.messages.vitals import VitalsRecorded
from wardlink.record.kind import Kind

V = TypeVar("V", bound=RecordView)

_LATEST = """
    SELECT l.encounter, l.field, l.off, l.measured_at, l.vitals, l.value, v.pending, v.source
    FROM latest AS l JOIN vitals AS v ON v.id = l.vitals
"""


class Replica:
    """The ward, or the bed, as this device holds it."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def position(self) -> Position:
        """Where we stand in the ward's log."""
        with self._store.read() as conn:
            return position(conn)

    @property
    def seq(self) -> int:
        """The number of the last change we hold; 0 if none."""
        return self.position.seq

    @property
    def log(self) -> str | None:
        """The history that our numbers belong to; None before the first snapshot."""
        return self.position.log

    @property
    def ward_name(self) -> str | None:
        """What the ward is called; None before the first snapshot."""
        with self._store.read() as conn:
            return get(conn, "ward_name")

    @property
    def as_of(self) -> datetime | None:
        """The server's time of the last change or snapshot that we hold."""
        with self._store.read() as conn:
            found = get(conn, "as_of")
        return None if found is None else datetime.fromisoformat(found)

    def beds(self) -> list[BedView]:
        """The ward's beds, occupied or not, in the ward's order."""
        with self._store.read() as conn:
            return [
                BedView.model_validate_json(row[0]) for row in conn.execute("SELECT body FROM bed ORDER BY position")
            ]

    def staff(self) -> dict[str, StaffView]:
        """The members of staff we have heard of, by id."""
        with self._store.read() as conn:
            rows = conn.execute("SELECT id, body FROM staff ORDER BY id").fetchall()
        return {staff: StaffView.model_validate_json(body) for staff, body in rows}

    def encounters(self) -> list[EncounterView]:
        """The stays that are in progress here, in the order of the beds."""
        with self._store.read() as conn:
            rows = conn.execute(
                "SELECT e.body FROM encounter AS e LEFT JOIN bed AS b ON b.id = e.bed"
                " WHERE e.left_at IS NULL ORDER BY b.position IS NULL, b.position, e.bed, e.id"
            ).fetchall()
            return [_updated(conn, EncounterView.model_validate_json(body)) for (body,) in rows]

    def encounter(self, encounter: str) -> EncounterView | None:
        """A stay, also one that ended or moved away within the last day; None if we do not hold it."""
        with self._store.read() as conn:
            row = conn.execute("SELECT body FROM encounter WHERE id = ?", (encounter,)).fetchone()
            return None if row is None else _updated(conn, EncounterView.model_validate_json(row[0]))

    def encounter_in(self, bed: str) -> EncounterView | None:
        """The stay in this bed now; with two in one bed (an open exception) the one admitted last."""
        here = [view for view in self.encounters() if view.bed == bed]
        return max(here, key=lambda view: view.admitted_at, default=None)

    def departed(self) -> list[str]:
        """Stays that ended or moved away and of which this device still holds something, by id."""
        with self._store.read() as conn:
            rows = conn.execute("SELECT id FROM encounter WHERE left_at IS NOT NULL ORDER BY id").fetchall()
        return [encounter for (encounter,) in rows]

    def vitals(
        self, encounter: str, *, since: datetime | None = None, limit: int = 500, source: str | None = None
    ) -> list[VitalsRecorded]:
        """The newest sets of a stay, oldest first, struck ones included.

        A set that the server has not confirmed has `received_at` None. `source`: only those by hand, or a monitor's.
        """
        start = -(2**62) if since is None else to_micros(since)
        with self._store.read() as conn:
            rows = conn.execute(
                "SELECT body FROM vitals WHERE encounter = ? AND measured_at >= ? AND source = coalesce(?, source)"
                " ORDER BY measured_at DESC, id DESC LIMIT ?",
                (encounter, start, source, limit),
            ).fetchall()
        return [VitalsRecorded.model_validate_json(body) for (body,) in reversed(rows)]

    def vitals_set(self, vitals_id: str) -> VitalsRecorded | None:
        """One set by its id; None if we do not hold it."""
        with self._store.read() as conn:
            row = conn.execute("SELECT body FROM vitals WHERE id = ?", (vitals_id,)).fetchone()
        return None if row is None else VitalsRecorded.model_validate_json(row[0])

    def nobodys(self, monitor: str) -> list[VitalsRecorded]:
        """The sets of a monitor that are no patient's, oldest first, without those that were struck out."""
        with self._store.read() as conn:
            rows = conn.execute(
                "SELECT body FROM vitals WHERE encounter IS NULL AND struck = 0 ORDER BY measured_at, id"
            ).fetchall()
        told = (orjson.loads(body) for (body,) in rows)
        return [VitalsRecorded.model_validate(body) for body in told if body["device"] == monitor]

    def latest(self, encounter: str) -> dict[str, Latest]:
        """The newest unstruck value of every reading of a stay, by the reading's name."""
        with self._store.read() as conn:
            rows = conn.execute(_LATEST + "WHERE l.encounter = ? ORDER BY l.off DESC", (encounter,)).fetchall()
        return _latest_by_stay(rows).get(encounter, {})

    def latest_of_all(self) -> dict[str, dict[str, Latest]]:
        """`latest` of every stay at once, by the id of the stay: for a list of the whole ward."""
        with self._store.read() as conn:
            rows = conn.execute(_LATEST + "ORDER BY l.off DESC").fetchall()
        return _latest_by_stay(rows)

    def leads_off(self, encounter: str) -> dict[str, datetime]:
        """Readings whose lead was off in a set newer than any value of theirs, and since when we know it."""
        with self._store.read() as conn:
            rows = conn.execute(
                "SELECT off.field, off.measured_at FROM latest AS off LEFT JOIN latest AS val"
                " ON val.encounter = off.encounter AND val.field = off.field AND val.off = 0"
                " WHERE off.encounter = ? AND off.off = 1"
                " AND (val.measured_at IS NULL OR off.measured_at > val.measured_at)",
                (encounter,),
            ).fetchall()
        return {field: from_micros(at) for field, at in rows}

    def calls(self) -> list[CallChanged]:
        """Calls, open ones and those closed within the last day, oldest first.

        A call of which only the bed's own notice is known has `received_at` None.
        """
        with self._store.read() as conn:
            rows = conn.execute("SELECT body FROM call ORDER BY raised_at, id").fetchall()
            found = [CallChanged.model_validate_json(body) for (body,) in rows]
            for index, call in enumerate(found):
                for command in _pending(conn, call.id):
                    call = provisional.call_after(call, command, staff_name(conn, command.actor.id))
                found[index] = call
        return found

    def records(
        self,
        kind: Kind[V],
        *,
        encounter: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[V]:
        """Things of one kind in the order of their `at`, of one stay or of the whole ward.

        `since` and `until` are about their `at`: from `since` on, before `until`.
        """
        start = -(2**62) if since is None else to_micros(since)
        end = 2**62 if until is None else to_micros(until)
        where = "" if encounter is None else " AND encounter = ?"
        values = (kind.name, start, end) if encounter is None else (kind.name, start, end, encounter)
        with self._store.read() as conn:
            rows = conn.execute(
                f"SELECT body FROM record WHERE kind = ? AND at >= ? AND at < ?{where} ORDER BY at, id", values
            ).fetchall()
        return [kind.view.model_validate_json(body) for (body,) in rows]

    def record(self, kind: Kind[V], record: str) -> V | None:
        """One thing by its id; None if we do not hold it."""
        with self._store.read() as conn:
            row = conn.execute("SELECT body FROM record WHERE kind = ? AND id = ?", (kind.name, record)).fetchone()
        return None if row is None else kind.view.model_validate_json(row[0])

    def unsent_records(self, kind: Kind[V]) -> frozenset[str]:
        """The ids of things of one kind on which something of ours is not yet confirmed."""
        with self._store.read() as conn:
            rows = conn.execute("SELECT id FROM record WHERE kind = ? AND pending = 1", (kind.name,)).fetchall()
        return frozenset(record for (record,) in rows)

    def exceptions(self) -> list[ExceptionView]:
        """Exceptions that are open at the server, oldest first; one that we have just closed says so."""
        with self._store.read() as conn:
            rows = conn.execute("SELECT body FROM exception ORDER BY opened_at, id").fetchall()
            found = [ExceptionView.model_validate_json(body) for (body,) in rows]
            for index, view in enumerate(found):
                for command in _pending(conn, view.id):
                    found[index] = provisional.exception_after(view, command)
        return found


def position(conn: sqlite3.Connection) -> Position:
    """Where the replica stands, inside a transaction."""
    return Position(get(conn, "log"), int(get(conn, "seq") or 0), get(conn, "joint") or "")


def _pending(conn: sqlite3.Connection, target: str) -> Iterator[Command]:
    rows = conn.execute("SELECT command FROM pending WHERE target = ? ORDER BY n", (target,)).fetchall()
    return (Command.model_validate_json(command) for (command,) in rows)


def _updated(conn: sqlite3.Connection, view: EncounterView) -> EncounterView:
    for command in _pending(conn, view.id):
        view = provisional.encounter_after(view, command)
    return view


def _latest_by_stay(rows: list[tuple[str, str, int, int, str, bytes, int, str]]) -> dict[str, dict[str, Latest]]:
    # Rows of leads that were off come first, so that each value finds its own.
    off_at: dict[tuple[str, str], int] = {}
    found: dict[str, dict[str, Latest]] = defaultdict(dict)
    for encounter, name, off, measured_at, vitals_id, value, pending, source in rows:
        if off:
            off_at[encounter, name] = measured_at
            continue
        lost_at = off_at.get((encounter, name), measured_at)
        found[encounter][name] = Latest(
            value=orjson.loads(value),
            measured_at=from_micros(measured_at),
            source=source,  # type: ignore[arg-type]
            vitals_id=vitals_id,
            pending=bool(pending),
            lead_off_at=from_micros(lost_at) if lost_at > measured_at else None,
        )
    return dict(found)
