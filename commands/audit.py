"""`wardlink audit`: write the heads of the chains down outside the database, and check the chains against them."""

from __future__ import annotations

import fcntl
import getpass
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.database import server_database
from wardlink.errors import InvalidInput
from wardlink.i18n import N_, domain

if TYPE_CHECKING:
    from server.chain import ChainCheck

_ = domain("commands").gettext

_NO_FILE = N_("The file {path} cannot be read: {reason}.")
_SHORT = N_("The key in {path} is too short: 32 bytes at least.")

_LEAST_KEY = 32

app = typer.Typer(
    name="audit",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Anchor the chains of the access record and of the change logs outside the database, and check them.",
)

Key = Annotated[
    Path | None,
    typer.Option(help="A file with a secret that does not lie on the server: seals lines, or checks seals."),
]
Data = Annotated[Path | None, typer.Option(help="The server's data folder. Else WARDLINK_DATA_DIR.")]
Database = Annotated[
    str | None, typer.Option(help="The server's database, if it is not SQLite in the data folder. See wardlink server.")
]


@app.command(short_help="Write down how far each chain is, and its head.")
def anchor(
    out: Annotated[
        Path | None, typer.Option(help="The file to which the lines are added. Without it they are printed.")
    ] = None,
    key: Key = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """Write a line a chain: its name, its length, its head and when. A file only ever grows.

    Keep the file, or the printed lines, where nobody who can write to the database can change them: another machine,
    a mail to somebody outside, paper. `wardlink audit check --anchors FILE` compares later.
    """
    from server.identity import anchors
    from wardlink.clock import SystemClock

    secret = None if key is None else _secret(key)
    with server_database(data, database) as db, db.read() as conn:
        found = anchors.heads(conn)
    now = SystemClock().now()
    if out is None:
        print(anchors.as_text(anchors.lines(found, now, key=secret)))
        return
    descriptor = os.open(out, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        before = file.read()
        # A file that is not whole is not made longer: the break would be hidden among new lines.
        anchors.read(before, secret)
        last = before.splitlines()[-1] if before else b""
        file.write(b"".join(line + b"\n" for line in anchors.lines(found, now, after=last, key=secret)))
        file.flush()
        os.fsync(file.fileno())
    print(_("{n} chains are anchored in {path}.").format(n=len(found), path=out))


@app.command(short_help="Check every chain, also against anchors.")
def check(
    anchored: Annotated[
        Path | None, typer.Option("--anchors", help="A file of anchors that was written before.")
    ] = None,
    key: Key = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """Walk along every chain and say where one breaks. Exit code 1: one is broken.

    Without anchors nobody can tell a chain that was written anew as a whole, or cut off at its end. Takes minutes where
    there are millions of lines. That it was checked is written into the access record.
    """
    from server.core import Core
    from server.identity import anchors
    from wardlink.clock import SystemClock

    known: Mapping[str, Mapping[int, bytes]] = {}
    if anchored is not None:
        known = anchors.read(_content(anchored), None if key is None else _secret(key))
    with server_database(data, database) as db:
        found = anchors.check(db, known)
        n = sum(map(len, known.values()))
        anchors.note_check(Core(db, SystemClock()), "system:console", found, user=getpass.getuser(), anchors=n)
    for name, result in found.items():
        print(_line(name, result, known.get(name, {})))
    if not all(result.whole for result in found.values()):
        raise typer.Exit(1)


def _line(name: str, found: ChainCheck, known: Mapping[int, bytes]) -> str:
    rows = f"{found.rows:,}"
    if found.whole:
        words = _("{name}: whole, {rows} lines; {n} anchors fit.")
        return words.format(name=name, rows=rows, n=len(known))
    no = found.broken_at or 0
    if found.why == "cut":
        words = _("{name}: BROKEN. Lines are missing from {no} on; an anchor or the ward knows {last}.")
        return words.format(name=name, no=no, last=max(known, default=no))
    if found.why == "replaced":
        since = max((each for each in known if each < no), default=0) + 1
        words = _(
            "{name}: BROKEN. Lines {since} to {no} were written anew: their hashes fit, but not the anchor of {no}."
        )
        return words.format(name=name, since=since, no=no)
    words = _("{name}: BROKEN at line {no}: it was changed, or one before it taken out or put in.")
    return words.format(name=name, no=no)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as exc:
        raise InvalidInput(_NO_FILE, path=path, reason=exc.strerror or type(exc).__name__) from exc


def _secret(path: Path) -> bytes:
    secret = _content(path).strip()
    if len(secret) < _LEAST_KEY:
        raise InvalidInput(_SHORT, path=path)
    return secret
