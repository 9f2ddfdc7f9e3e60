"""A device with a valid credential that wants more: it gets nothing, and nobody else notices."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

from tests.brokers import NatsBroker
from tests.link.worlds import EVERY_STATUS, Heard
from tests.server.broker.attacker import Attacker, connect_packet, say_once, throw
from tests.server.broker.conftest import Ward
from tests.waiting import wait_until
from wardlink import topics

EVIL = b"evil"

NOT_CART_1 = [
    topics.up("w1", "cart-2"),
    topics.up("w2", "cart-1"),
    topics.up("w2", "cart-9"),
    topics.down("w1", "cart-1"),
    topics.down("w1", "cart-2"),
    topics.changes("w1"),
    topics.changes("w2"),
    topics.bed_changes("w1", "b1"),
    topics.calls("w1", "b1"),
    topics.status("w1", "cart-2"),
    topics.status("w1", topics.SERVER),
    "$SYS/broker/uptime",
    "$JS/API/STREAM/PURGE/$MQTT_rmsgs",
    "$MQTT/msgs/wardlink/v1/w1/up/cart-2",
    "$MQTT/rmsgs/wardlink/v1/w1/status/cart-2",
    "wardlink.v1.w1.up.cart-2",
]
NOT_FOR_CART_1 = [
    "#",
    "+/#",
    "wardlink/#",
    "wardlink/v1/w1/#",
    "wardlink/v1/+/up/+",
    "wardlink/v1/+/changes",
    "wardlink/v1/w1/down/+",
    "wardlink/v1/w1/status/+",
    "wardlink/v1/w1/up/cart-2",
    "wardlink/v1/w1/down/cart-2",
    "wardlink/v1/w1/bed/+/changes",
    "wardlink/v1/w2/changes",
    "wardlink.v1.w1.up.*",
    "wardlink/v1/w1/>",
    "$share/evil/wardlink/v1/w1/up/+",
    "$SYS/#",
    "$SYS/broker/#",
    "$JS/#",
    "$MQTT/#",
    "_INBOX/#",
]


def everything_once(ward: Ward) -> None:
    """Each channel of the ward, and of its neighbour, carries one message."""
    own = (topics.down("w1", "cart-2"), topics.changes("w1"), topics.changes("w2"), topics.status("w1", "server"))
    for topic in (*own, topics.bed_changes("w1", "b1"), topics.bed_changes("w1", "b2")):
        assert ward.server.link.publish(topic, topic.encode(), qos=1)
    assert ward.cart.link.publish(topics.up("w1", "cart-2"), b"up")
    assert ward.cart.link.publish(topics.status("w1", "cart-2"), b"status", qos=1, retain=True)
    assert ward.terminal.link.publish(topics.calls("w1", "b1"), b"call", qos=1)
    wait_until(lambda: {b"up", b"status", b"call"} <= ward.heard(), "everything was said")


@pytest.mark.parametrize("retain", [False, True])
def test_a_device_cannot_speak_for_anybody_else(ward: Ward, retain: bool) -> None:
    """Nothing said under another name, ward or channel is heard by anybody, then or later."""
    for topic in NOT_CART_1:
        for qos in (0, 1):
            say_once(ward.broker, "cart-1", topic, EVIL, qos=qos, retain=retain)
    say_once(ward.broker, "cart-1", topics.up("w1", "cart-1"), b"command")
    wait_until(lambda: b"command" in ward.server.payloads, "what it may say was heard")

    ward.check_undisturbed()
    later = Heard(ward.broker.link("cart-2"))
    later.link.subscribe([topics.changes("w1"), topics.calls("w1", "+"), topics.status("w1", "server")])
    ward.cart.link.stop()
    later.link.start()
    wait_until(lambda: later.link.connected, "a cart connected later")
    assert ward.server.link.publish(topics.changes("w1"), b"last", qos=1)
    wait_until(lambda: later.payloads, "the later cart heard something")
    assert later.payloads == [b"last"]
    later.link.stop()


def test_a_cart_hears_only_what_a_cart_may(ward: Ward) -> None:
    """No filter, however wide or strange, brings a cart more than its ward's changes, calls and server."""
    with Attacker(ward.broker, "cart-1") as attacker:
        for pattern in NOT_FOR_CART_1:
            attacker.try_to_hear(pattern)
        attacker.try_to_hear(topics.down("w1", "cart-1"))
        everything_once(ward)
        ward.server.link.publish(topics.down("w1", "cart-1"), b"receipt")
        wait_until(lambda: topics.down("w1", "cart-1") in attacker.topics, "what it may hear came")

        allowed = {
            topics.down("w1", "cart-1"),
            topics.changes("w1"),
            topics.calls("w1", "b1"),
            topics.status("w1", "server"),
        }
        assert set(attacker.topics) <= allowed


def test_a_terminal_hears_only_its_bed(ward: Ward) -> None:
    """The terminal of bed b2 learns nothing of bed b1, of the ward's changes, or of its calls."""
    with Attacker(ward.broker, "terminal-2") as attacker:
        for pattern in (*NOT_FOR_CART_1, topics.changes("w1"), topics.calls("w1", "+"), topics.calls("w1", "b1")):
            attacker.try_to_hear(pattern)
        attacker.try_to_hear(topics.bed_changes("w1", "b2"))
        attacker.try_to_hear(topics.down("w1", "terminal-2"))
        everything_once(ward)
        ward.server.link.publish(topics.down("w1", "terminal-2"), b"receipt")
        wait_until(lambda: topics.down("w1", "terminal-2") in attacker.topics, "what it may hear came")

        allowed = {
            topics.bed_changes("w1", "b2"),
            topics.down("w1", "terminal-2"),
            topics.status("w1", "server"),
        }
        assert topics.bed_changes("w1", "b2") in attacker.topics
        assert set(attacker.topics) <= allowed


def test_a_terminal_calls_only_from_its_bed(ward: Ward) -> None:
    """A call from another bed is not heard by the carts; its own is."""
    say_once(ward.broker, "terminal-2", topics.calls("w1", "b1"), EVIL, qos=1)
    say_once(ward.broker, "terminal-2", topics.calls("w2", "b2"), EVIL, qos=1)
    say_once(ward.broker, "terminal-2", topics.calls("w1", "b2"), b"call", qos=1)
    wait_until(lambda: b"call" in ward.cart.payloads, "its own call was heard")

    ward.check_undisturbed()


def test_nobody_can_be_put_out_by_name(ward: Ward) -> None:
    """Whoever connects under the name of another device ends no connection but its own."""
    honest = ("cart-2", "terminal-1", "server")
    for name in honest:
        with Attacker(ward.broker, "cart-1", client_id=name):
            pass

    ward.check_undisturbed()


def test_a_last_will_cannot_speak_for_another(ward: Ward) -> None:
    """A will on another device's status is not sent, and not kept."""
    attacker = Attacker(ward.broker, "cart-1", will=(topics.status("w1", "cart-2"), EVIL))
    honest = Attacker(ward.broker, "monitor-1", will=(topics.status("w1", "monitor-1"), b"command"))
    attacker.vanish()
    honest.vanish()
    wait_until(lambda: b"command" in ward.server.payloads, "the honest will was sent")

    ward.check_undisturbed()
    late = Heard(ward.broker.link("server"))
    ward.server.link.stop()
    late.link.subscribe([EVERY_STATUS])
    late.link.start()
    wait_until(lambda: late.payloads, "what is kept came")
    assert late.payloads == [b"command"]
    late.link.stop()


@pytest.mark.parametrize("size", [200_000, 1_000_000, 8_000_000])
def test_a_message_that_is_too_large_ends_only_its_sender(ward: Ward, size: int) -> None:
    """What is much larger than a message may be reaches nobody, and nobody else is put out."""
    with Attacker(ward.broker, "cart-1") as attacker:
        attacker.say(topics.up("w1", "cart-1"), b"x" * size, qos=1)
        attacker.say(topics.up("w1", "cart-1"), b"x" * size)
        wait_until(lambda: len(attacker.answers) > 1, "the sender was put out and came back")

    ward.check_undisturbed()


BROKEN = [
    b"\x00" * 64,
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x10\xff\xff\xff\xff\x7f",
    b"\x10\x00",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xff" * 600,
    connect_packet("cart-2", client_id="x", secret="guessed"),
    connect_packet("nobody", client_id="x", secret=""),
]
BROKEN_INSIDE = [
    b"\x30\x04\xff\xff\xff\xff",
    b"\x32\x06\x00\x02\xc3\x28\x00\x01",
    b"\x30\xff\xff\xff\xff\xff\xff",
    b"\x82\x02\x00\x01",
    b"\x82\x06\x00\x01\x00\x01#\x07",
    b"\x36\x05\x00\x01a\x00\x01",
    b"\xf0\x00",
    b"\x40\x02\xff\xff" * 100,
    connect_packet("cart-1", client_id="twice"),
]


def test_broken_packets_harm_nobody(ward: Ward) -> None:
    """Bytes that are no MQTT, before and after a valid sign-in, end at most their own connection."""
    for packet in BROKEN:
        throw(ward.broker, packet)
    for packet in BROKEN_INSIDE:
        throw(ward.broker, connect_packet("cart-1", client_id="evil"), packet)

    ward.check_undisturbed()


def test_a_revoked_device_is_put_out_and_nobody_else_notices(ward: Ward) -> None:
    """With its account a device loses its running connection and cannot come back."""
    lost = Heard(ward.broker.link("cart-1"))
    lost.link.start()
    wait_until(lambda: lost.link.connected, "the cart was connected")

    ward.broker.revoke("cart-1")

    wait_until(lambda: lost.link.refused and not lost.link.connected, "the cart was put out")
    ward.check_undisturbed()
    lost.link.stop()


def test_what_a_broker_writes_down_holds_no_secret(ward: Ward) -> None:
    """Neither configuration nor log has a secret, not even a wrong one that somebody tried."""
    throw(ward.broker, connect_packet("cart-1", client_id="x", secret="guessed-by-somebody"))
    say_once(ward.broker, "cart-1", topics.up("w1", "cart-2"), b"a payload with a name in it")

    words = ward.broker.words()
    assert "cart-1" in words
    for secret in ("the-secret-of", "guessed-by-somebody", "a payload"):
        assert secret not in words


def test_no_device_leaves_a_session_behind_that_fills_the_disk(tmp_path: Path) -> None:
    """nats-server gives a device no subscription with QoS 1, which it would have to keep messages for."""
    with NatsBroker(tmp_path) as broker, Attacker(broker, "cart-1", clean=False) as attacker:
        assert not attacker.try_to_hear(topics.changes("w1"), qos=1)
        assert attacker.try_to_hear(topics.changes("w1"), qos=0)


def test_the_other_door_of_nats_server_is_locked(tmp_path: Path) -> None:
    """No account gets in by nats-server's own protocol, which knows other ways around."""
    with NatsBroker(tmp_path) as broker:
        [port] = re.findall(r"client connections on 127\.0\.0\.1:(\d+)", broker.words())
        for name in ("cart-1", "server"):
            with socket.create_connection(("127.0.0.1", int(port)), timeout=5) as connection:
                connection.recv(4096)
                secret = f"the-secret-of-{name}"
                connection.sendall(b'CONNECT {"user":"%s","pass":"%s"}\r\nPING\r\n' % (name.encode(), secret.encode()))
                assert b"Authorization Violation" in connection.recv(4096)
