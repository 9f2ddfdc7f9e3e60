"""Real brokers for tests, with the accounts of one small ward and of its neighbour.

Secrets are as guessable as they look; each account exists on both brokers.
"""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import pytest
from pydantic import SecretStr

from server.broker.accounts import Account, server_account
from server.broker.embedded import EmbeddedBroker
from server.broker.hashes import mosquitto_hash, nats_hash
from server.broker.knock import accepts
from server.broker.mosquitto import render_mosquitto
from server.broker.nats import Tls
from tests.waiting import wait_until
from wardlink.link.backoff import Backoff
from wardlink.link.paho_link import PahoLink
from wardlink.link.port import LinkSettings, Will, client_id
from wardlink.process.child import Child, free_port

FAST = Backoff(least_s=0.02, most_s=0.1)
"""For links of tests: nobody else waits for their turn."""

needs_mosquitto = pytest.mark.skipif(
    shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin") is None,
    reason="Mosquitto is not installed here (make system-deps)",
)
BROKERS = [
    pytest.param("nats", id="nats"),
    pytest.param("mosquitto", id="mosquitto", marks=[pytest.mark.mosquitto, needs_mosquitto]),
]
"""For `@pytest.mark.parametrize` or fixture params; make one with `broker_called`."""


def secret_of(name: str) -> SecretStr:
    """The secret of an account of these tests."""
    return SecretStr(f"the-secret-of-{name}")


def account(name: str, kind: str, ward: str | None, bed: str | None = None) -> Account:
    """An account whose secret is `secret_of(name)`."""
    secret = secret_of(name)
    return Account(name, kind, ward, bed, nats_hash(secret), mosquitto_hash(secret))  # type: ignore[arg-type]


WARD = (
    account("cart-1", "cart", "w1"),
    account("cart-2", "cart", "w1"),
    account("terminal-1", "terminal", "w1", "b1"),
    account("terminal-2", "terminal", "w1", "b2"),
    account("monitor-1", "monitor", "w1"),
    account("cart-9", "cart", "w2"),
)
"""Ward w1 with two carts, two beds with terminals and a monitor; a cart in ward w2."""


class BrokerUnderTest(ABC):
    """A broker that a test may stop, kill and start again on the same port."""

    def __init__(self, folder: Path, accounts: Sequence[Account] = WARD) -> None:
        self.folder = folder
        self.accounts = list(accounts)
        self.port = free_port()
        self.tls: Tls | None = None
        """Set before the start: the broker speaks TLS, and whoever connects trusts its certificate."""

    @abstractmethod
    def start(self) -> None:
        """Start it and wait until it accepts."""

    @abstractmethod
    def stop(self) -> None:
        """End it."""

    @abstractmethod
    def kill(self) -> None:
        """Let it die like in a power cut."""

    @abstractmethod
    def revive(self) -> None:
        """After `kill`: wait until it is back."""

    @abstractmethod
    def reload(self) -> None:
        """Let it take over what has changed in `accounts`."""

    @abstractmethod
    def words(self) -> str:
        """Everything it has written to its logs and configuration."""

    def revoke(self, name: str) -> None:
        """Take an account away."""
        self.accounts = [known for known in self.accounts if known.name != name]
        self.reload()

    def settings(
        self, name: str, *, port: int | None = None, will: Will | None = None, secret: SecretStr | None = None
    ) -> LinkSettings:
        """How the account `name` connects; with another `secret`, how somebody else does in its name."""
        own = client_id(name, secret_of(name))
        return LinkSettings(
            host="127.0.0.1",
            port=port or self.port,
            client_id=own,
            username=name,
            password=secret or secret_of(name),
            will=will,
            keepalive_s=2,
            tls=self.tls is not None,
            ca_file=None if self.tls is None else self.tls.cert,
        )

    def link(
        self, name: str, *, port: int | None = None, will: Will | None = None, secret: SecretStr | None = None
    ) -> PahoLink:
        """A link of the account `name`, not yet started."""
        return PahoLink(self.settings(name, port=port, will=will, secret=secret), backoff=FAST)

    def __enter__(self) -> BrokerUnderTest:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


class NatsBroker(BrokerUnderTest):
    """The embedded broker as the server runs it."""

    def start(self) -> None:
        self.embedded = EmbeddedBroker(
            self.folder,
            port=self.port,
            accounts=lambda: self.accounts,
            password=secret_of("server"),
            tls=self.tls,
            backoff=FAST,
        )
        self.embedded.start()

    def stop(self) -> None:
        self.embedded.stop()

    def kill(self) -> None:
        pid = self.embedded.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)

    def revive(self) -> None:
        wait_until(lambda: self.embedded.restarts > 0 and self.embedded.alive, "the broker was started again")

    def reload(self) -> None:
        self.embedded.reload()

    def words(self) -> str:
        return "".join(path.read_text() for path in self.folder.glob("nats-server.*"))


class MosquittoBroker(BrokerUnderTest):
    """Mosquitto with the configuration that `wardlink broker --render` writes."""

    def start(self) -> None:
        self._write()
        program = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        log = self.folder / "mosquitto.log"
        self.child = Child("mosquitto", [program, "-c", str(self.folder / "mosquitto.conf")], log=log)
        self.revive()

    def stop(self) -> None:
        self.child.stop()

    def kill(self) -> None:
        self.child.kill()

    def revive(self) -> None:
        # In the name of somebody whom no test connects: it would put out the one who has the same name.
        name = self.accounts[-1].name
        self.child.start()
        self.child.wait_ready(
            lambda: accepts("127.0.0.1", self.port, name, secret_of(name), tls=self.tls is not None), 10
        )

    def reload(self) -> None:
        self._write()
        self.child.signal(signal.SIGHUP)

    def words(self) -> str:
        return "".join(path.read_text() for path in self.folder.iterdir())

    def _write(self) -> None:
        accounts = [server_account(secret_of("server")), *self.accounts]
        for name, text in render_mosquitto(accounts, folder=self.folder, port=self.port, tls=self.tls).items():
            if name == "mosquitto.conf":
                # Started by root, it would become a user who cannot read this test's folder.
                text += f"user {getpass.getuser()}\n"
            (self.folder / name).write_text(text)
            (self.folder / name).chmod(0o600)


def broker_called(name: str, folder: Path) -> BrokerUnderTest:
    """`nats` or `mosquitto`, not yet started."""
    return NatsBroker(folder) if name == "nats" else MosquittoBroker(folder)


def port_is_open(port: int) -> bool:
    """Whether anybody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
