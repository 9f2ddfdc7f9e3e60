"""A ward at work on each broker, for attackers to try themselves on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.brokers import BROKERS, BrokerUnderTest, broker_called
from tests.link.worlds import EVERY_STATUS, EVERY_UP, Heard
from tests.waiting import wait_until
from wardlink import topics

CHANGES = topics.changes("w1")
BED_1 = topics.bed_changes("w1", "b1")


@dataclass
class Ward:
    """The server, an honest cart and an honest terminal, all connected."""

    broker: BrokerUnderTest
    server: Heard
    cart: Heard
    terminal: Heard

    def heard(self) -> set[bytes]:
        """Every payload that anybody heard."""
        return {payload for who in (self.server, self.cart, self.terminal) for payload in who.payloads}

    def check_undisturbed(self) -> None:
        """Everybody kept the connection, hears what is said now, and has heard nothing that was not said by right."""
        for who, topic, payload in (
            (self.cart, topics.up("w1", "cart-2"), b"command"),
            (self.terminal, topics.calls("w1", "b1"), b"call"),
            (self.server, CHANGES, b"change"),
            (self.server, BED_1, b"bed"),
        ):
            assert who.link.publish(topic, payload, qos=1)
        wait_until(lambda: {b"command", b"call", b"change", b"bed"} <= self.heard(), "the ward goes on")

        assert self.heard() == {b"command", b"call", b"change", b"bed"}
        assert [who.connections for who in (self.server, self.cart, self.terminal)] == [[True]] * 3


@pytest.fixture(params=BROKERS)
def ward(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ward]:
    """A ward on each broker."""
    with broker_called(request.param, tmp_path) as broker:
        made = Ward(broker, *(Heard(broker.link(name)) for name in ("server", "cart-2", "terminal-1")))
        made.server.link.subscribe([EVERY_UP, EVERY_STATUS])
        made.cart.link.subscribe([topics.down("w1", "cart-2"), CHANGES, topics.calls("w1", "+"), _SERVER])
        made.terminal.link.subscribe([topics.down("w1", "terminal-1"), BED_1, _SERVER])
        everybody = (made.server, made.cart, made.terminal)
        for who in everybody:
            who.link.start()
        wait_until(lambda: all(who.link.connected for who in everybody), "the ward is connected")
        yield made
        for who in everybody:
            who.link.stop()


_SERVER = topics.status("w1", topics.SERVER)
