"""Deals with parked messages. Who may, and what is audited, is the routes' and the pages' business."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, or_, select, update

from server.answers import Answers, as_receipt
from server.core import Core
from server.models import Parked
from wardlink import topics
from wardlink.errors import Collision, MessageUnreadable, NotFound
from wardlink.i18n import N_
from wardlink.link.port import Incoming
from wardlink.messages.receipts import Receipt

_PARKED: Table = Parked.__table__  # type: ignore[attr-defined]

_DONE = N_("Somebody has dealt with this message already.")


@dataclass(frozen=True)
class ParkedMessage:
    """One message as it came. `ward` is that of its topic, None where the topic is none of ours."""

    id: int
    received_at: datetime
    topic: str
    ward: str | None
    device: str | None
    command: str | None
    code: str
    reason: str
    payload: bytes
    times: int
    closed_at: datetime | None
    closed_by: str | None
    closed_reason: str | None


def listed(
    conn: Connection, *, wards: Sequence[str] | None, closed: bool, before: int | None, limit: int
) -> list[ParkedMessage]:
    """At most `limit` messages, the latest first; `wards` None: of all wards."""
    query = select(_PARKED).order_by(_PARKED.c.id.desc()).limit(limit)
    query = query.where(_PARKED.c.closed_at.is_not(None) if closed else _PARKED.c.closed_at.is_(None))
    if wards is not None:
        begins = [_PARKED.c.topic.startswith(f"{topics.ROOT}/{ward}/", autoescape=True) for ward in wards]
        query = query.where(or_(False, *begins))
    if before is not None:
        query = query.where(_PARKED.c.id < before)
    return [_message(row) for row in conn.execute(query)]


def one(conn: Connection, id: int) -> ParkedMessage:
    """One message.

    Raises:
        NotFound: there is none with this number.
    """
    row = conn.execute(select(_PARKED).where(_PARKED.c.id == id)).first()
    if row is None:
        raise NotFound(what="parked message", name=str(id))
    return _message(row)


def close(conn: Connection, id: int, *, by: str, reason: str, at: datetime) -> None:
    """Somebody has dealt with it in another way; it is kept.

    Raises:
        NotFound: there is none with this number.
        Collision: it is closed already.
    """
    one(conn, id)
    values = {"closed_at": at, "closed_by": by, "closed_reason": reason}
    done = conn.execute(update(_PARKED).where(_PARKED.c.id == id, _PARKED.c.closed_at.is_(None)).values(values))
    if done.rowcount != 1:
        raise Collision(_DONE)


def retry(core: Core, id: int, *, by: str) -> Receipt:
    """Apply it now, after its cause was removed (a device enrolled, a new version); its device hears of it.

    Raises:
        NotFound: there is none with this number.
        Collision: it is closed already.
        WardlinkError: it still cannot be applied; nothing was changed.
    """
    answers = Answers()
    with core.transaction() as batch:
        found = one(batch.conn, id)
        if found.closed_at is not None:
            raise Collision(_DONE)
        command, fields = core.ingest.apply_again(batch, Incoming(found.topic, found.payload))
        close(batch.conn, id, by=by, reason=fields["outcome"], at=batch.now)
        batch.audit("parked-retried", actor=by, what=f"parked {id}", command=None)
    answers.add(command.ward, command.device, command.stream, fields)
    core.send(answers.messages(batch.now))
    return as_receipt(fields)


def _message(row: Any) -> ParkedMessage:
    try:
        ward = topics.parse(row.topic).ward
    except MessageUnreadable:
        ward = None
    return ParkedMessage(**{name: value for name, value in row._mapping.items() if name != "digest"}, ward=ward)
