"""The link through TLS, on both brokers: the same promises, and only to a broker that proves who it is."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from server.broker.nats import Tls
from tests.brokers import BROKERS, FAST, BrokerUnderTest, broker_called
from tests.link.worlds import DOWN, EVERY_UP, UP, Heard
from tests.waiting import wait_until
from wardlink.link.paho_link import PahoLink

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed here")
pytestmark = needs_openssl


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    """A certificate that signs itself, for 127.0.0.1."""
    folder = tmp_path_factory.mktemp("tls")
    made = Tls(folder / "cert.pem", folder / "key.pem")
    options = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=broker"
    name = ["-addext", "subjectAltName=IP:127.0.0.1", "-out", str(made.cert), "-keyout", str(made.key)]
    subprocess.run(["openssl", *options.split(), *name], check=True, capture_output=True)
    return made


@pytest.fixture(params=BROKERS)
def broker(request: pytest.FixtureRequest, tmp_path: Path, tls: Tls) -> Iterator[BrokerUnderTest]:
    """Each broker, with TLS."""
    made = broker_called(request.param, tmp_path)
    made.tls = tls
    with made:
        yield made


def test_everything_passes_in_order_through_tls(broker: BrokerUnderTest) -> None:
    """Bursts in both directions at once, of small messages and the largest, arrive whole and in order."""
    server, cart = Heard(broker.link("server")), Heard(broker.link("cart-1"))
    server.link.subscribe([EVERY_UP])
    cart.link.subscribe([DOWN])
    for who in (server, cart):
        who.link.start()
    wait_until(lambda: server.link.connected and cart.link.connected, "both connected")
    sent = [b"%d" % n for n in range(1_500)] + [bytes(range(256)) * 256] * 20 + [b"%d" % n for n in range(1_500)]

    for n, payload in enumerate(sent):
        assert cart.link.publish(UP, payload, qos=n % 2)
        assert server.link.publish(DOWN, payload)

    wait_until(lambda: len(server.messages) >= len(sent) <= len(cart.messages), "all arrived", timeout_s=30)
    assert server.payloads == cart.payloads == sent
    cart.link.publish(UP, b"last words")
    cart.link.stop()
    wait_until(lambda: server.payloads[-1] == b"last words", "the last words arrived")
    server.link.stop()


def test_a_broker_that_cannot_prove_itself_is_not_spoken_to(broker: BrokerUnderTest) -> None:
    """With a certificate that nobody here trusts, or for another name, no secret is sent."""
    settings = broker.settings("cart-1")
    strangers = [
        PahoLink(replace(settings, ca_file=None), backoff=FAST),
        PahoLink(replace(settings, host="localhost"), backoff=FAST),
        PahoLink(replace(settings, tls=False), backoff=FAST),
    ]
    friend = broker.link("cart-1")
    for link in strangers:
        link.start()
    tried = Heard(friend)
    friend.start()
    wait_until(lambda: friend.connected, "the one who trusts it connected")

    assert [(link.connected, link.refused) for link in strangers] == [(False, False)] * 3
    assert tried.connections == [True]
    for link in (*strangers, friend):
        link.stop()
