"""The buffered client: the same messages, however the bytes are cut on their way."""

from __future__ import annotations

import socket

from hypothesis import given, settings
from hypothesis import strategies as st
from paho.mqtt.client import MQTTv311
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from tests.link.raw_broker import PINGRESP, message
from wardlink.link.buffered import BufferedClient
from wardlink.link.port import Incoming

TOPIC = b"wardlink/v1/w1/changes"
# Sizes about the bounds at which the length takes another byte.
SIZES = st.one_of(st.integers(0, 300), st.sampled_from([127 - 24, 128 - 24, 16_383 - 24, 16_384 - 24, 65_536]))
PACKETS = st.lists(st.tuples(SIZES, st.sampled_from([0, 0, 0, 1]), st.booleans()), max_size=12)


class Wire:
    """A client at one end of a socket pair, and what it took in."""

    def __init__(self) -> None:
        near, self.far = socket.socketpair()
        near.setblocking(False)
        self.far.settimeout(5)
        self.client = BufferedClient(CallbackAPIVersion.VERSION2, client_id="x", protocol=MQTTv311)
        self.client._sock = near
        self.taken: list[Incoming] = []
        self.client.on_message = lambda _c, _u, found: self.taken.append(
            Incoming(found.topic, bytes(found.payload), found.retain)
        )

    def read(self) -> MQTTErrorCode:
        """Take in whatever has come."""
        code = MQTTErrorCode.MQTT_ERR_SUCCESS
        self.client.fill()
        while True:
            self.taken += self.client.take_messages(3)
            if not self.client.packet_waits:
                return code
            code = self.client.read_packet()
            if code != MQTTErrorCode.MQTT_ERR_SUCCESS:
                return code

    def close(self) -> None:
        """End both ends."""
        self.far.close()
        if (near := self.client.socket()) is not None:
            near.close()


@settings(max_examples=60, deadline=None)
@given(packets=PACKETS, cuts=st.lists(st.integers(1, 5_000), min_size=1, max_size=20))
def test_cuts_between_bytes_change_nothing(packets: list[tuple[int, int, bool]], cuts: list[int]) -> None:
    """Messages of both qualities, mixed with other packets, come whole and in order, wherever the bytes are cut."""
    sent = [Incoming(TOPIC.decode(), bytes([n % 256]) * size, retain) for n, (size, _, retain) in enumerate(packets)]
    stream = b"".join(
        PINGRESP + message(TOPIC, said.payload, qos=qos, retain=said.retained)
        for said, (_, qos, _) in zip(sent, packets, strict=True)
    )
    wire = Wire()

    at, turn = 0, 0
    while at < len(stream):
        step = cuts[turn % len(cuts)]
        wire.far.sendall(stream[at : at + step])
        wire.read()
        at, turn = at + step, turn + 1

    assert wire.taken == sent
    wire.close()


@settings(max_examples=60, deadline=None)
@given(junk=st.binary(min_size=1, max_size=200))
def test_no_bytes_make_it_hang_or_break(junk: bytes) -> None:
    """Any bytes at all, followed by the end of the connection, are read to that end and to nothing worse."""
    wire = Wire()
    wire.far.sendall(junk)
    wire.far.shutdown(socket.SHUT_WR)

    for _ in range(len(junk) + 2):
        try:
            wire.read()
        except (UnicodeDecodeError, ValueError):
            # The link's thread treats it as a lost connection.
            break
        if wire.client.socket() is None:
            break
    else:
        raise AssertionError("the end of the connection was never found")
    wire.close()


def test_what_the_kernel_does_not_take_waits_in_order() -> None:
    """More than the socket holds is kept, and goes out byte for byte when the other side reads again."""
    wire = Wire()
    payloads = [b"%06d" % n * 1_000 for n in range(500)]
    for payload in payloads:
        wire.client.publish_once(TOPIC, payload, retain=False)
    wire.client.flush()
    assert wire.client.want_write()

    expected = b"".join(message(TOPIC, payload) for payload in payloads)
    got = bytearray()
    while len(got) < len(expected):
        got += wire.far.recv(65_536)
        wire.client.flush()

    assert bytes(got) == expected
    assert not wire.client.want_write()
    wire.close()
