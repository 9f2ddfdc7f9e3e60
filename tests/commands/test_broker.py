"""`wardlink broker`: alone on a server's data, and as the writer of another broker's configuration."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import insert

from server.db import Database
from server.identity.devices import Addresses, enrol, revoke
from server.migrate import upgrade
from server.patients.models import Ward
from tests.brokers import FAST
from tests.server.wards import NOW
from tests.waiting import wait_until
from wardlink.credential import Credential
from wardlink.device import link_settings
from wardlink.ids import new_id
from wardlink.link.paho_link import PahoLink
from wardlink.link.port import LinkSettings
from wardlink.process.child import Child, free_port

COMMAND = [sys.executable, "-c", "from commands.main import main; main()", "broker"]
ENVIRONMENT = {"LANG": "C.UTF-8", "PYTHONPATH": str(Path(__file__).parents[2])}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder of a server that has run once, with one ward."""
    folder = tmp_path / "data"
    folder.mkdir()
    upgrade(f"sqlite:///{folder / 'ward.db'}")
    database = Database(f"sqlite:///{folder / 'ward.db'}")
    with database.write() as conn:
        conn.execute(insert(Ward), [{"id": "w1", "name": "W", "log_id": new_id(), "seq": 0, "head": b""}])
    database.close()
    return folder


def enrolled(data: Path, name: str, port: int) -> Credential:
    """A cart that was enrolled while nobody told the broker."""
    database = Database(f"sqlite:///{data / 'ward.db'}")
    addresses = Addresses(broker_port=port)
    with database.write() as conn:
        found = enrol(conn, id=name, kind="cart", name=name, ward="w1", now=NOW, addresses=addresses)
    database.close()
    return found


def run(*options: str | Path) -> subprocess.CompletedProcess[str]:
    """The command, run to its end."""
    return subprocess.run(
        [*COMMAND, *map(str, options)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | ENVIRONMENT,
    )


def test_it_runs_alone_and_learns_of_devices_by_itself(data: Path, tmp_path: Path) -> None:
    """Devices come in after they were enrolled, go out when they are revoked, and the server has its password."""
    port, said = free_port(), []
    child = Child(
        "broker",
        [*COMMAND, "--data", str(data), "--port", str(port)],
        log=tmp_path / "log",
        environment=ENVIRONMENT,
        on_line=said.append,
    )
    child.start()
    child.wait_ready(lambda: any("its password is in" in line for line in said), 20)
    cart = PahoLink(link_settings(enrolled(data, "cart-1", port)), backoff=FAST)
    cart.start()
    password = SecretStr((data / "broker" / "server.password").read_text())
    server = PahoLink(LinkSettings("127.0.0.1", port, "server", "server", password), backoff=FAST)
    server.start()
    wait_until(lambda: cart.connected and server.connected, "the cart and the server are in")
    database = Database(f"sqlite:///{data / 'ward.db'}")
    with database.write() as conn:
        revoke(conn, "cart-1", now=NOW)
    database.close()
    wait_until(lambda: cart.refused, "the cart was put out")
    cart.stop()
    server.stop()

    assert child.stop() == 0
    assert (data / "broker" / "server.password").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kind", ["nats", "mosquitto"])
def test_it_writes_the_files_of_another_broker(data: Path, tmp_path: Path, kind: str) -> None:
    """Each file is named, readable for this user only, and holds the accounts; the server's password stays the same."""
    secret = enrolled(data, "cart-1", 1883).secret.get_secret_value()
    out = tmp_path / "out"
    first = run("--data", data, "--render", kind, "--out", out)
    password = (out / "server.password").read_text()
    second = run("--data", data, "--render", kind, "--out", out)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "Devices with an account: 1." in first.stdout
    written = {path.name: path.read_text() for path in out.iterdir()}
    assert all(str(out / name) in first.stdout for name in written)
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}
    assert written.pop("server.password") == password
    everything = "".join(written.values())
    assert "cart-1" in everything
    assert secret not in everything
    assert password not in everything
    if kind == "nats":
        assert [user["user"] for user in json.loads(written["nats-server.json"])["authorization"]["users"]] == [
            "server",
            "cart-1",
        ]


def test_without_a_ward_it_says_so_and_makes_nothing(tmp_path: Path) -> None:
    """A folder without a database ends with 4 and a sentence, and stays empty."""
    shown = run("--data", tmp_path / "nothing")

    assert shown.returncode == 4
    assert "No ward is kept at" in shown.stderr
    assert not (tmp_path / "nothing").exists()


def test_render_needs_a_folder(data: Path) -> None:
    """`--render` alone is wrong usage."""
    shown = run("--data", data, "--render", "mosquitto")

    assert shown.returncode == 2
    assert "--out" in shown.stderr


def test_a_certificate_needs_its_key_and_both_must_be_there(data: Path, tmp_path: Path) -> None:
    """Half of a certificate is wrong usage; a file that is not there is a wrong configuration and is named."""
    half = run("--data", data, "--cert", tmp_path / "cert.pem")
    absent = run("--data", data, "--cert", tmp_path / "cert.pem", "--key", tmp_path / "key.pem")

    assert (half.returncode, absent.returncode) == (2, 4)
    assert "belong together" in half.stderr
    assert str(tmp_path / "cert.pem") in absent.stderr
