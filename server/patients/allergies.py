"""A patient's allergies as another subject has found them: told with the command that has shown them."""

from __future__ import annotations

from sqlalchemy import Table, update

from server.batch import Batch
from server.patients.models import Encounter
from server.patients.service import encounter_view
from wardlink.messages.commands import Command

_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]


def change_allergies(
    batch: Batch, command: Command, encounter: str, *, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()
) -> None:
    """Add and take away these words, and tell everybody; nothing happens where nothing changes."""
    before = encounter_view(batch.conn, encounter)
    if before is None:
        return
    after = tuple(dict.fromkeys([*(text for text in before.allergies if text not in remove), *add]))
    if after == before.allergies:
        return
    batch.conn.execute(update(_ENCOUNTER).where(_ENCOUNTER.c.id == encounter).values(allergies=list(after)))
    batch.census.forget_resident(encounter)
    view = before.model_copy(update={"allergies": after})
    batch.change(
        view.ward,
        "encounter.changed",
        view.model_dump(mode="json", exclude_none=True),
        command=command,
        actor=str(command.actor),
        bed=view.bed,
        encounter=encounter,
        first=False,
    )
