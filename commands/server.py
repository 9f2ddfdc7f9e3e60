"""`wardlink server`: the ward server, its broker and the manager's page, in one process and one child."""

from __future__ import annotations

import errno
import signal
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from commands.import_file import import_file
from commands.settings import read_settings
from wardlink.errors import Unreachable, WardlinkError
from wardlink.i18n import N_, domain

if TYPE_CHECKING:
    from fastapi import FastAPI

    from server.config import Settings

_ = domain("commands").gettext

_BUSY = N_("Port {port} at {host} is used by another program. End it, or choose another port with --port.")
_NO_LISTENING = N_("The server cannot listen at {host}, port {port}: {reason}.")
_NOT_STARTED = N_("The server did not start. What it said stands above.")

_GRACE_S = 3


app = typer.Typer(name="server", add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
app.command("import", short_help="Admit everybody in a file.")(import_file)


@app.callback(invoke_without_command=True)
def server(
    context: typer.Context,
    data: Annotated[
        Path | None, typer.Option(help="The folder that the server keeps its data in. Else WARDLINK_DATA_DIR.")
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(
            help="The database: postgresql+psycopg://USER@HOST/NAME. Else WARDLINK_DATABASE_URL, which may hold the"
            " password; without both, SQLite in the data folder."
        ),
    ] = None,
    host: Annotated[
        str | None, typer.Option(help="The address to listen on. Else WARDLINK_HOST, or 127.0.0.1.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="The port to listen on; 0 takes a free one. Else 8080.")
    ] = None,
    public_url: Annotated[
        str | None, typer.Option(help="The address under which devices reach this server, if it is another one.")
    ] = None,
    broker: Annotated[
        Literal["embedded", "external"] | None,
        typer.Option(help="Start a broker of our own, or use one that runs already. Else embedded."),
    ] = None,
    broker_host: Annotated[str | None, typer.Option(help="Where the broker listens. Else 127.0.0.1.")] = None,
    broker_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="The port of the broker; 0 takes a free one. Else 1883.")
    ] = None,
    broker_username: Annotated[
        str | None,
        typer.Option(help="Our name at an external broker; the password stands in WARDLINK_BROKER_PASSWORD."),
    ] = None,
    broker_tls: Annotated[
        bool | None, typer.Option("--broker-tls/--no-broker-tls", help="Speak TLS with an external broker.")
    ] = None,
    nats_server: Annotated[
        Path | None, typer.Option(help="The nats-server program for the embedded broker, if not the installed one.")
    ] = None,
    demo: Annotated[
        bool | None, typer.Option("--demo", help="Say on every page that the patients are invented.")
    ] = None,
    pages: Annotated[
        bool | None, typer.Option("--pages/--no-pages", help="Serve the manager's page, or the interfaces alone.")
    ] = None,
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"] | None, typer.Option(help="How much to log. Else info.")
    ] = None,
    log_format: Annotated[
        Literal["auto", "json", "console"],
        typer.Option(help="Log for machines or for a person; auto looks where the log goes."),
    ] = "auto",
) -> None:
    """Run the ward server: database, embedded broker, the interfaces for devices, and the manager's page.

    Every option can also stand in the environment, as WARDLINK_ and its name. Where nobody works yet the server
    adds a first administrator, and says where the PIN is. SIGTERM and Ctrl-C end it cleanly.
    """
    if context.invoked_subcommand is not None:
        return
    settings = read_settings(
        data_dir=data,
        database_url=database,
        host=host,
        port=port,
        public_url=public_url,
        broker=broker,
        broker_host=broker_host,
        broker_port=broker_port,
        broker_username=broker_username,
        broker_tls=broker_tls,
        nats_server=nats_server,
        demo=demo,
        pages=pages,
        log_level=log_level,
    )
    listener = _listen(settings.host, settings.port)
    with listener:
        from server.logs import configure

        configure(settings.log_level, log_format)
        _run(settings.model_copy(update={"port": listener.getsockname()[1]}), listener)


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as exc:
        if exc.errno == errno.EADDRINUSE:
            raise Unreachable(_BUSY, host=host, port=port) from exc
        raise Unreachable(_NO_LISTENING, host=host, port=port, reason=exc.strerror or str(exc)) from exc


def _run(settings: Settings, listener: socket.socket) -> None:
    import uvicorn

    from server.app import create_app
    from server.identity.first import first_administrator

    app = create_app(settings)
    made = first_administrator(app.state.core, settings.data_dir)

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                print(_announcement(app, settings), flush=True)
                if made is not None:
                    words = _("Nobody works here yet. Sign in as the first administrator with what stands in {path}.")
                    print(words.format(path=made), flush=True)

    config = uvicorn.Config(
        app,
        log_config=None,
        # Paths and questions name wards, beds and people.
        access_log=False,
        lifespan="on",
        server_header=False,
        timeout_graceful_shutdown=_GRACE_S,
    )
    running = Server(config)
    # uvicorn ends in order and then raises the signal once more, for us: being asked to end is no failure.
    signal.signal(signal.SIGTERM, lambda *_: None)
    # A script's background job inherits an ignored Ctrl-C; whoever sends one means it all the same.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        running.run(sockets=[listener])
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except SystemExit as end:
        # uvicorn's way to say that the application did not start; ours is the sentence of what was wrong.
        fault = app.state.fault
        raise fault if isinstance(fault, WardlinkError) else Unreachable(_NOT_STARTED) from end


def _announcement(app: FastAPI, settings: Settings) -> str:
    from server.migrate import shown

    found = app.state.running.addresses()
    words = _("The ward server is ready: {url} — broker {broker} — database {database} — data in {data}")
    kind = _("of its own") if settings.broker == "embedded" else _("of the hospital")
    return words.format(
        url=found.server_url,
        broker=f"{found.broker_host}:{found.broker_port} ({kind})",
        database=shown(settings.url),
        data=settings.data_dir,
    )
