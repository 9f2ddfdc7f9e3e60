"""Signed-in staff: a token that only they have, of which only the hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Table, delete, insert, select, update

from server.core import Core
from server.identity.models import Staff, StaffSession
from server.identity.staff import Person
from wardlink.errors import NotSignedIn

_SESSION: Table = StaffSession.__table__  # type: ignore[attr-defined]
_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]

COOKIE = "wardlink_session"
"""What a browser keeps the token under."""

LASTS = timedelta(hours=12)
"""A shift and a handover: after this one signs in again, however busy one was."""

IDLE = timedelta(hours=1)
"""Unused for so long, a session is over."""

_NOTE_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Session:
    """Somebody has signed in. `token` is the only copy there is."""

    staff: Person
    token: str
    expires_at: datetime


def begin(conn: Connection, staff: Person, *, device: str | None, now: datetime) -> Session:
    """Open a session, and sweep out those that are over."""
    conn.execute(delete(_SESSION).where((_SESSION.c.expires_at <= now) | (_SESSION.c.used_at <= now - IDLE)))
    token = secrets.token_urlsafe(32)
    expires_at = now + LASTS
    conn.execute(
        insert(_SESSION).values(
            token_hash=_hash(token), staff=staff.id, device=device, created_at=now, used_at=now, expires_at=expires_at
        )
    )
    return Session(staff, token, expires_at)


def current(core: Core, token: str) -> Person:
    """Who has this token.

    Raises:
        NotSignedIn: nobody, not any more, or somebody who no longer works here.
    """
    now = core.clock.now()
    name = _hash(token)
    query = (
        select(_SESSION.c.used_at, _SESSION.c.expires_at, _STAFF.c.id, _STAFF.c.name, _STAFF.c.role, _STAFF.c.wards)
        .join(_STAFF, _STAFF.c.id == _SESSION.c.staff)
        .where(_SESSION.c.token_hash == name, _STAFF.c.active)
    )
    with core.db.read() as conn:
        row = conn.execute(query).first()
    if row is None or row.expires_at <= now or row.used_at + IDLE <= now:
        raise NotSignedIn
    if now - row.used_at >= _NOTE_EVERY:
        with core.db.write() as conn:
            conn.execute(update(_SESSION).where(_SESSION.c.token_hash == name).values(used_at=now))
    return Person(row.id, row.name, row.role, tuple(row.wards))


def end(conn: Connection, token: str) -> None:
    """Sign out; a token that nobody has is signed out already."""
    conn.execute(delete(_SESSION).where(_SESSION.c.token_hash == _hash(token)))


def end_all(conn: Connection, staff: str) -> None:
    """Sign somebody out everywhere: their access has ended, or their PIN is a new one."""
    conn.execute(delete(_SESSION).where(_SESSION.c.staff == staff))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
