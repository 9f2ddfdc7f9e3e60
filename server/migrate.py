"""Brings a database to the tables of this version; called before anything else is done with it.

`python -m server.migrate "what changes"` writes the next migration from what `server.tables` says and the
migrations so far do not; read it before you commit it.
"""

from __future__ import annotations

import argparse
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, event, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlmodel.sql.sqltypes import AutoString

from server.db import Instant, connect
from wardlink.errors import Misconfigured, Unreachable
from wardlink.i18n import N_

_FOLDER = Path(__file__).parent / "migrations"

_LOCK_KEY = 0x57_4C_4D_49_47  # "WLMIG"

_NEWER = N_("The database was made by a newer Wardlink than this one. Install that version, or restore a backup.")
_ADDRESS = N_("{url} is not the address of a database. Say sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME.")
_AWAY = N_("The database {url} cannot be opened: {detail}")
_BROKEN = N_("The migration left rows that point nowhere: {detail}")


def _render_type(kind: str, thing: Any, _context: Any) -> str | bool:
    # A migration must not change its meaning when a class of ours does.
    if kind == "type" and isinstance(thing, Instant):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(thing, AutoString):
        return f"sa.String(length={thing.length})"
    return False


DESCRIBE: dict[str, Any] = {"render_as_batch": True, "compare_type": True, "render_item": _render_type}
"""How Alembic compares and writes down tables, here and in the tests."""


def upgrade(url: str, *, revision: str = "head") -> None:
    """Create or change the tables of the database at `url`; does nothing where they are already right.

    All in one transaction: a migration that fails leaves the database as it was. Two processes may call this
    at the same time.

    Raises:
        Misconfigured: the address is wrong, or a newer version of Wardlink has changed the database.
        Unreachable: the database does not answer, or cannot be opened.
    """
    _run(url, lambda config: _upgrade(config, revision))


def downgrade(url: str, revision: str) -> None:
    """Take the tables back to an earlier revision; what has no place there is lost. See `upgrade`."""
    _run(url, lambda config: command.downgrade(config, revision))


def shown(url: str) -> str:
    """The address of a database as it may be printed: without its password.

    Raises:
        Misconfigured: it is none.
    """
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError as exc:
        raise Misconfigured(_ADDRESS, url=url.partition(":")[0]) from exc


def _run(url: str, work: Any) -> None:
    address = shown(url)
    path = make_url(url).database
    if url.startswith("sqlite") and path not in (None, "", ":memory:"):
        Path(str(path)).parent.mkdir(parents=True, exist_ok=True)
    engine = connect(url)
    if engine.dialect.name == "sqlite":
        # A table that is rebuilt is dropped for a moment; what points to it must stay.
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys=OFF"))
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
            work(_config(connection))
            _check_references(connection)
    except OperationalError as exc:
        raise Unreachable(_AWAY, url=address, detail=" ".join(str(exc.orig).split())) from exc
    except CommandError as exc:
        raise Misconfigured(_NEWER) from exc
    finally:
        engine.dispose()


def _upgrade(config: Config, revision: str) -> None:
    stands_at = MigrationContext.configure(config.attributes["connection"]).get_current_heads()
    if revision != "head" or stands_at != (_head(),):
        command.upgrade(config, revision)


@cache
def _head() -> str | None:
    # Alembic loads every migration to find the newest one.
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
        raise Misconfigured(_BROKEN, detail=", ".join(sorted({str(row[0]) for row in lost})))


def _write_next(message: str) -> None:
    number = f"{len(list((_FOLDER / 'versions').glob('[0-9]*.py'))) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/empty.db"
        upgrade(url)
        _run(url, lambda config: command.revision(config, message, autogenerate=True, rev_id=number))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write the next migration from the difference to the tables.")
    parser.add_argument("message", help="what changes, in a few words")
    _write_next(parser.parse_args().message)
