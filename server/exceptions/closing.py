"""A case that closes by what was done about it, without anybody's saying so."""

from __future__ import annotations

from sqlalchemy import Table, select, update

from server.batch import Batch
from server.exceptions.models import ExceptionRow
from server.exceptions.service import exception_called
from wardlink.messages.commands import Command
from wardlink.messages.exceptions import ExceptionKind

_EXCEPTION: Table = ExceptionRow.__table__  # type: ignore[attr-defined]


def close_done(batch: Batch, command: Command, kinds: tuple[ExceptionKind, ...], about: str, reason: str) -> None:
    """Close the open cases of these kinds whose detail names `about` as its subject; this command has dealt with them.

    `about` is the id of the command that opened them, or of the thing that their detail calls `subject`.
    """
    batch.flush()
    query = select(_EXCEPTION.c.id, _EXCEPTION.c.detail).where(
        _EXCEPTION.c.kind.in_(kinds), _EXCEPTION.c.closed_at.is_(None)
    )
    for name, detail in batch.conn.execute(query).all():
        if (detail or {}).get("subject") == about:
            close_case(batch, command, name, reason)


def close_case(batch: Batch, command: Command, name: str, reason: str) -> None:
    """Close this case, which is open; this command has dealt with it."""
    found = exception_called(batch.conn, name)
    if found is None:
        return
    marks = {"closed_at": command.entered_at, "closed_by": command.actor, "closed_reason": reason}
    ward, view = found[0], found[1].model_copy(update=marks)
    batch.conn.execute(
        update(_EXCEPTION)
        .where(_EXCEPTION.c.id == name)
        .values(closed_at=command.entered_at, closed_by=str(command.actor), closed_reason=reason)
    )
    batch.change(
        ward,
        "exception.closed",
        view.model_dump(mode="json", exclude_none=True),
        command=command,
        actor=str(command.actor),
        bed=view.bed,
        encounter=view.encounter,
        first=False,
    )
