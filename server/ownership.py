"""One server at a time works on a database: two would each believe that they know where every device stands."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from sqlalchemy import Connection, text

from server.db import Database
from wardlink.errors import Collision
from wardlink.i18n import N_

_TAKEN = N_("Another server works on this database already: {where}. End it first.")

_KEY = 0x57_4C_53_45_52_56_45  # "WLSERVE"

_WAIT_S = 5.0
"""PostgreSQL takes a moment to notice that a server was killed."""


class Ownership:
    """Held while a server runs; the operating system or PostgreSQL takes it back when the server dies."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._file: int | None = None
        self._connection: Connection | None = None

    def take(self) -> None:
        """Take it.

        Raises:
            Collision: another server holds it.
        """
        until_s = time.monotonic() + _WAIT_S
        while not self._try():
            if self._db.engine.dialect.name != "postgresql" or time.monotonic() > until_s:
                raise Collision(_TAKEN, where=self._db.engine.url.render_as_string(hide_password=True))
            time.sleep(0.2)

    def release(self) -> None:
        """Let others have it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        if self._connection is not None:
            # The lock belongs to the session: the connection must not go back into the pool with it.
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _try(self) -> bool:
        if self._db.engine.dialect.name == "postgresql":
            connection = self._db.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            if connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _KEY}).scalar():
                self._connection = connection
                return True
            connection.close()
            return False
        path = self._db.engine.url.database
        if path in (None, "", ":memory:"):
            return True
        descriptor = os.open(Path(f"{path}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._file = descriptor
        return True
