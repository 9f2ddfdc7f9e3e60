"""Who acts: checked by every handler of what only staff may do, and told where nobody knows the name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlmodel import col

from server.batch import Batch
from server.identity.models import Staff
from wardlink.errors import NotAllowed
from wardlink.i18n import N_
from wardlink.messages.commands import Command


def staff_only(command: Command) -> None:
    """Check that a member of staff says this; who exactly is found out afterwards.

    Raises:
        NotAllowed: a patient or a device by itself.
    """
    if command.actor.kind not in ("staff", "system"):
        raise NotAllowed(N_("Only staff may do this."))


def role_of(batch: Batch, person: str) -> str | None:
    """The role of a member of staff; None where nobody here has that id."""
    role: str | None = batch.conn.execute(select(col(Staff.role)).where(col(Staff.id) == person)).scalar()
    return role


def note_unknown_actor(batch: Batch, command: Command, *, ward: str, **place: Any) -> None:
    """Open an exception where the member of staff is none of ours; what they reported is kept."""
    if command.actor.kind == "staff" and batch.census.staff_name(batch.conn, command.actor.id) is None:
        batch.exception("unknown-actor", ward=ward, command=command, **place)
