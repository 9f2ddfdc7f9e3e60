"""A person has looked at an exception and says what was done."""

from __future__ import annotations

from sqlalchemy import Table, update

from server.actors import note_unknown_actor, staff_only
from server.batch import Batch
from server.exceptions.models import ExceptionRow
from server.exceptions.service import exception_called
from server.handlers import Handler
from wardlink.errors import NotAllowed, NotFound
from wardlink.i18n import N_
from wardlink.messages.commands import Command
from wardlink.messages.exceptions import CloseException, ExceptionView

_EXCEPTION: Table = ExceptionRow.__table__  # type: ignore[attr-defined]


def close(batch: Batch, command: Command, body: CloseException) -> int:
    """Close an exception. Two people may have closed it on two carts: the first word stands, the other is kept.

    Raises:
        NotFound: nobody has opened it.
        NotAllowed: no member of staff, or it belongs to another ward.
    """
    staff_only(command)
    found = exception_called(batch.conn, body.exception)
    if found is None:
        raise NotFound(what="exception", name=body.exception)
    ward, view = found
    if ward != command.ward:
        raise NotAllowed(N_("This exception belongs to another ward."))
    closed = _closed(view, command, body) if view.closed_at is None else _closed_again(view, command, body)
    batch.conn.execute(
        update(_EXCEPTION)
        .where(_EXCEPTION.c.id == view.id)
        .values(
            closed_at=closed.closed_at,
            closed_by=str(closed.closed_by),
            closed_reason=closed.closed_reason,
            detail=closed.detail,
        )
    )
    seq = batch.change(
        ward,
        "exception.closed",
        closed.model_dump(mode="json", exclude_none=True),
        command=command,
        actor=str(command.actor),
        bed=view.bed,
        encounter=view.encounter,
    )
    note_unknown_actor(batch, command, ward=ward, encounter=view.encounter, bed=view.bed)
    return seq


def _closed(view: ExceptionView, command: Command, body: CloseException) -> ExceptionView:
    return view.model_copy(
        update={"closed_at": command.entered_at, "closed_by": command.actor, "closed_reason": body.reason}
    )


def _closed_again(view: ExceptionView, command: Command, body: CloseException) -> ExceptionView:
    also = f"also_closed_{1 + sum(name.startswith('also_closed_') for name in view.detail)}"
    said = f"{command.actor} {command.entered_at.isoformat()}: {body.reason}"
    return view.model_copy(update={"detail": view.detail | {also: said}})


HANDLERS = {"exception.close": Handler(close, devices=frozenset({"cart"}))}
