"""What a link is to everyone else: devices and the server work with this, never with an MQTT client.

`PahoLink` speaks to a broker, `LoopbackLink` to others in the same process; both pass the same contract tests.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from pydantic import SecretStr


class Incoming(NamedTuple):
    """One message as it came. `retained`: the broker kept it from an earlier time; nobody spoke just now."""

    topic: str
    payload: bytes
    retained: bool = False


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker says for us, retained and with QoS 1, when we are lost without a word."""

    topic: str
    payload: bytes


@dataclass(frozen=True)
class LinkSettings:
    """Where the broker is and who we are there. `ca_file` None with `tls`: the machine's own trusted roots.

    `keepalive_s` is at least 2: nats-server gives no grace to one second.
    """

    host: str
    port: int
    client_id: str
    username: str | None = None
    password: SecretStr | None = None
    will: Will | None = None
    keepalive_s: int = 5
    tls: bool = False
    ca_file: Path | None = None


def client_id(name: str, secret: SecretStr | None) -> str:
    """The MQTT client id of the account `name`: always the same, and known to nobody without its secret.

    A broker ends a connection when another one comes with its client id, and nats-server cannot tie client ids
    to accounts: whoever knew the id of another device could keep it off the network.
    """
    if secret is None:
        return name
    return f"{name}-{hashlib.sha256(b'wardlink client id ' + secret.get_secret_value().encode()).hexdigest()[:16]}"


class Link(Protocol):
    """One connection that comes back by itself. Every method may be called from any thread and returns at once.

    `on_messages` gets everything that was readable at once, in the order it came, from the link's own thread.
    `on_connection(True)` comes after every subscription has been confirmed, so that whoever then asks for what
    he missed misses nothing; `on_connection(False)` when the connection is lost. Both are set before `start`.
    """

    on_messages: Callable[[list[Incoming]], None]
    on_connection: Callable[[bool], None]

    @property
    def connected(self) -> bool:
        """Whether the broker is there now and our subscriptions stand."""

    @property
    def refused(self) -> bool:
        """Whether the broker answers but does not accept our name and secret: not the same as being offline."""

    def start(self) -> None:
        """Begin to connect, and go on for ever."""

    def stop(self) -> None:
        """Send what has been published, say goodbye so that no last will is sent, and end."""

    def publish(self, topic: str, payload: bytes, *, qos: int = 0, retain: bool = False) -> bool:
        """Hand a message to the connection; False if there is none now, and then it is not kept.

        True promises nothing about its arrival: only an answer of the receiver does.

        Raises:
            ValueError: no MQTT topic of printable ASCII without wildcards, or a QoS that is neither 0 nor 1.
        """

    def subscribe(self, topics: Sequence[str], qos: int = 0) -> None:
        """Hear these topics, now and after every reconnect.

        Raises:
            ValueError: no topic filter of printable ASCII.
        """


def ignore_messages(_messages: list[Incoming]) -> None:
    """For a link on which nothing is awaited."""


def ignore_connection(_connected: bool) -> None:
    """For a link whose owner looks at `connected` when it needs to."""
