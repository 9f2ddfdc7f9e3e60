"""Changes as ranges: read from the log for those who catch up, rendered for the wire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Row, Table, select

from server.chain import GENESIS, joint
from server.models import ChangeRow
from server.patients.models import Ward
from server.projection import for_bed
from wardlink.errors import NotFound

_CHANGE: Table = ChangeRow.__table__  # type: ignore[attr-defined]
_WARD: Table = Ward.__table__  # type: ignore[attr-defined]

MAX_RANGE = 2_000
"""The most changes that one answer over HTTP holds."""

MAX_RANGE_BYTES = 1024 * 1024
"""Beyond this an answer takes no further change: ECG strips are a thousand times larger than a pulse."""


@dataclass(frozen=True, slots=True)
class Range:
    """Changes of a ward with `after < seq <= upto`, as rows of the log."""

    ward: str
    log_id: str
    after: int
    upto: int
    joint_after: str
    joint_upto: str
    rows: tuple[Mapping[str, Any], ...]
    more: bool = False


_WHERE_KNOWN = ("command", "device", "bed", "encounter")


def render_change(row: Mapping[str, Any]) -> bytes:
    """One change in the shape of `wardlink.messages.changes.Change`; its body is the stored text."""
    fields = {"seq": row["seq"], "kind": row["kind"], "at": row["at"]}
    for name in _WHERE_KNOWN:
        value = row[name]
        if value is not None:
            fields[name] = value
    fields["body"] = orjson.Fragment(row["body"])
    return orjson.dumps(fields)


def render_range(found: Range, at: datetime, changes: Iterable[bytes] | None = None) -> bytes:
    """A range in the shape of `wardlink.messages.changes.ChangeRange`; `changes` if already rendered."""
    rendered = [render_change(row) for row in found.rows] if changes is None else changes
    return orjson.dumps(
        {
            "v": 1,
            "ward": found.ward,
            "log": found.log_id,
            "at": at,
            "after": found.after,
            "upto": found.upto,
            "joint_after": found.joint_after,
            "joint_upto": found.joint_upto,
            "changes": [orjson.Fragment(change) for change in rendered],
            "more": found.more,
        }
    )


def read_range(conn: Connection, ward: str, after: int, *, limit: int = MAX_RANGE, bed: str | None = None) -> Range:
    """What has changed in `ward` since `after`; only what the terminal of `bed` may know, if one is given.

    Raises:
        NotFound: there is no such ward.
    """
    head = conn.execute(select(_WARD.c.log_id, _WARD.c.seq, _WARD.c.head).where(_WARD.c.id == ward)).first()
    if head is None:
        raise NotFound(what="ward", name=ward)
    query = (
        select(_CHANGE)
        .where(_CHANGE.c.ward == ward, _CHANGE.c.seq > after)
        .order_by(_CHANGE.c.seq)
        .limit(min(limit, MAX_RANGE))
    )
    rows = _up_to(MAX_RANGE_BYTES, conn.execute(query))
    upto = rows[-1]["seq"] if rows else min(after, head.seq)
    joint_after = _joint(conn, ward, after, head)
    joint_upto = joint(rows[-1]["hash"]) if rows else _joint(conn, ward, upto, head)
    if bed is not None:
        rows = [seen for row in rows if (seen := for_bed(row, ward, bed)) is not None]
    return Range(ward, head.log_id, after, upto, joint_after, joint_upto, tuple(rows), more=upto < head.seq)


def _up_to(most_bytes: int, found: Iterable[Row[Any]]) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = []
    for row in found:
        rows.append(row._asdict())
        most_bytes -= len(row.body)
        if most_bytes < 0:
            break
    return rows


def _joint(conn: Connection, ward: str, seq: int, head: Any) -> str:
    if seq == head.seq:
        return joint(head.head)
    if seq == 0:
        return joint(GENESIS)
    found = conn.execute(select(_CHANGE.c.hash).where(_CHANGE.c.ward == ward, _CHANGE.c.seq == seq)).scalar()
    return "" if found is None else joint(found)
