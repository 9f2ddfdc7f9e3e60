"""Slows wrong tries down, by the table of waits that the devices use as well.

Kept in the database: a restart forgives nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Connection, Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server.core import Core
from server.identity.models import SignInAttempt
from wardlink.device.gate import SLOWED, wait_after
from wardlink.errors import SignInFailed

_ATTEMPT: Table = SignInAttempt.__table__  # type: ignore[attr-defined]

FORGOTTEN_AFTER = timedelta(hours=1)
"""Quiet for so long, a count begins anew; the longest wait is a small part of it."""


class SignInSlowed(SignInFailed):
    """Too many wrong tries; `wait_s` says how long to wait. This try was not looked at."""

    status = 429
    code = "sign-in-slowed"
    sentence = SLOWED


@dataclass(frozen=True)
class Count:
    """What wrong tries are counted against. `weight`: so many of them weigh as much as one of another count."""

    key: str
    weight: int = 1


def begin(core: Core, counts: Sequence[Count]) -> None:
    """Count a try against each of `counts` before it is looked at, so that many at the same time do not slip through.

    Raises:
        SignInSlowed: it comes too early after the last one, and is not counted.
    """
    now = core.clock.now()
    with core.db.write() as conn:
        # Always in the same order, so that two servers do not wait for each other.
        failures = {count: _failures(conn, count, now) for count in sorted(counts, key=lambda count: count.key)}
        wait_s = max(wait for _, wait in failures.values())
        if wait_s <= 0:
            for count, (before, _) in failures.items():
                _write(conn, count, before + 1, now)
    if wait_s > 0:
        raise SignInSlowed(wait_s=wait_s)


def forgive(conn: Connection, counts: Sequence[Count], now: datetime) -> None:
    """The try was right: those before it are forgotten, but a count of many people only loses this one."""
    conn.execute(delete(_ATTEMPT).where(_ATTEMPT.c.last_at < now - FORGOTTEN_AFTER))
    for count in counts:
        if count.weight == 1:
            conn.execute(delete(_ATTEMPT).where(_ATTEMPT.c.key == count.key))
        else:
            conn.execute(update(_ATTEMPT).where(_ATTEMPT.c.key == count.key).values(failures=_ATTEMPT.c.failures - 1))


def _failures(conn: Connection, count: Count, now: datetime) -> tuple[int, int]:
    """Wrong tries so far, and the seconds that are still to wait."""
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    # Also locks the row, so that two servers do not both read the old count.
    conn.execute(
        dialect.insert(_ATTEMPT)
        .values(key=count.key, failures=0, last_at=now)
        .on_conflict_do_update(index_elements=["key"], set_={"failures": _ATTEMPT.c.failures})
    )
    row = conn.execute(select(_ATTEMPT.c.failures, _ATTEMPT.c.last_at).where(_ATTEMPT.c.key == count.key)).one()
    if now - row.last_at >= FORGOTTEN_AFTER:
        return 0, 0
    # A clock that was set back must not lock anybody out for longer than the wait itself.
    gone_s = max(0.0, (now - row.last_at).total_seconds())
    return row.failures, max(0, ceil(wait_after(row.failures // count.weight) - gone_s))


def _write(conn: Connection, count: Count, failures: int, now: datetime) -> None:
    conn.execute(update(_ATTEMPT).where(_ATTEMPT.c.key == count.key).values(failures=failures, last_at=now))
