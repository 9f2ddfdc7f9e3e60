"""The first person who may do anything: made by the server itself when nobody works here yet."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from sqlalchemy import func, select

from server.core import Core
from server.identity import audit, staff
from server.identity.models import Staff

FIRST = "first-sign-in.txt"

BADGE = "ADMIN"


def first_administrator(core: Core, folder: Path) -> Path | None:
    """Add an administrator if there is no staff at all; returns the file that holds the badge and the PIN.

    The file is for this user only. Whoever has signed in with it adds the real staff, and deletes it.
    """
    with core.db.read() as conn:
        if conn.execute(select(func.count()).select_from(Staff)).scalar():
            return None
    pin = f"{secrets.randbelow(10**10):010}"
    pin_hash = staff.hashed(pin)
    path = folder / FIRST
    with core.db.write() as conn:
        if conn.execute(select(func.count()).select_from(Staff)).scalar():
            return None
        staff.add(conn, id="admin", name="Administrator", role="admin", badge=BADGE, pin_hash=pin_hash)
        audit.append(
            conn,
            at=core.clock.now(),
            actor="system:server",
            device=None,
            action="staff-added",
            what="staff admin",
            encounter=None,
            command=None,
            detail={"role": "admin"},
        )
        # Before the commit: an administrator whose PIN nobody knows would lock everybody out.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"badge {BADGE}\nPIN {pin}\n")
    return path
