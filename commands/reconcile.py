"""`wardlink reconcile`: compare a payment channel's bill of a day with our books, on the server's database."""

from __future__ import annotations

import getpass
import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Literal

import typer

from commands.settings import read_settings
from wardlink.clock import ward_date
from wardlink.errors import InvalidInput, Misconfigured
from wardlink.i18n import N_, domain

if TYPE_CHECKING:
    from server.core import Core
    from server.reconcile.rows import RunView
    from server.reconcile.service import Reconciliation

_ = domain("commands").gettext

_NO_FILE = N_("The file {path} cannot be read: {reason}.")
_NO_SERVER = N_("There is no ward server's data at {url}. Start the server once: it makes its database.")
_NO_CHANNEL = N_("Say with --channel whose bill this file is.")
_NONE = N_("No payment channel is switched on. See docs/operations.md.")

_GZIP = b"\x1f\x8b"


def reconcile(
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day, in the ward's time zone. Else yesterday.")
    ] = None,
    channel: Annotated[
        Literal["wechat", "alipay", "sandbox"] | None, typer.Option(help="This channel alone. Else all that are on.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="A bill that was fetched by hand: WeChat's text or .gz, Alipay's zip.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="The server's data folder. Else WARDLINK_DATA_DIR.")] = None,
    database: Annotated[
        str | None, typer.Option(help="The server's database, if it is not SQLite in the data folder.")
    ] = None,
) -> None:
    """Compare the bill of a day with our books; what does not fit is listed for a person to deal with.

    The server does this by itself every morning. The same day again changes nothing that a person has said.
    Exit code 1: a bill could not be compared.
    """
    settings = read_settings(data_dir=data, database_url=database)
    if settings.database_url is None and not (settings.data_dir / "ward.db").is_file():
        raise Misconfigured(_NO_SERVER, url=settings.data_dir)
    if file is not None and channel not in ("wechat", "alipay"):
        raise InvalidInput(_NO_CHANNEL)
    from server.core import Core
    from server.db import Database
    from server.integrations.choosing import payment_channels
    from server.migrate import upgrade
    from server.reconcile.service import DONE, Reconciliation
    from wardlink.clock import SystemClock

    upgrade(settings.url)
    core = Core(Database(settings.url), SystemClock())
    day = ward_date(datetime.now(UTC)) - timedelta(days=1) if on is None else on.date()
    try:
        providers = payment_channels(settings, core.clock) if file is None else {}
        service = Reconciliation(core, providers)
        wanted = service.channels if channel is None else (channel,)
        if not wanted:
            raise Misconfigured(_NONE)
        runs = []
        for each in wanted:
            what = f"bill {each} {day}"
            core.audit("reconcile-run", actor="system:console", what=what, detail={"login": getpass.getuser()})
            runs.append(service.run(each, day) if file is None else _from_file(service, each, file, day))
        for run in runs:
            print(_line(core, run))
    finally:
        core.db.close()
    if any(run.status != DONE for run in runs):
        raise typer.Exit(1)


def _from_file(service: Reconciliation, channel: str, path: Path, day: date) -> RunView:
    from server.integrations.alipay import bill as alipay
    from server.integrations.wechat import bill as wechat

    with _opened(path) as content:
        rows = wechat.rows(content) if channel == "wechat" else alipay.rows(content)
        return service.run_rows(channel, day, rows)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        with path.open("rb") as content:
            is_packed = content.read(2) == _GZIP
            content.seek(0)
            if is_packed:
                with gzip.open(content) as clear:
                    yield clear  # type: ignore[misc]
            else:
                yield content
    except OSError as exc:
        raise InvalidInput(_NO_FILE, path=path, reason=exc.strerror or type(exc).__name__) from exc


def _line(core: Core, run: RunView) -> str:
    from server.reconcile.rows import Wanted, differences
    from server.reconcile.service import DONE
    from wardlink.money import yuan

    if run.status != DONE:
        return _("{channel} {on}: not compared ({why})").format(channel=run.channel, on=run.on, why=run.status)
    with core.db.read() as conn:
        found = differences(conn, core.clock.now(), Wanted(channel=run.channel, on=run.on))
    states = [each.state for each in found]
    words = _("{channel} {on}: {lines} lines, {matched} fit, {open} open, {waiting} waiting; settlement {yuan} yuan")
    return words.format(
        channel=run.channel,
        on=run.on,
        lines=run.lines,
        matched=run.matched,
        open=states.count("open"),
        waiting=states.count("waiting"),
        yuan=yuan(run.settlement_fen),
    )
