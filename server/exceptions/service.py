"""Reads exceptions: what waits for a person, and one by its id."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, Table, select

from server.exceptions.models import ExceptionRow
from wardlink.messages.base import Actor
from wardlink.messages.exceptions import ExceptionView

_EXCEPTION: Table = ExceptionRow.__table__  # type: ignore[attr-defined]


def open_exceptions(conn: Connection, ward: str) -> list[ExceptionView]:
    """What nobody has closed yet in this ward, oldest first."""
    return exceptions_of(conn, ward)


def exceptions_of(
    conn: Connection, ward: str, *, closed: bool = False, limit: int | None = None, offset: int = 0
) -> list[ExceptionView]:
    """The exceptions of a ward: the open ones oldest first, or the closed ones newest first."""
    query = select(_EXCEPTION).where(_EXCEPTION.c.ward == ward).limit(limit).offset(offset)
    if closed:
        query = query.where(_EXCEPTION.c.closed_at.is_not(None)).order_by(
            _EXCEPTION.c.closed_at.desc(), _EXCEPTION.c.id.desc()
        )
    else:
        query = query.where(_EXCEPTION.c.closed_at.is_(None)).order_by(_EXCEPTION.c.opened_at, _EXCEPTION.c.id)
    return [as_view(row) for row in conn.execute(query)]


def exception_called(conn: Connection, exception: str) -> tuple[str, ExceptionView] | None:
    """An exception with the ward it belongs to; None if there is none with this id."""
    row = conn.execute(select(_EXCEPTION).where(_EXCEPTION.c.id == exception)).first()
    return None if row is None else (row.ward, as_view(row))


def as_view(row: Row[Any]) -> ExceptionView:
    """A row as everybody holds it."""
    fields = {name: value for name, value in row._mapping.items() if name in ExceptionView.model_fields}
    return ExceptionView(**fields | {"actor": _actor(row.actor), "closed_by": _actor(row.closed_by)})


def _actor(text: str | None) -> Actor | None:
    if text is None:
        return None
    kind, _, name = text.partition(":")
    return Actor(kind=kind, id=name)
