"""The versions in the database: which of them hold, wait or held, and how one is added. The caller asks for rights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, update

from server.house.models import HouseVersion
from wardlink.errors import Collision, NotFound
from wardlink.i18n import N_

VERSION: Table = HouseVersion.__table__  # type: ignore[attr-defined]
_HEAD = [column for column in VERSION.c if column.name != "text"]

_STALE = N_("Somebody else has put in or taken back a version meanwhile. Look at what has changed, then confirm again.")
_HELD = N_("This version holds already, or was taken back: it cannot be taken back now.")


@dataclass(frozen=True)
class Version:
    """One version without its text."""

    kind: str
    no: int
    at: datetime
    by: str
    effective_at: datetime
    note: str
    digest: str
    ended_at: datetime | None
    ended_by: str | None


def versions(conn: Connection, kind: str) -> list[Version]:
    """All of a kind, the newest first."""
    rows = conn.execute(select(*_HEAD).where(VERSION.c.kind == kind).order_by(VERSION.c.no.desc()))
    return [Version(**row._mapping) for row in rows]


def standing(found: Iterable[Version], now: datetime) -> list[Version]:
    """Those that may hold now: first the one that does, then what holds where it cannot be read.

    The one whose time came last holds; of two with the same time the one put in last.
    """
    begun = [each for each in found if each.ended_at is None and each.effective_at <= now]
    return sorted(begun, key=lambda each: (each.effective_at, each.no), reverse=True)


def waiting(found: Iterable[Version], now: datetime) -> list[Version]:
    """Those that will hold later, the next first."""
    later = [each for each in found if each.ended_at is None and each.effective_at > now]
    return sorted(later, key=lambda each: (each.effective_at, each.no))


def seen(found: Sequence[Version]) -> str:
    """What somebody has seen who saw these versions."""
    return f"{len(found)}.{sum(each.ended_at is not None for each in found)}"


def text_of(conn: Connection, kind: str, no: int) -> str:
    """A version as it was written.

    Raises:
        NotFound: there is none.
    """
    text = conn.execute(select(VERSION.c.text).where((VERSION.c.kind == kind) & (VERSION.c.no == no))).scalar()
    if text is None:
        raise NotFound(what="entry", name=f"{kind} {no}")
    return str(text)


def add(
    conn: Connection, kind: str, text: str, *, by: str, at: datetime, effective_at: datetime, note: str, saw: str
) -> Version:
    """Put in a version, for somebody who saw `saw` when they decided.

    Raises:
        Collision: there are others than they saw.
    """
    _demand_seen(conn, kind, saw)
    values: dict[str, Any] = {"kind": kind, "at": at, "by": by, "effective_at": effective_at, "note": note}
    values["no"] = 1 + (conn.execute(select(func.max(VERSION.c.no)).where(VERSION.c.kind == kind)).scalar() or 0)
    values["digest"] = sha256(text.encode()).hexdigest()
    conn.execute(insert(VERSION).values(text=text, **values))
    return Version(ended_at=None, ended_by=None, **values)


def take_back(conn: Connection, kind: str, no: int, *, by: str, at: datetime) -> None:
    """Let a version that waits never hold.

    Raises:
        Collision: it holds, or was taken back.
    """
    waits = (VERSION.c.kind == kind) & (VERSION.c.no == no) & VERSION.c.ended_at.is_(None)
    done = conn.execute(update(VERSION).where(waits, VERSION.c.effective_at > at).values(ended_at=at, ended_by=by))
    if done.rowcount != 1:
        raise Collision(_HELD)


def _demand_seen(conn: Connection, kind: str, saw: str) -> None:
    if seen(versions(conn, kind)) != saw:
        raise Collision(_STALE)
