"""Who may connect to the broker, and what each may say and hear there: one table for every broker.

The broker enforces this; the ingest checks the same again, because a hospital's own broker may be set up wrongly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pydantic import SecretStr
from sqlalchemy import Connection, Table, select

from server.broker.hashes import mosquitto_hash, nats_hash
from server.identity.models import Device
from wardlink import topics
from wardlink.errors import Misconfigured
from wardlink.i18n import N_

AccountKind = Literal["server", "cart", "terminal", "monitor", "room"]

_NO_BED = N_("The terminal {device} has no bed.")
_ANY = "+"


@dataclass(frozen=True)
class Account:
    """One name at the broker. `ward` None: every ward, which only the server has."""

    name: str
    kind: AccountKind
    ward: str | None = None
    bed: str | None = None
    nats_hash: str = field(default="", repr=False)
    mosquitto_hash: str = field(default="", repr=False)


@dataclass(frozen=True)
class Permissions:
    """MQTT topics and filters. What is not named is forbidden."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def permissions(account: Account) -> Permissions:
    """What this account may say and hear.

    Raises:
        Misconfigured: a terminal without a bed.
    """
    ward = account.ward or _ANY
    if account.kind == "server":
        return Permissions(
            publish=(
                topics.down(ward, _ANY),
                topics.changes(ward),
                topics.alerts(ward),
                topics.bed_changes(ward, _ANY),
                topics.status(ward, topics.SERVER),
            ),
            subscribe=(topics.up(ward, _ANY), topics.status(ward, _ANY)),
        )
    says = [topics.up(ward, account.name), topics.status(ward, account.name)]
    hears = [topics.down(ward, account.name), topics.status(ward, topics.SERVER)]
    if account.kind == "cart":
        hears += [topics.changes(ward), topics.alerts(ward), topics.calls(ward, _ANY)]
    if account.kind == "terminal":
        if account.bed is None:
            raise Misconfigured(_NO_BED, device=account.name)
        says.append(topics.calls(ward, account.bed))
        hears.append(topics.bed_changes(ward, account.bed))
    return Permissions(tuple(says), tuple(hears))


def server_account(secret: SecretStr) -> Account:
    """The account of the server itself."""
    return Account(topics.SERVER, "server", nats_hash=nats_hash(secret), mosquitto_hash=mosquitto_hash(secret))


def accounts_of(conn: Connection, server_secret: SecretStr | None = None) -> list[Account]:
    """Every device that is enrolled and not revoked, by name; with `server_secret`, the server before them.

    A terminal that has lost its bed has no account: it has nothing to say or hear, and must not stop the others.
    """
    table: Table = Device.__table__  # type: ignore[attr-defined]
    columns = [table.c[name] for name in ("id", "kind", "ward", "bed", "broker_hash", "mosquitto_hash")]
    rows = conn.execute(select(*columns).where(table.c.revoked_at.is_(None)).order_by(table.c.id))
    found = [account for account in (Account(*row) for row in rows) if account.kind != "terminal" or account.bed]
    return found if server_secret is None else [server_account(server_secret), *found]
