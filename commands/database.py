"""Opens the server's database for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from commands.settings import read_settings
from wardlink.errors import Misconfigured
from wardlink.i18n import N_

if TYPE_CHECKING:
    from server.db import Database

_NO_WARD = N_("No ward is kept at {url}. Start the server once: it makes its database.")


@contextmanager
def server_database(data: Path | None, database: str | None) -> Iterator[Database]:
    """The database of these options, or of the environment, until the end of the block.

    Raises:
        Misconfigured: there is none, or a setting is not valid.
    """
    from server.db import Database
    from server.migrate import shown, upgrade

    settings = read_settings(data_dir=data, database_url=database)
    if settings.database_url is None and not (settings.data_dir / "ward.db").exists():
        # A wrong folder must not become one more empty ward.
        raise Misconfigured(_NO_WARD, url=shown(settings.url))
    upgrade(settings.url)
    db = Database(settings.url)
    try:
        yield db
    finally:
        db.close()
