"""The one place where a complaint changes: the move is looked up, the step is kept, nobody overwrites another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, update

from server.complaints.models import Complaint, ComplaintStep
from wardlink.clinical.complaints import ComplaintAct, after
from wardlink.errors import Collision
from wardlink.i18n import N_
from wardlink.messages.base import Actor

_COMPLAINT: Table = Complaint.__table__  # type: ignore[attr-defined]
_STEP: Table = ComplaintStep.__table__  # type: ignore[attr-defined]

_NOT_NOW = N_("This cannot be done in the state it is in. Please look again.")


def moved(
    conn: Connection,
    row: Row[Any],
    act: ComplaintAct,
    *,
    step: str,
    at: datetime,
    actor: Actor,
    more: dict[str, Any],
    words: str | None = None,
    handler: str | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Take it on by `act`. `more`: what else of it changes; `words`, `handler`, `detail`: what the step keeps.

    Raises:
        Collision: there is no such move, or somebody else has moved it in the same moment.
    """
    state = after(row.kind, row.state, act)
    if state is None:
        raise Collision(_NOT_NOW)
    # By the state that was read: of two who act at once, one is told.
    done = conn.execute(
        update(_COMPLAINT).where(_COMPLAINT.c.id == row.id, _COMPLAINT.c.state == row.state).values(state=state, **more)
    )
    if done.rowcount != 1:
        raise Collision(_NOT_NOW)
    conn.execute(
        insert(_STEP).values(
            id=step,
            complaint=row.id,
            act=act,
            at=at,
            actor=str(actor),
            words=words,
            handler=handler,
            detail=detail or {},
        )
    )
