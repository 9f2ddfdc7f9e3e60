"""The same small world for every kind of link: a server, a few carts, and a broker that can go away."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path

from pydantic import SecretStr

from tests.brokers import BrokerUnderTest, broker_called, secret_of
from tests.waiting import wait_until
from wardlink import topics
from wardlink.link.loopback import LoopbackBroker, LoopbackLink
from wardlink.link.port import Incoming, Link, LinkSettings, Will, client_id
from workbench.faults.proxy import Cable, Cables

UP = topics.up("w1", "cart-1")
DOWN = topics.down("w1", "cart-1")
STATUS = topics.status("w1", "cart-1")
CHANGES = topics.changes("w1")
EVERY_UP = f"{topics.ROOT}/+/up/+"
EVERY_STATUS = f"{topics.ROOT}/+/status/+"


class Heard:
    """Writes down what a link tells, in order: connections as bool, messages as they came."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.story: list[bool | Incoming] = []
        self.batches = 0
        link.on_connection = self.story.append
        link.on_messages = self.heard

    @property
    def messages(self) -> list[Incoming]:
        """What came, without the connections between."""
        return [event for event in self.story if isinstance(event, Incoming)]

    @property
    def payloads(self) -> list[bytes]:
        """The payloads of `messages`."""
        return [message.payload for message in self.messages]

    @property
    def connections(self) -> list[bool]:
        """How the connection came and went."""
        return [event for event in self.story if isinstance(event, bool)]

    def heard(self, messages: list[Incoming]) -> None:
        """Some messages came at once."""
        self.batches += 1
        self.story += messages


class World(ABC):
    """A broker with its links. Every link that is made here ends with it."""

    def __init__(self) -> None:
        self._links: list[Link] = []

    def link(self, name: str, *topics: str, will: Will | None = None, secret: SecretStr | None = None) -> Heard:
        """A link of the account `name`, not yet started, that hears `topics`."""
        link = self._make(name, will, secret or secret_of(name))
        self._links.append(link)
        link.subscribe(topics)
        return Heard(link)

    def connected(self, name: str, *topics: str, will: Will | None = None) -> Heard:
        """A link that is started and connected."""
        heard = self.link(name, *topics, will=will)
        heard.link.start()
        wait_until(lambda: heard.connections == [True], f"{name} connected")
        return heard

    def close(self) -> None:
        """End everything."""
        for link in self._links:
            link.stop()

    @abstractmethod
    def _make(self, name: str, will: Will | None, secret: SecretStr) -> Link: ...

    @abstractmethod
    def leave(self) -> None:
        """The broker goes away."""

    @abstractmethod
    def come_back(self) -> None:
        """The broker is there again, and remembers nothing."""

    @abstractmethod
    def kill(self) -> None:
        """The broker dies and is started again."""

    @abstractmethod
    def lose(self, name: str) -> None:
        """The connection of this account breaks without a goodbye."""


class LoopbackWorld(World):
    """Everything in this process."""

    def __init__(self) -> None:
        super().__init__()
        names = ("server", "cart-1", "cart-2")
        self.broker = LoopbackBroker({name: secret_of(name).get_secret_value() for name in names})

    def leave(self) -> None:
        self.broker.shut()

    def come_back(self) -> None:
        self.broker.open()

    def kill(self) -> None:
        self.broker.shut()
        wait_until(lambda: not any(link.connected for link in self._links), "every link noticed")
        self.broker.open()

    def lose(self, name: str) -> None:
        self.broker.cut(client_id(name, secret_of(name)))

    def _make(self, name: str, will: Will | None, secret: SecretStr) -> Link:
        return LoopbackLink(self.broker, LinkSettings("", 0, client_id(name, secret_of(name)), name, secret, will=will))


class RealWorld(World):
    """A real broker; every account has a cable of its own to it."""

    def __init__(self, broker: BrokerUnderTest) -> None:
        super().__init__()
        self.broker = broker
        self.broker.start()
        self.cables = Cables(seed=1)
        self._cable_of: dict[str, Cable] = {}

    def close(self) -> None:
        super().close()
        self.cables.close()
        self.broker.stop()

    def leave(self) -> None:
        self.broker.stop()

    def come_back(self) -> None:
        self.broker.start()

    def kill(self) -> None:
        self.broker.kill()
        self.broker.revive()

    def lose(self, name: str) -> None:
        self.cables.reset(self._cable_of[name])

    def cut(self, name: str, *, is_cut: bool) -> None:
        """Nothing gets through any more, and nobody is told; or it does again."""
        self.cables.cut(self._cable_of[name], is_cut=is_cut)

    def _make(self, name: str, will: Will | None, secret: SecretStr) -> Link:
        if name not in self._cable_of:
            self._cable_of[name] = self.cables.lay(self.broker.port)
        return self.broker.link(name, port=self._cable_of[name].port, will=will, secret=secret)


def world_called(kind: str, folder: Path) -> World:
    """`loopback`, `nats` or `mosquitto`."""
    return LoopbackWorld() if kind == "loopback" else RealWorld(broker_called(kind, folder))
