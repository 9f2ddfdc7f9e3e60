"""What the terminal of a bed may see: what is its patient's own, and nobody else's."""

from __future__ import annotations

from sqlalchemy import Connection

from server.identity.models import Device
from server.patients.service import occupant_of
from wardlink.errors import NotAllowed


def demand_occupant(conn: Connection, terminal: Device, encounter: str) -> None:
    """Let a terminal through for whoever lies in its bed now.

    Raises:
        NotAllowed: it is no bed's terminal, or somebody else lies there, or nobody.
    """
    t = terminal
    if t.kind != "terminal" or t.bed is None or occupant_of(conn, t.ward, t.bed) != encounter:
        raise NotAllowed
