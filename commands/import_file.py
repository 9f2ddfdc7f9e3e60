"""`wardlink server import`: take over a file of admissions, on the server's database."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from commands.settings import read_settings
from wardlink.errors import InvalidInput, Misconfigured
from wardlink.i18n import N_, domain

_ = domain("commands").gettext

_NO_FILE = N_("The file {path} cannot be read: {reason}.")
_NO_SERVER = N_("There is no ward server's data at {url}. Start the server once: it makes its database.")


def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV in UTF-8 or GB18030; the first line names the columns.")],
    ward: Annotated[str | None, typer.Option(help="The ward of lines that name none.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every line and change nothing.")] = False,
    data: Annotated[Path | None, typer.Option(help="The server's data folder. Else WARDLINK_DATA_DIR.")] = None,
    database: Annotated[
        str | None, typer.Option(help="The server's database, if it is not SQLite in the data folder.")
    ] = None,
) -> None:
    """Admit everybody in a file: all of its lines, or none, with the reason for every line that cannot be.

    The same file again changes nothing. Carts see new patients with the next change of their ward, or at once if
    the file is sent to the running server instead.
    """
    # `wardlink server --data FOLDER import FILE` means the same folder.
    above = context.parent.params if context.parent else {}
    settings = read_settings(data_dir=data or above.get("data"), database_url=database or above.get("database"))
    try:
        content = file.read_bytes()
    except OSError as exc:
        raise InvalidInput(_NO_FILE, path=file, reason=exc.strerror) from exc
    if settings.database_url is None and not (settings.data_dir / "ward.db").is_file():
        raise Misconfigured(_NO_SERVER, url=settings.data_dir)
    from server.core import Core
    from server.db import Database
    from server.migrate import upgrade
    from server.patients.imports import import_admissions
    from wardlink.clock import SystemClock
    from wardlink.messages.base import Actor

    upgrade(settings.url)
    core = Core(Database(settings.url), SystemClock())
    try:
        actor = Actor(kind="system", id="import")
        done = import_admissions(core, content, actor=actor, ward=ward, dry_run=dry_run)
        if not dry_run:
            what = f"{done.admitted} admitted, {done.already} there already"
            core.audit("import", actor=str(actor), what=what, detail={"login": getpass.getuser()})
    finally:
        core.db.close()
    words = (
        _("{admitted} would be admitted, {already} are there already. Nothing was changed.")
        if dry_run
        else _("{admitted} admitted, {already} were there already.")
    )
    print(words.format(admitted=done.admitted, already=done.already))
