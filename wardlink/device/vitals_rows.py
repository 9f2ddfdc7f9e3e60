"""Writes sets of vital signs into the replica and keeps the newest values right. Steps of a transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

import orjson

from wardlink.clock import to_micros
from wardlink.device import latest
from wardlink.messages.base import Actor
from wardlink.messages.vitals import VitalsRecorded

_MARKS = ("struck_at", "struck_by", "struck_reason")
_PUT = """
    INSERT INTO vitals VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE
    SET encounter = excluded.encounter, measured_at = excluded.measured_at, pending = excluded.pending,
        struck = excluded.struck, source = excluded.source, body = excluded.body
"""


def put(conn: sqlite3.Connection, found: VitalsRecorded, *, pending: bool) -> None:
    """Write a set; a confirmed one takes the place of the pending one with its id."""
    body = found.model_dump(mode="json", exclude_none=True)
    measured_at = to_micros(found.measured_at)
    before = conn.execute(
        "SELECT encounter, measured_at, struck, body FROM vitals WHERE id = ?", (found.id,)
    ).fetchone()
    conn.execute(_PUT, _row(found, body, measured_at, pending))
    if before is None:
        if found.encounter is not None and found.struck_at is None:
            latest.offer(conn, latest.rows_of(found.encounter, found.id, measured_at, body))
    elif found.encounter is None or before[0] is None:
        # A monitor's hundreds of sets are given to a patient, or taken back, one after the other.
        _given(conn, before[0], found, measured_at, body)
    elif not _says_the_same(before, _row(found, body, measured_at, pending)):
        for encounter in {before[0], found.encounter} - {None}:
            latest.recompute(conn, encounter)
    again(conn, found.id)


def _given(
    conn: sqlite3.Connection, loses: str | None, found: VitalsRecorded, measured_at: int, body: dict[str, Any]
) -> None:
    _forget_latest(conn, loses, found.id)
    if found.encounter is not None and found.struck_at is None:
        latest.offer(conn, latest.rows_of(found.encounter, found.id, measured_at, body))


def put_all(conn: sqlite3.Connection, sets: Iterable[VitalsRecorded]) -> None:
    """Write the sets of a snapshot, whose table `latest` is empty, beside the pending ones."""
    for found in sets:
        body = found.model_dump(mode="json", exclude_none=True)
        conn.execute(_PUT, _row(found, body, to_micros(found.measured_at), False))
    stays = conn.execute("SELECT DISTINCT encounter FROM vitals WHERE encounter IS NOT NULL").fetchall()
    for (encounter,) in stays:
        latest.recompute(conn, encounter)
    for (target,) in conn.execute("SELECT target FROM pending WHERE kind = 'vitals.strike'").fetchall():
        again(conn, target)


def strike(conn: sqlite3.Connection, vitals_id: str, at: str, by: Actor, reason: str) -> None:
    """Mark a set as struck out; one that is not held here needs no mark."""
    _mark(conn, vitals_id, {"struck_at": at, "struck_by": by.model_dump(), "struck_reason": reason})


def unstrike(conn: sqlite3.Connection, vitals_id: str) -> None:
    """Our own strike was not accepted: the set counts again."""
    _mark(conn, vitals_id, None)


def again(conn: sqlite3.Connection, vitals_id: str) -> None:
    """Mark a set again that our own unconfirmed command strikes out, after its row was written anew."""
    row = conn.execute(
        "SELECT command FROM pending WHERE target = ? AND kind = 'vitals.strike'", (vitals_id,)
    ).fetchone()
    if row is not None:
        command = orjson.loads(row[0])
        by = Actor.model_validate(command["actor"])
        strike(conn, vitals_id, command["entered_at"], by, command["body"]["reason"])


def confirm(conn: sqlite3.Connection, vitals_id: str, received_at: str) -> None:
    """The server has a set of ours: it is not pending any more, even before its change has come."""
    row = conn.execute("SELECT body FROM vitals WHERE id = ? AND pending = 1", (vitals_id,)).fetchone()
    if row is not None:
        body = orjson.dumps(orjson.loads(row[0]) | {"received_at": received_at})
        conn.execute("UPDATE vitals SET pending = 0, body = ? WHERE id = ?", (body, vitals_id))


def take_back(conn: sqlite3.Connection, vitals_id: str) -> None:
    """The server does not keep a set of ours: it leaves the charts, and stays in the outbox for a person."""
    row = conn.execute("SELECT encounter FROM vitals WHERE id = ? AND pending = 1", (vitals_id,)).fetchone()
    if row is not None:
        conn.execute("DELETE FROM vitals WHERE id = ?", (vitals_id,))
        _forget_latest(conn, row[0], vitals_id)


def _mark(conn: sqlite3.Connection, vitals_id: str, marks: dict[str, Any] | None) -> None:
    row = conn.execute("SELECT encounter, body FROM vitals WHERE id = ?", (vitals_id,)).fetchone()
    if row is None:
        return
    encounter, stored = row
    body = {name: value for name, value in orjson.loads(stored).items() if name not in _MARKS} | (marks or {})
    conn.execute(
        "UPDATE vitals SET struck = ?, body = ? WHERE id = ?", (int(marks is not None), orjson.dumps(body), vitals_id)
    )
    if marks is None and encounter is not None:
        latest.recompute(conn, encounter)
    else:
        _forget_latest(conn, encounter, vitals_id)


def _forget_latest(conn: sqlite3.Connection, encounter: str | None, vitals_id: str) -> None:
    # Only a set that is the newest in something takes the work of looking for the next one.
    shown = conn.execute(
        "SELECT 1 FROM latest WHERE encounter = ? AND vitals = ? LIMIT 1", (encounter, vitals_id)
    ).fetchone()
    if shown and encounter is not None:
        latest.recompute(conn, encounter)


def _says_the_same(before: tuple[Any, ...], row: tuple[Any, ...]) -> bool:
    # The confirmed set nearly always is the pending one with the time of its receipt.
    old, new = orjson.loads(before[3]), orjson.loads(row[6])
    return before[:3] == (row[1], row[2], row[4]) and all(
        old.get(name) == new.get(name) for name in ("readings", "lead_off")
    )


def _row(found: VitalsRecorded, body: dict[str, Any], measured_at: int, pending: bool) -> tuple[Any, ...]:
    struck = int(found.struck_at is not None)
    return found.id, found.encounter, measured_at, int(pending), struck, found.source, orjson.dumps(body)
