"""Who may say and hear what at the broker: the whole table, and where the accounts come from."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import bcrypt
import pytest
from pydantic import SecretStr
from sqlalchemy import insert, update
from sqlmodel import col

from server.broker.accounts import Account, accounts_of, permissions, server_account
from server.broker.hashes import mosquitto_hash, nats_hash
from server.broker.mosquitto import render_mosquitto
from server.broker.nats import render_nats, subject
from server.db import Database
from server.identity.devices import Addresses, enrol, revoke
from server.identity.models import Device
from server.patients.models import Bed, Ward
from tests.brokers import needs_mosquitto
from tests.server.wards import NOW
from wardlink.errors import Misconfigured
from wardlink.ids import new_id

MAY = [
    (
        Account("server", "server"),
        {
            "wardlink/v1/+/down/+",
            "wardlink/v1/+/changes",
            "wardlink/v1/+/alerts",
            "wardlink/v1/+/bed/+/changes",
            "wardlink/v1/+/status/server",
        },
        {"wardlink/v1/+/up/+", "wardlink/v1/+/status/+"},
    ),
    (
        Account("cart-1", "cart", "w1"),
        {"wardlink/v1/w1/up/cart-1", "wardlink/v1/w1/status/cart-1"},
        {
            "wardlink/v1/w1/down/cart-1",
            "wardlink/v1/w1/status/server",
            "wardlink/v1/w1/changes",
            "wardlink/v1/w1/alerts",
            "wardlink/v1/w1/calls/+",
        },
    ),
    (
        Account("terminal-1", "terminal", "w1", "b1"),
        {"wardlink/v1/w1/up/terminal-1", "wardlink/v1/w1/status/terminal-1", "wardlink/v1/w1/calls/b1"},
        {"wardlink/v1/w1/down/terminal-1", "wardlink/v1/w1/status/server", "wardlink/v1/w1/bed/b1/changes"},
    ),
    (
        Account("monitor-1", "monitor", "w1", "b1"),
        {"wardlink/v1/w1/up/monitor-1", "wardlink/v1/w1/status/monitor-1"},
        {"wardlink/v1/w1/down/monitor-1", "wardlink/v1/w1/status/server"},
    ),
]


@pytest.mark.parametrize(("account", "publish", "subscribe"), MAY, ids=lambda value: getattr(value, "kind", ""))
def test_the_table_of_permissions(account: Account, publish: set[str], subscribe: set[str]) -> None:
    """Every kind of account may say and hear exactly this."""
    found = permissions(account)

    assert (set(found.publish), set(found.subscribe)) == (publish, subscribe)


def test_a_terminal_without_a_bed_has_no_account() -> None:
    """Rather none than one that could hear every bed."""
    with pytest.raises(Misconfigured, match="terminal-1"):
        permissions(Account("terminal-1", "terminal", "w1"))


def test_nats_words_of_a_filter() -> None:
    """Levels, one level and all the rest are written differently by nats-server."""
    assert subject("wardlink/v1/+/up/#") == "wardlink.v1.*.up.>"


def test_a_bcrypt_hash_for_nats_belongs_to_the_secret() -> None:
    """The hash checks the secret, and never holds it."""
    made = nats_hash(SecretStr("secret"))

    assert bcrypt.checkpw(b"secret", made.encode())
    assert not bcrypt.checkpw(b"other", made.encode())


@pytest.mark.mosquitto
@needs_mosquitto
def test_a_mosquitto_hash_has_the_shape_of_its_own_tool(tmp_path: Path) -> None:
    """Scheme, rounds and the lengths of salt and hash are those that mosquitto_passwd writes."""
    tool = shutil.which("mosquitto_passwd")
    if tool is None:
        pytest.skip("mosquitto_passwd is not installed here (make system-deps)")
    path = tmp_path / "passwords"
    subprocess.run([tool, "-b", "-c", str(path), "cart-1", "secret"], check=True, capture_output=True)
    theirs, ours = path.read_text().strip().partition(":")[2], mosquitto_hash(SecretStr("secret"))

    def shape(made: str) -> list[object]:
        _, scheme, rounds, salt, derived = made.split("$")
        return [scheme, rounds, len(salt), len(derived)]

    assert shape(ours) == shape(theirs)


def test_neither_rendering_holds_a_secret() -> None:
    """Files for both brokers hold hashes only."""
    secret = SecretStr("the-secret-itself")
    accounts = [server_account(secret)]
    nats = render_nats(accounts, host="127.0.0.1", port=1883, store=Path("/store"))
    mosquitto = "".join(render_mosquitto(accounts, folder=Path("/etc/mosquitto")).values())

    assert json.loads(nats)["authorization"]["users"][0]["user"] == "server"
    assert "the-secret-itself" not in nats + mosquitto + repr(accounts)


def test_accounts_are_those_of_the_devices_that_are_enrolled(database: Database) -> None:
    """An enrolled device has an account with both hashes; a revoked one, or a terminal without a bed, has none."""
    with database.write() as conn:
        conn.execute(insert(Ward), [{"id": "w1", "name": "W", "log_id": new_id(), "seq": 0, "head": b""}])
        conn.execute(insert(Bed), [{"ward": "w1", "id": "b1", "label": "1", "position": 0}])
        for name in ("cart-1", "cart-2"):
            enrol(conn, id=name, kind="cart", name=name, ward="w1", now=NOW, addresses=Addresses())
        credential = enrol(
            conn, id="terminal-1", kind="terminal", name="T", ward="w1", bed="b1", now=NOW, addresses=Addresses()
        )
        enrol(conn, id="terminal-2", kind="terminal", name="T", ward="w1", bed="b1", now=NOW, addresses=Addresses())
        conn.execute(update(Device).where(col(Device.id) == "terminal-2").values(bed=None))
        revoke(conn, "cart-2", now=NOW)
        devices, all_of_them = accounts_of(conn), accounts_of(conn, SecretStr("secret"))

    assert [account.name for account in devices] == ["cart-1", "terminal-1"]
    assert [account.name for account in all_of_them] == ["server", "cart-1", "terminal-1"]
    assert (devices[1].kind, devices[1].ward, devices[1].bed) == ("terminal", "w1", "b1")
    assert bcrypt.checkpw(credential.secret.get_secret_value().encode(), devices[1].nats_hash.encode())
    assert devices[1].mosquitto_hash.startswith("$7$")
