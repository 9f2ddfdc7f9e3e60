"""Reads calls: the open ones of a ward for the snapshot and the board, and one by any name it was given."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Select, Table, select
from sqlmodel import col

from server.calls.models import CallRow
from server.calls.rules import OPEN
from server.identity.models import Staff
from server.models import ChangeRow
from wardlink.messages.base import Actor
from wardlink.messages.calls import CallChanged

_CALL: Table = CallRow.__table__  # type: ignore[attr-defined]
_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]
_TAKER = _STAFF.alias("taker")
_COMER = _STAFF.alias("comer")


def open_calls(conn: Connection, ward: str) -> list[CallChanged]:
    """The calls of a ward that are not over, oldest first."""
    query = _with_names().where(_CALL.c.ward == ward, _CALL.c.state.in_(OPEN)).order_by(_CALL.c.raised_at, _CALL.c.id)
    return [_view(row) for row in conn.execute(query)]


def raised_by_family(conn: Connection, ward: str) -> frozenset[str]:
    """Which of the calls of a ward that are not over were first pressed by family."""
    query = select(_CALL.c.id).where(_CALL.c.ward == ward, _CALL.c.state.in_(OPEN), _CALL.c.raised_by == "family")
    return frozenset(conn.execute(query).scalars())


def call_view(conn: Connection, call: str) -> CallChanged | None:
    """One call as everybody holds it, open or not."""
    row = conn.execute(_with_names().where(_CALL.c.id == call)).first()
    return None if row is None else _view(row)


def open_call_of(conn: Connection, ward: str, bed: str) -> dict[str, Any] | None:
    """The row of the call of this bed that another press merges into."""
    query = (
        select(_CALL)
        .where(_CALL.c.ward == ward, _CALL.c.bed == bed, _CALL.c.state.in_(OPEN))
        .order_by(_CALL.c.raised_at, _CALL.c.id)
        .limit(1)
    )
    row = conn.execute(query).first()
    return None if row is None else dict(row._mapping)


def call_called(conn: Connection, press: str) -> dict[str, Any] | None:
    """The row of the call that this press raised, or was merged into."""
    row = conn.execute(select(_CALL).where(_CALL.c.id == press)).first()
    if row is None:
        merged = conn.execute(
            select(col(ChangeRow.body)).where(
                col(ChangeRow.command) == press, col(ChangeRow.first), col(ChangeRow.kind) == "call.changed"
            )
        ).scalar()
        if merged is None:
            return None
        call = CallChanged.model_validate_json(merged).id
        row = conn.execute(select(_CALL).where(_CALL.c.id == call)).first()
    return None if row is None else dict(row._mapping)


def _with_names() -> Select[Any]:
    taker = _CALL.c.acknowledged_by == "staff:" + _TAKER.c.id
    comer = _CALL.c.arrived_by == "staff:" + _COMER.c.id
    return (
        select(_CALL, _TAKER.c.name.label("acknowledged_name"), _COMER.c.name.label("arrived_name"))
        .outerjoin(_TAKER, taker)
        .outerjoin(_COMER, comer)
    )


def _view(row: Row[Any]) -> CallChanged:
    fields = {name: value for name, value in row._mapping.items() if name in CallChanged.model_fields}
    if row.acknowledged_by is not None:
        kind, _, name = row.acknowledged_by.partition(":")
        fields["acknowledged_by"] = Actor(kind=kind, id=name)
    return CallChanged(**fields)
