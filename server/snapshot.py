"""Everything a device needs to begin, as of one number of its ward's log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, Select, Table, select
from sqlmodel import col

from server.calls.service import open_calls
from server.chain import joint
from server.exceptions.service import open_exceptions
from server.identity.models import Staff
from server.models import ChangeRow
from server.patients.models import Bed, Ward
from server.patients.service import residents
from server.record.service import for_device
from server.vitals.models import VitalsRow, is_told_by
from wardlink.errors import NotFound
from wardlink.messages.base import VERSION, Message
from wardlink.messages.encounters import EncounterView
from wardlink.record.chart_facts import CARTS_KNOW

_CHANGE: Table = ChangeRow.__table__  # type: ignore[attr-defined]
_VITALS: Table = VitalsRow.__table__  # type: ignore[attr-defined]

VITALS_BACK = timedelta(hours=72)
"""How far back the readings of a snapshot go."""

VITALS_PER_STAY = 500
"""The most sets of one stay that a snapshot holds: the newest; and of those of a ward that are nobody's."""

BY_HAND_BACK = CARTS_KNOW
"""How far back a cart's snapshot holds what was measured by hand: two pages of the temperature chart."""

BY_HAND_PER_STAY = 1_000


def render_snapshot(conn: Connection, ward: str, now: datetime, *, bed: str | None = None) -> bytes:
    """A snapshot in the shape of `wardlink.messages.changes.Snapshot`, read in one transaction.

    With `bed` it holds what the terminal of that bed may know: its stay, its readings, its call, and the
    names of the two people who look after it.

    Raises:
        NotFound: there is no such ward.
    """
    head = conn.execute(select(Ward).where(col(Ward.id) == ward)).first()
    if head is None:
        raise NotFound(what="ward", name=ward)
    stays = [stay for stay in residents(conn, ward) if bed is None or stay.bed == bed]
    calls = [call for call in open_calls(conn, ward) if bed is None or call.bed == bed]
    return orjson.dumps(
        {
            "v": VERSION,
            "ward": ward,
            "ward_name": head.name,
            "log": head.log_id,
            "seq": head.seq,
            "joint": joint(head.head),
            "at": now,
            "beds": _beds(conn, ward, bed),
            "staff": _staff(conn, None if bed is None else stays),
            "encounters": _plain(stays),
            "vitals": _vitals(conn, ward, [stay.id for stay in stays], now, at_bed=bed is not None),
            "calls": _plain(calls),
            "exceptions": _plain(open_exceptions(conn, ward)) if bed is None else [],
            "records": _records(conn, ward, [stay.id for stay in stays], now, at_bed=bed is not None),
        }
    )


def _plain(views: Iterable[Message]) -> list[dict[str, Any]]:
    return [view.model_dump(mode="json", exclude_none=True) for view in views]


def _beds(conn: Connection, ward: str, only: str | None) -> list[dict[str, str]]:
    query = select(col(Bed.id), col(Bed.label)).where(col(Bed.ward) == ward).order_by(col(Bed.position), col(Bed.id))
    return [{"id": bed, "label": label} for bed, label in conn.execute(query) if only in (None, bed)]


def _staff(conn: Connection, looked_after: list[EncounterView] | None) -> list[dict[str, str]]:
    query = select(col(Staff.id), col(Staff.name), col(Staff.role)).where(col(Staff.active)).order_by(col(Staff.id))
    names = None if looked_after is None else {stay.nurse for stay in looked_after} | {s.doctor for s in looked_after}
    return [
        {"id": staff, "name": name, "role": role}
        for staff, name, role in conn.execute(query)
        if names is None or staff in names
    ]


def _vitals(conn: Connection, ward: str, stays: list[str], now: datetime, *, at_bed: bool) -> list[orjson.Fragment]:
    found: list[orjson.Fragment] = []
    if not at_bed:
        nobodys = _sets(None, now - VITALS_BACK, VITALS_PER_STAY).where(_VITALS.c.ward == ward)
        found += [orjson.Fragment(_with_strike(row)) for row in reversed(conn.execute(nobodys).all())]
    for stay in stays:
        newest = _sets(stay, now - VITALS_BACK, VITALS_PER_STAY)
        rows = {(row.ward, row.seq): row for row in conn.execute(newest)}
        if not at_bed:
            by_hand = _sets(stay, now - BY_HAND_BACK, BY_HAND_PER_STAY).where(_VITALS.c.source == "manual")
            rows |= {(row.ward, row.seq): row for row in conn.execute(by_hand)}
        found += [
            orjson.Fragment(_with_strike(row))
            for row in sorted(rows.values(), key=lambda row: (row.measured_at, row.seq))
        ]
    return found


def _sets(stay: str | None, since: datetime, most: int) -> Select[Any]:
    return (
        select(
            _VITALS.c.ward,
            _VITALS.c.seq,
            _VITALS.c.measured_at,
            _CHANGE.c.body,
            _VITALS.c.struck_at,
            _VITALS.c.struck_by,
            _VITALS.c.struck_reason,
        )
        .join(_CHANGE, is_told_by())
        .where(_VITALS.c.encounter == stay, _VITALS.c.measured_at >= since)
        .order_by(_VITALS.c.measured_at.desc())
        .limit(most)
    )


def _records(
    conn: Connection, ward: str, stays: list[str], now: datetime, *, at_bed: bool
) -> dict[str, list[orjson.Fragment]]:
    found = for_device(conn, ward, stays, now, at_bed=at_bed)
    return {kind: [orjson.Fragment(body) for body in bodies] for kind, bodies in found.items()}


def _with_strike(row: Any) -> str:
    if row.struck_at is None:
        return str(row.body)
    kind, _, name = row.struck_by.partition(":")
    told = orjson.loads(row.body) | {
        "struck_at": row.struck_at,
        "struck_by": {"kind": kind, "id": name},
        "struck_reason": row.struck_reason,
    }
    return orjson.dumps(told).decode()
