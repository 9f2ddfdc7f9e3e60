"""The embedded broker: comes back when it dies, goes with its parent, and says in words what is wrong."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from server.broker.binary import nats_server
from server.broker.embedded import EmbeddedBroker
from tests.brokers import FAST, WARD, NatsBroker, port_is_open, secret_of
from tests.link.worlds import EVERY_STATUS, STATUS, Heard
from tests.waiting import wait_until
from wardlink.errors import BrokerUnavailable, Misconfigured
from wardlink.i18n import speaking
from wardlink.process.child import free_port

ROOT = Path(__file__).parents[3]


def is_gone(pid: int) -> bool:
    """Whether no such process runs; one that nobody has waited for does not run."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in ("Z", "X")
    except FileNotFoundError:
        return True


def test_it_is_started_again_when_it_dies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A killed broker is back within seconds under another process id, and the log says so."""
    with NatsBroker(tmp_path) as broker:
        first = broker.embedded.pid
        broker.kill()
        wait_until(lambda: broker.embedded.restarts == 1 and broker.embedded.alive, "it was started again")

        assert broker.embedded.pid not in (None, first)
        assert f"pid={first}" in next(
            line for line in capsys.readouterr().out.splitlines() if "broker.died" in line
        ).replace("\x1b[35m", "").replace("\x1b[36m", "").replace("\x1b[0m", "")
    assert not port_is_open(broker.port)


def test_a_status_from_before_a_crash_is_not_kept(tmp_path: Path) -> None:
    """Nobody can have been heard by a broker that has just begun: it forgets who was online."""
    with NatsBroker(tmp_path) as broker:
        cart = broker.link("cart-1")
        cart.start()
        wait_until(lambda: cart.connected, "the cart connected")
        cart.publish(STATUS, b"online", qos=1, retain=True)
        cart.stop()
        broker.kill()
        broker.revive()
        server = Heard(broker.link("server"))
        server.link.subscribe([EVERY_STATUS])
        server.link.start()
        cart = broker.link("cart-1")
        cart.start()
        wait_until(lambda: cart.connected and server.link.connected, "both connected")
        cart.publish(STATUS, b"back", qos=1, retain=True)
        wait_until(lambda: b"back" in server.payloads, "the cart was heard")

        assert server.payloads == [b"back"]
        cart.stop()
        server.link.stop()


def test_it_goes_on_when_its_storage_is_wiped(tmp_path: Path) -> None:
    """With its store deleted while it runs, and again after a restart, messages and statuses still pass."""
    with NatsBroker(tmp_path) as broker:
        server, cart = Heard(broker.link("server")), broker.link("cart-1")
        server.link.subscribe([EVERY_STATUS])
        for link in (server.link, cart):
            link.start()
        wait_until(lambda: cart.connected and server.link.connected, "both connected")

        shutil.rmtree(tmp_path / "store")
        cart.publish(STATUS, b"wiped", qos=1, retain=True)
        wait_until(lambda: b"wiped" in server.payloads, "the status passed")
        broker.kill()
        broker.revive()
        wait_until(lambda: cart.connected and server.connections == [True, False, True], "both came back")
        cart.publish(STATUS, b"again", qos=1, retain=True)
        wait_until(lambda: b"again" in server.payloads, "the status passed again")
        cart.stop()
        server.link.stop()


def test_it_dies_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    """After a kill -9 of the server nothing listens on the broker's port any more."""
    script = (
        "import sys; from pathlib import Path; from server.broker.embedded import EmbeddedBroker\n"
        "broker = EmbeddedBroker(Path(sys.argv[1]), port=0, accounts=lambda: [])\n"
        "broker.start(); print('at', broker.pid, broker.port, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        line = next(line for line in parent.stdout if line.startswith("at "))
        pid, port = int(line.split()[1]), int(line.split()[2])
        assert port_is_open(port)

        parent.send_signal(signal.SIGKILL)
        wait_until(lambda: is_gone(pid) and not port_is_open(port), "the broker ended")


def test_a_busy_port_is_said_in_words(tmp_path: Path) -> None:
    """The sentence names port and variable, in both languages, and nothing is left running."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        broker = EmbeddedBroker(tmp_path, port=port, accounts=lambda: [])
        with pytest.raises(BrokerUnavailable) as caught:
            broker.start()

    with speaking("en"):
        assert f"Port {port} on 127.0.0.1 is used by another program" in caught.value.text()
        assert "WARDLINK_BROKER_PORT" in caught.value.text()
    with speaking("zh_CN"):
        assert f"端口 {port} 已被其他程序占用" in caught.value.text()
    assert not broker.alive


def test_an_address_of_no_machine_here_is_said_in_words(tmp_path: Path) -> None:
    """An address that is not this machine's cannot be listened on; the sentence names it."""
    with pytest.raises(BrokerUnavailable, match=r"203\.0\.113\.7"):
        EmbeddedBroker(tmp_path, host="203.0.113.7", port=free_port(), accounts=lambda: []).start()


def test_a_program_that_ends_at_once_is_said_in_words(tmp_path: Path) -> None:
    """A nats-server that cannot run ends the start with a sentence that says where its words are."""
    program = tmp_path / "nats-server"
    program.write_text("#!/bin/sh\necho I am broken >&2\nexit 3\n")
    program.chmod(0o700)
    broker = EmbeddedBroker(tmp_path / "data", port=free_port(), accounts=lambda: [], binary=program)

    with pytest.raises(BrokerUnavailable, match=r"code 3.*nats-server\.err"):
        broker.start()
    assert "I am broken" in (tmp_path / "data" / "nats-server.err").read_text()


def test_the_program_is_found_where_the_settings_say_or_beside_python(tmp_path: Path) -> None:
    """A path in the settings comes first and must be a program; without one it is the installed one."""
    with pytest.raises(Misconfigured, match="WARDLINK_NATS_SERVER"):
        nats_server(tmp_path / "nothing")
    assert os.access(nats_server(), os.X_OK)


def test_accounts_can_be_added_without_disturbing_anybody(tmp_path: Path) -> None:
    """A reload lets the new device in and keeps every connection that there was."""
    with NatsBroker(tmp_path, WARD[:1]) as broker:
        old, new = Heard(broker.link("cart-1")), broker.link("cart-2")
        old.link.start()
        new.start()
        wait_until(lambda: old.link.connected and new.refused, "one is in, one is not")

        broker.accounts = list(WARD)
        broker.reload()

        wait_until(lambda: new.connected, "the new device is in")
        assert old.connections == [True]
        old.link.stop()
        new.stop()


def test_a_database_that_is_away_takes_no_account_away(tmp_path: Path) -> None:
    """When the accounts cannot be read at a reload or a restart, whoever was known stays known."""
    away = False

    def accounts() -> list[object]:
        if away:
            raise OSError("the database is away")
        return list(WARD)

    broker = EmbeddedBroker(
        tmp_path,
        port=0,
        accounts=accounts,
        password=secret_of("server"),
        backoff=FAST,  # type: ignore[arg-type]
    )
    broker.start()
    away = True
    broker.reload()
    assert broker.pid is not None
    os.kill(broker.pid, signal.SIGKILL)
    wait_until(lambda: broker.restarts == 1 and broker.alive, "it was started again")

    with NatsBroker(tmp_path / "other") as names:
        cart = names.link("cart-1", port=broker.port)
        cart.start()
        wait_until(lambda: cart.connected, "the cart is still known")
        cart.stop()
    broker.stop()


def test_only_this_user_can_read_its_configuration(tmp_path: Path) -> None:
    """The file with the hashes is closed to others."""
    with NatsBroker(tmp_path):
        assert (tmp_path / "nats-server.json").stat().st_mode & 0o777 == 0o600
