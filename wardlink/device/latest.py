"""Keeps the newest unstruck value of every reading of every stay, whatever order the sets arrive in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from wardlink.messages.vitals import Source


@dataclass(frozen=True)
class Latest:
    """The newest unstruck value of one reading, in the unit of its name.

    `lead_off_at`: the lead has been off since, by a set newer than the value; the value is then history.
    `pending`: the server has not confirmed it yet.
    """

    value: float | int | bool | str
    measured_at: datetime
    source: Source
    vitals_id: str
    pending: bool
    lead_off_at: datetime | None = None


Row = tuple[str, str, int, int, str, bytes]
"""Encounter, field, off, measured_at, id of the set, value."""

# Two sets of the same instant: the one made later is the better known, and ids of one device sort by time.
_OFFER = """
    INSERT INTO latest VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (encounter, field, off) DO UPDATE
    SET measured_at = excluded.measured_at, vitals = excluded.vitals, value = excluded.value
    WHERE (excluded.measured_at, excluded.vitals) >= (measured_at, vitals)
"""


def rows_of(encounter: str, vitals_id: str, measured_at: int, body: dict[str, Any]) -> list[Row]:
    """What one set, as it lies in the store, says about each reading."""
    values = [
        (encounter, field, 0, measured_at, vitals_id, orjson.dumps(value))
        for field, value in body["readings"].items()
        if value is not None
    ]
    return values + [(encounter, field, 1, measured_at, vitals_id, b"") for field in body.get("lead_off", ())]


def offer(conn: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Take over what is newer than what is known."""
    conn.executemany(_OFFER, rows)


def recompute(conn: sqlite3.Connection, encounter: str) -> None:
    """Find the newest values anew: a set was struck out, came back, or was replaced."""
    conn.execute("DELETE FROM latest WHERE encounter = ?", (encounter,))
    found: dict[tuple[str, int], Row] = {}
    for vitals_id, measured_at, body in conn.execute(
        "SELECT id, measured_at, body FROM vitals WHERE encounter = ? AND struck = 0 ORDER BY measured_at, id",
        (encounter,),
    ):
        for row in rows_of(encounter, vitals_id, measured_at, orjson.loads(body)):
            found[row[1], row[2]] = row
    offer(conn, found.values())
