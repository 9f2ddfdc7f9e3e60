"""Decides something for a ward: one way for the desk and for the page."""

from __future__ import annotations

from server.core import Core
from server.identity import audit
from server.identity.staff import Person
from server.wards.service import known_ward
from wardlink.messages.ward_settings import SetWard


def decide(core: Core, person: Person, ward: str, said: SetWard, command: str | None = None) -> None:
    """Tell the ward's carts at once, and write down who has decided it. Who may is asked before.

    Raises:
        NotFound: there is no such ward.
    """
    with core.db.read() as conn:
        known_ward(conn, ward)
    core.execute("ward-setting.set", said, ward=ward, actor=person.actor, command_id=command)
    with core.db.write() as conn:
        audit.note(core, conn, person, "ward-set", f"ward {ward}", **said.model_dump(exclude_none=True))
