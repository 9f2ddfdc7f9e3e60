"""`wardlink broker`: the embedded broker without the server, or the files for a broker of the hospital's own."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from commands.settings import read_settings
from wardlink.errors import InvalidInput, Misconfigured
from wardlink.i18n import N_, domain

if TYPE_CHECKING:
    from pydantic import SecretStr

    from server.broker.accounts import Account
    from server.broker.external import BrokerKind
    from server.broker.nats import Tls
    from server.config import Settings
    from server.db import Database

_ = domain("commands").gettext

LOOK_EVERY_S = 2.0
"""How soon a device that was enrolled or revoked is known to a broker that runs alone."""

_NO_OUT = N_("--render needs --out: the folder that the files are written to.")
_HALF_TLS = N_("--cert and --key belong together.")
_NO_FILE = N_("There is no file {path}.")
_NO_DATABASE = N_("No ward is kept at {url}: {reason}. Start the server once, it makes its database.")


def broker(
    data: Annotated[Path | None, typer.Option(help="The server's data folder. Else WARDLINK_DATA_DIR.")] = None,
    database: Annotated[
        str | None,
        typer.Option(help="The server's database, if it is not SQLite in the data folder. See wardlink server."),
    ] = None,
    host: Annotated[str | None, typer.Option(help="The address to listen on. Else WARDLINK_BROKER_HOST.")] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="The port for devices. Else WARDLINK_BROKER_PORT.")
    ] = None,
    cert: Annotated[
        Path | None, typer.Option(help="A certificate (PEM) for the broker's name: devices then speak TLS.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="The key of the certificate.")] = None,
    render: Annotated[
        Literal["nats", "mosquitto"] | None,
        typer.Option(help="Start nothing; write configuration, accounts and permissions for this broker."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The folder that --render writes to.")] = None,
) -> None:
    """Run the message broker alone on a server's data folder, or write the configuration of another one.

    The server then runs with WARDLINK_BROKER=external and the password that this command names. A device that
    is enrolled or revoked is known to the running broker within two seconds; files of --render have to be
    written again.
    """
    from server.db import Database

    settings = read_settings(data_dir=data, database_url=database, broker_host=host, broker_port=port)
    tls = _tls(cert, key)
    kept = Database(settings.url)
    if render is None:
        _run(settings, kept, tls)
    elif out is None:
        raise InvalidInput(_NO_OUT)
    else:
        _render(render, settings, kept, out, tls)


def _tls(cert: Path | None, key: Path | None) -> Tls | None:
    from server.broker.nats import Tls

    if cert is None and key is None:
        return None
    if cert is None or key is None:
        raise InvalidInput(_HALF_TLS)
    for path in (cert, key):
        if not path.is_file():
            raise Misconfigured(_NO_FILE, path=path)
    return Tls(cert.resolve(), key.resolve())


def _run(settings: Settings, database: Database, tls: Tls | None) -> None:
    from server.broker.embedded import EmbeddedBroker

    folder = settings.data_dir / "broker"
    _accounts(database)
    password, place = _password(settings, folder)
    broker = EmbeddedBroker(
        folder,
        host=settings.broker_host,
        port=settings.broker_port,
        accounts=lambda: _accounts(database),
        binary=settings.nats_server,
        password=password,
        tls=tls,
    )
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    broker.start()
    try:
        print(_("The message broker listens on {host}, port {port}.").format(host=broker.host, port=broker.port))
        print(_("The server's name there is server; its password is in {place}.").format(place=place), flush=True)
        while not ending.wait(LOOK_EVERY_S):
            broker.reload()
    finally:
        broker.stop()


def _render(kind: BrokerKind, settings: Settings, database: Database, out: Path, tls: Tls | None) -> None:
    from server.broker.accounts import server_account
    from server.broker.external import write

    accounts = _accounts(database)
    password, place = _password(settings, out)
    host, port = settings.broker_host, settings.broker_port
    for path in write(kind, [server_account(password), *accounts], out, host=host, port=port, tls=tls):
        print(path)
    print(_("The server's name there is server; its password is in {place}.").format(place=place))
    print(_("Devices with an account: {count}.").format(count=len(accounts)))


def _password(settings: Settings, folder: Path) -> tuple[SecretStr, str]:
    """The server's password at this broker, and where a person finds it."""
    from server.broker.external import kept_password

    if settings.broker_password is not None:
        return settings.broker_password, "WARDLINK_BROKER_PASSWORD"
    path = folder.resolve() / "server.password"
    return kept_password(path), str(path)


def _accounts(database: Database) -> list[Account]:
    from sqlalchemy.exc import SQLAlchemyError

    from server.broker.accounts import accounts_of

    path = database.engine.url.database
    if database.engine.dialect.name == "sqlite" and path is not None and not Path(path).exists():
        # Looking into it would make an empty one.
        raise Misconfigured(_NO_DATABASE, url=database.url, reason="FileNotFoundError")
    try:
        with database.read() as conn:
            return accounts_of(conn)
    except SQLAlchemyError as fault:
        url = database.engine.url.render_as_string(hide_password=True)
        reason = type(getattr(fault, "orig", None) or fault).__name__
        raise Misconfigured(_NO_DATABASE, url=url, reason=reason) from fault
