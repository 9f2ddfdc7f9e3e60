"""Lets people in while the server is away: only those it has checked on this very device within the last hours.

Of a PIN or a second identifier only an argon2 hash is kept. Wrong tries are slowed, and stay slowed over a restart.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from enum import Enum
from math import ceil

from wardlink.clock import from_micros, to_micros
from wardlink.device.store import Store
from wardlink.errors import SignInFailed, Unreachable
from wardlink.i18n import N_

VALID_FOR = timedelta(hours=12)

WAIT_S = ((3, 0), (5, 10), (8, 60), (float("inf"), 300))
"""Wrong tries in a row (upper bound), seconds to wait before the next one."""

SLOWED = N_("Too many wrong tries. Please wait {wait_s} seconds.")
NEVER_CHECKED = N_("The server cannot be reached, and you have not signed in here within the last 12 hours.")


class Door(Enum):
    """What somebody wants to open."""

    STAFF = "staff"
    BEDSIDE = "bedside"


class Gate:
    """The offline check of one device. Checking takes argon2 about a quarter of a second: not on a screen's loop."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def remember(self, door: Door, name: str, secret: str, answer: bytes, now: datetime) -> None:
        """The server has just let `name` in with `secret`; `answer` is what it said about them."""
        from argon2 import PasswordHasher

        hashed = PasswordHasher().hash(secret)
        with self._store.write() as conn:
            conn.execute(
                "INSERT OR REPLACE INTO verifier VALUES (?, ?, ?, ?, ?, ?)",
                (door.value, name, _slot(door, secret), hashed, answer, to_micros(now)),
            )
            conn.execute("DELETE FROM attempt WHERE kind = ? AND name = ?", (door.value, name))

    def check(self, door: Door, name: str, secret: str, now: datetime) -> tuple[bytes, datetime]:
        """What the server said of `name` when it last let them in with this secret, and when that was.

        Raises:
            SignInFailed: wrong, or slowed after wrong tries.
            Unreachable: they were not checked on this device within `VALID_FOR`; only the server can say.
        """
        with self._store.read() as conn:
            wait_s = _wait_s(conn, door, name, now)
            row = conn.execute(
                "SELECT hash, answer, checked_at FROM verifier WHERE kind = ? AND name = ? AND slot = ?",
                (door.value, name, _slot(door, secret)),
            ).fetchone()
        if wait_s > 0:
            raise SignInFailed(SLOWED, wait_s=wait_s)
        if row is None or not _is_fresh(from_micros(row[2]), now):
            raise Unreachable(NEVER_CHECKED)
        if not _matches(row[0], secret):
            self._note_failure(door, name, now)
            raise SignInFailed
        with self._store.write() as conn:
            conn.execute("DELETE FROM attempt WHERE kind = ? AND name = ?", (door.value, name))
        return row[1], from_micros(row[2])

    def _note_failure(self, door: Door, name: str, now: datetime) -> None:
        with self._store.write() as conn:
            conn.execute(
                "INSERT INTO attempt VALUES (?, ?, 1, ?) ON CONFLICT (kind, name) DO UPDATE"
                " SET failures = failures + 1, last_at = excluded.last_at",
                (door.value, name, to_micros(now)),
            )


def wait_after(failures: int) -> int:
    """Seconds to wait after so many wrong tries in a row."""
    return next(wait_s for bound, wait_s in WAIT_S if failures < bound)


def _wait_s(conn: sqlite3.Connection, door: Door, name: str, now: datetime) -> int:
    row = conn.execute(
        "SELECT failures, last_at FROM attempt WHERE kind = ? AND name = ?", (door.value, name)
    ).fetchone()
    if row is None:
        return 0
    # A clock that was set back must not lock anybody out for longer than the wait itself.
    gone_s = max(0.0, (now - from_micros(row[1])).total_seconds())
    return max(0, ceil(wait_after(row[0]) - gone_s))


def _is_fresh(checked_at: datetime, now: datetime) -> bool:
    return abs(now - checked_at) <= VALID_FOR


def _slot(door: Door, secret: str) -> str:
    # A patient may show either of two identifiers; they differ in length and each has its own hash.
    return str(len(secret)) if door is Door.BEDSIDE else ""


def _matches(hashed: str, secret: str) -> bool:
    from argon2 import PasswordHasher
    from argon2.exceptions import VerificationError

    try:
        return PasswordHasher().verify(hashed, secret)
    except VerificationError:
        return False
