"""Reads the ward record: one thing, a list of a ward or a stay, and what a device must hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, Table, func, or_, select

from server.record.models import RecordRow
from wardlink.messages.records import RecordView
from wardlink.record.kind import Kind
from wardlink.record.kinds import KINDS

_RECORD: Table = RecordRow.__table__  # type: ignore[attr-defined]

V = TypeVar("V", bound=RecordView)

_AT_ONCE = 500


def record_called(conn: Connection, kind: Kind[V], record: str) -> tuple[str, V] | None:
    """A thing with the ward it was told to last; None if there is none with this id."""
    row = conn.execute(
        select(_RECORD.c.ward, _RECORD.c.body).where(_RECORD.c.kind == kind.name, _RECORD.c.id == record)
    ).first()
    return None if row is None else (row.ward, kind.view.model_validate_json(row.body))


def records_of(
    conn: Connection,
    kind: Kind[V],
    *,
    ward: str | None = None,
    encounter: str | None = None,
    states: Collection[str] = (),
    only_open: bool = False,
    since: datetime | None = None,
    until: datetime | None = None,
    newest_first: bool = False,
    limit: int | None = None,
    offset: int = 0,
) -> list[V]:
    """Things of one kind in the order of their `at`: from `since` on, before `until`."""
    query: Select[Any] = select(_RECORD.c.body).where(_RECORD.c.kind == kind.name)
    if ward is not None:
        query = query.where(_RECORD.c.ward == ward)
    if encounter is not None:
        query = query.where(_RECORD.c.encounter == encounter)
    if states:
        query = query.where(_RECORD.c.state.in_(states))
    if only_open:
        query = query.where(_RECORD.c.is_open.is_(True))
    if since is not None:
        query = query.where(_RECORD.c.at >= since)
    if until is not None:
        query = query.where(_RECORD.c.at < until)
    order = (_RECORD.c.at.desc(), _RECORD.c.id.desc()) if newest_first else (_RECORD.c.at, _RECORD.c.id)
    rows = conn.execute(query.order_by(*order).limit(limit).offset(offset))
    return [kind.view.model_validate_json(body) for (body,) in rows]


def open_of(conn: Connection, kind: Kind[V], encounters: Collection[str]) -> list[V]:
    """What is still open of one kind at these stays, in the order of its `at`."""
    found: list[V] = []
    for part in _parts(encounters):
        query = select(_RECORD.c.body).where(
            _RECORD.c.kind == kind.name, _RECORD.c.is_open.is_(True), _RECORD.c.encounter.in_(part)
        )
        found += [kind.view.model_validate_json(body) for (body,) in conn.execute(query)]
    return sorted(found, key=lambda view: (kind.at(view), view.id))


def for_device(
    conn: Connection, ward: str, encounters: Collection[str], now: datetime, *, at_bed: bool
) -> dict[str, list[str]]:
    """What a device of a ward must hold, by kind: JSON of the records of these stays, and of the ward itself.

    `at_bed`: for the terminal of a bed, which may hold less.
    """
    found: dict[str, list[str]] = {}
    for kind in KINDS:
        if at_bed and not kind.for_bed:
            continue
        wanted = or_(_RECORD.c.is_open.is_(True), _RECORD.c.at > now - kind.kept_for)
        places: list[ColumnElement[bool]] = [_RECORD.c.encounter.in_(part) for part in _parts(encounters)]
        if not at_bed or kind.for_every_bed:
            places.append((_RECORD.c.ward == ward) & _RECORD.c.encounter.is_(None))
        bodies: list[str] = []
        for place in places:
            query = select(_RECORD.c.body, _RECORD.c.at, _RECORD.c.id).where(_RECORD.c.kind == kind.name, wanted, place)
            bodies += _newest(conn, query, kind.newest_per_stay)
        if bodies:
            found[kind.name] = bodies
    return found


def _newest(conn: Connection, query: Select[Any], per_stay: int | None) -> Iterable[str]:
    if per_stay is not None:
        rank = func.dense_rank().over(partition_by=_RECORD.c.encounter, order_by=_RECORD.c.at.desc())
        ranked = query.add_columns(rank.label("rank")).subquery()
        query = select(ranked.c.body, ranked.c.at, ranked.c.id).where(ranked.c.rank <= per_stay)
    rows = query.subquery()
    return conn.execute(select(rows.c.body).order_by(rows.c.at, rows.c.id)).scalars()


def _parts(names: Collection[str]) -> Iterable[list[str]]:
    listed = list(names)
    return (listed[start : start + _AT_ONCE] for start in range(0, len(listed), _AT_ONCE))
