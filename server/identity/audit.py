"""The access audit: who looked at, signed in to or administered what. Called inside the transaction it reports on.

The rows form one chain over the whole database; a row that was changed, taken out or put in breaks it from
there on. What was written stands in the wards' change logs, which are chains of their own.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Connection, Row, Table, insert, select, text

from server.chain import GENESIS, ChainCheck, Known, check_links
from server.identity.models import AccessAudit
from wardlink.clock import to_micros

if TYPE_CHECKING:
    from server.core import Core
    from server.identity.staff import Person

_AUDIT: Table = AccessAudit.__table__  # type: ignore[attr-defined]

_COVERED = ("no", "at", "actor", "device", "action", "what", "encounter", "command", "detail")

SCAN_REFUSED = "scan-refused"

_LOCK_KEY = 0x57_4C_41_55_44_49_54  # "WLAUDIT"


def append(
    conn: Connection,
    *,
    at: datetime,
    actor: str,
    device: str | None,
    action: str,
    what: str,
    encounter: str | None,
    command: str | None,
    detail: Mapping[str, Any],
) -> int:
    """Add one line to the audit and return its number; it stands when the transaction of `conn` commits.

    `at` is when it happened, which for a line from a device may be long before the lines ahead of it.
    Names and records only, never a clinical value; `detail` holds what JSON can hold.
    """
    no, before = _locked_head(conn)
    row = {
        "no": no + 1,
        "at": at,
        "actor": actor[:60],
        "device": device,
        "action": action,
        "what": what[:200],
        "encounter": encounter,
        "command": command,
        "detail": orjson.loads(orjson.dumps(dict(detail))),
    }
    conn.execute(insert(_AUDIT).values(**row, hash=_hash(before, row)))
    return no + 1


def note(
    core: Core, conn: Connection, person: Person, action: str, what: str, *, encounter: str | None = None, **detail: Any
) -> int:
    """A member of staff does this now, at the server's own entrances."""
    return append(
        conn,
        at=core.clock.now(),
        actor=str(person.actor),
        device=None,
        action=action,
        what=what,
        encounter=encounter,
        command=None,
        detail=detail,
    )


@dataclass(frozen=True)
class Search:
    """What is looked for; a field that is None does not narrow it. `before`: only lines with a lower number."""

    actor: str | None = None
    encounter: str | None = None
    device: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None

    def spoken(self) -> dict[str, str]:
        """What was asked, for the line of the audit that says that somebody asked."""
        asked = {"actor": self.actor, "device": self.device, "action": self.action}
        return {f"asked_{name}": value for name, value in asked.items() if value is not None}


def search(conn: Connection, wanted: Search, limit: int) -> Sequence[Row[Any]]:
    """Lines of the audit, the newest first."""
    c = _AUDIT.c
    query = select(_AUDIT).order_by(c.no.desc()).limit(limit)
    for column, value in (
        (c.actor, wanted.actor),
        (c.encounter, wanted.encounter),
        (c.device, wanted.device),
        (c.action, wanted.action),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.since is not None:
        query = query.where(c.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(c.at < wanted.until)
    if wanted.before is not None:
        query = query.where(c.no < wanted.before)
    return conn.execute(query).all()


@dataclass(frozen=True)
class RefusedScans:
    """How often scans were refused for one reason, at one bed, by one person; `bed` is None where none was named.

    `ward` is that of the cart, whoever the patient is; None in lines from before it was written down.
    """

    code: str
    reason: str
    ward: str | None
    bed: str | None
    actor: str
    times: int


def refused_scans(conn: Connection, since: datetime, until: datetime) -> list[RefusedScans]:
    """Scans that carts refused in this time, counted, the most frequent first."""
    c = _AUDIT.c
    query = select(c.detail, c.actor).where(c.action == SCAN_REFUSED, c.at >= since, c.at < until)
    counted = Counter((d["code"], d["reason"], d.get("ward"), d.get("bed"), actor) for d, actor in conn.execute(query))
    return [RefusedScans(*key, times) for key, times in counted.most_common()]


def verify(conn: Connection, known: Known | None = None) -> ChainCheck:
    """Go through the whole audit and say whether it is whole, and holds what is `known` of it from before."""
    query = select(_AUDIT).order_by(_AUDIT.c.no)
    with conn.execute(query, execution_options={"yield_per": 1_000}) as rows:
        return check_links((row._asdict() for row in rows), _hash, number="no", known=known or {})


def head(conn: Connection) -> tuple[int, bytes]:
    """How many lines there are, and the hash of the last one."""
    row = conn.execute(select(_AUDIT.c.no, _AUDIT.c.hash).order_by(_AUDIT.c.no.desc()).limit(1)).first()
    return (0, GENESIS) if row is None else (row.no, row.hash)


def _locked_head(conn: Connection) -> tuple[int, bytes]:
    if conn.dialect.name == "postgresql":
        # Another server's line must not take the same number; SQLite has one writer anyway.
        conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    return head(conn)


def _hash(before: bytes, row: Mapping[str, Any]) -> bytes:
    covered = [to_micros(row["at"]) if name == "at" else row[name] for name in _COVERED]
    return hashlib.sha256(before + orjson.dumps(covered, option=orjson.OPT_SORT_KEYS)).digest()
