"""`wardlink device`: enrol, list and revoke the devices of a ward, on the server's database."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from commands.database import server_database
from commands.settings import read_settings
from wardlink.errors import Collision
from wardlink.i18n import N_, domain

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from server.identity.devices import DeviceEntry

_ = domain("commands").gettext

_THERE = N_("{path} is there already. Say --force to write over it, or choose another file with --out.")

app = typer.Typer(
    name="device",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Enrol, list and revoke the devices of a ward. Works on the server's database, whether the server runs or"
    " not; a running one knows of it within two seconds.",
)

Data = Annotated[Path | None, typer.Option(help="The server's data folder. Else WARDLINK_DATA_DIR.")]
Database = Annotated[
    str | None, typer.Option(help="The server's database, if it is not SQLite in the data folder. See wardlink server.")
]


@app.command(short_help="Enrol a device and write its credential file.")
def enrol(
    device: Annotated[str, typer.Argument(help="The id: lower-case letters, digits and inner hyphens, as cart-1.")],
    kind: Annotated[Literal["cart", "terminal", "monitor", "room"], typer.Option(help="What it is.")],
    ward: Annotated[str, typer.Option(help="The ward that it works in.")],
    bed: Annotated[str | None, typer.Option(help="The bed that a terminal, or a monitor, stands at.")] = None,
    name: Annotated[str | None, typer.Option(help="What people call it. Without it, the id.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="The credential file to write. Without it, ID.json in this folder.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Enrol it again with a new secret, and write over the file.")
    ] = False,
    broker_host: Annotated[str | None, typer.Option(help="Where the device finds the broker.")] = None,
    broker_port: Annotated[int | None, typer.Option(min=1, max=65535, help="The broker's port.")] = None,
    broker_tls: Annotated[bool | None, typer.Option("--broker-tls/--no-broker-tls", help="Speak TLS with it.")] = None,
    server_url: Annotated[str | None, typer.Option(help="Where the device finds the server.")] = None,
    data: Data = None,
    database: Database = None,
) -> None:
    """Enrol a device and write its credential file, which only it may have.

    Carry the file to the device; nobody can read the secret anywhere else. Addresses that are not given are
    those of the server's last start. Enrolled once, a device needs --force to get a new secret: its old one is
    worth nothing from then on.
    """
    from server.identity import devices
    from server.running import read_addresses
    from wardlink import credential as credentials
    from wardlink.clock import SystemClock

    path = out or Path(f"{device}.json")
    if path.exists() and not force:
        raise Collision(_THERE, path=path)
    known = read_addresses(read_settings(data_dir=data, database_url=database).data_dir)
    addresses = devices.Addresses(
        broker_host=broker_host or known.broker_host,
        broker_port=broker_port or known.broker_port,
        server_url=server_url or known.server_url,
        broker_tls=known.broker_tls if broker_tls is None else broker_tls,
    )
    with server_database(data, database) as db, db.write() as conn:
        made = devices.enrol(
            conn,
            id=device,
            kind=kind,
            name=name or device,
            ward=ward,
            bed=bed,
            now=SystemClock().now(),
            addresses=addresses,
            again=force,
        )
        _note(conn, "device-enrolled", device, ward=ward, bed=bed)
        # Before the commit: a device whose secret could not be written is not enrolled.
        credentials.write(made, path)
    words = _("Enrolled {kind} {device} in ward {ward}. Its credential is in {path}; only this user can read it.")
    print(words.format(kind=kind, device=device, ward=ward, path=path))
    words = _("It finds the broker at {host}:{port} and the server at {url}.")
    print(words.format(host=made.broker_host, port=made.broker_port, url=made.server_url))


@app.command("list", short_help="List the devices and when each was last heard.")
def list_(
    ward: Annotated[str | None, typer.Option(help="Only the devices of this ward.")] = None,
    revoked: Annotated[bool, typer.Option("--revoked", help="Show those that were revoked as well.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
    data: Data = None,
    database: Database = None,
) -> None:
    """List the devices: id, kind, ward, bed, name, and when each was last heard.

    A running server writes down once a minute whom it has heard.
    """
    from server.identity import devices

    with server_database(data, database) as db, db.read() as conn:
        found = devices.listed(conn, ward=ward, revoked=revoked)
    for entry in found:
        print(_json(entry) if as_json else _line(entry))
    if not found and not as_json:
        print(_("No device is enrolled here."))


@app.command(short_help="Take a device's rights away.")
def revoke(
    device: Annotated[str, typer.Argument(help="The id of the device.")],
    data: Data = None,
    database: Database = None,
) -> None:
    """Take a device's rights away: it can no longer connect, and sessions opened at it end.

    What it has sent stays. A device that was lost or sold is revoked; `enrol --force` lets it in again with a
    new secret.
    """
    from server.identity import devices
    from wardlink.clock import SystemClock

    with server_database(data, database) as db, db.write() as conn:
        done = devices.revoke(conn, device, now=SystemClock().now())
        if done:
            _note(conn, "device-revoked", device)
    words = _("Revoked {device}.") if done else _("{device} was revoked before; nothing was changed.")
    print(words.format(device=device))


def _note(conn: Connection, action: str, device: str, **detail: Any) -> None:
    from server.identity import audit
    from wardlink.clock import SystemClock

    audit.append(
        conn,
        at=SystemClock().now(),
        actor="system:console",
        device=None,
        action=action,
        what=f"device {device}",
        encounter=None,
        command=None,
        detail={"user": getpass.getuser(), **detail},
    )


def _json(entry: DeviceEntry) -> str:
    import orjson

    return orjson.dumps(entry).decode()


def _line(entry: DeviceEntry) -> str:
    from wardlink.clock import ward_time

    heard = _("never heard")
    if entry.last_seen_at is not None:
        heard = _("heard {at}").format(at=f"{ward_time(entry.last_seen_at):%Y-%m-%d %H:%M}")
    if entry.revoked_at is not None:
        heard = _("revoked {at}").format(at=f"{ward_time(entry.revoked_at):%Y-%m-%d %H:%M}")
    return f"{entry.id:<16} {entry.kind:<9} {entry.ward:<8} {entry.bed or '—':<6} {heard:<22} {entry.name}"
