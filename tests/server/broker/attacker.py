"""Somebody with the credential of one device who wants more than that device may."""

from __future__ import annotations

import contextlib
import itertools
import socket
from types import TracebackType

from paho.mqtt.client import Client, MQTTMessage, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion

from tests.brokers import BrokerUnderTest, secret_of
from tests.waiting import wait_until


class Attacker:
    """A bare client that does as it likes, and comes back when it was put out."""

    def __init__(
        self,
        broker: BrokerUnderTest,
        name: str,
        *,
        client_id: str | None = None,
        will: tuple[str, bytes] | None = None,
        clean: bool = True,
    ) -> None:
        self.heard: list[MQTTMessage] = []
        self.granted: dict[int, bool] = {}
        self.answers: list[str] = []
        self._client = Client(
            CallbackAPIVersion.VERSION2, client_id or f"evil-{name}", clean_session=clean, protocol=MQTTv311
        )
        self._client.username_pw_set(name, secret_of(name).get_secret_value())
        if will is not None:
            self._client.will_set(*will, qos=1, retain=True)
        self._client.on_connect = lambda _c, _u, _f, reason, _p: self.answers.append(str(reason))
        self._client.on_message = lambda _c, _u, message: self.heard.append(message)
        self._client.on_subscribe = lambda _c, _u, mid, reasons, _p: self.granted.update(
            {mid: not reasons[0].is_failure}
        )
        self._client.reconnect_delay_set(1, 1)
        self._client.connect("127.0.0.1", broker.port, keepalive=5)
        self._client.loop_start()
        wait_until(lambda: self.answers, "the attacker got an answer")

    @property
    def topics(self) -> list[str]:
        """Where everything came from that was heard."""
        return [message.topic for message in self.heard]

    def try_to_hear(self, pattern: str, qos: int = 0) -> bool:
        """Whether the broker says that it grants this; Mosquitto says so and then delivers nothing."""
        _, mid = self._client.subscribe(pattern, qos)
        assert mid is not None
        wait_until(lambda: mid in self.granted, f"an answer to the subscription of {pattern}")
        return self.granted[mid]

    def say(self, topic: str, payload: bytes, *, qos: int = 0, retain: bool = False) -> None:
        """Publish, whatever comes of it."""
        self._client.publish(topic, payload, qos, retain)

    def vanish(self) -> None:
        """Break the connection without a goodbye, and stay away."""
        self._client.loop_stop()
        sock = self._client.socket()
        if sock is not None:
            sock.close()

    def __enter__(self) -> Attacker:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def connect_packet(name: str, *, client_id: str, secret: str | None = None) -> bytes:
    """A valid CONNECT of the account `name`."""
    known = secret_of(name).get_secret_value() if secret is None else secret
    body = b"\x00\x04MQTT\x04\xc2\x00\x3c" + b"".join(
        len(text).to_bytes(2, "big") + text.encode() for text in (client_id, name, known)
    )
    return b"\x10" + bytes([0x80 | len(body) % 128, len(body) // 128]) + body


def throw(broker: BrokerUnderTest, *pieces: bytes) -> None:
    """Write these bytes to the broker, wait for what it does with them, and go."""
    with socket.create_connection(("127.0.0.1", broker.port), timeout=1) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
                connection.recv(4096)
        except OSError:
            # Put out, or ignored: both are fine as long as nobody else notices.
            return


def publish_packet(topic: str, payload: bytes, *, qos: int = 0, retain: bool = False) -> bytes:
    """A PUBLISH of less than 16 KiB."""
    name = topic.encode()
    body = len(name).to_bytes(2, "big") + name + (b"\x00\x07" if qos else b"") + payload
    return bytes([0x30 | qos << 1 | retain, 0x80 | len(body) % 128, len(body) // 128]) + body


def say_once(
    broker: BrokerUnderTest, name: str, topic: str, payload: bytes, *, qos: int = 0, retain: bool = False
) -> None:
    """Publish on a connection of its own; returns when the broker has dealt with it, one way or the other."""
    with socket.create_connection(("127.0.0.1", broker.port), timeout=5) as connection:
        connection.sendall(connect_packet(name, client_id=f"evil-{next(_numbers)}"))
        assert connection.recv(4) == b"\x20\x02\x00\x00"
        # A broker that puts us out for it has dealt with it too.
        with contextlib.suppress(ConnectionError):
            connection.sendall(publish_packet(topic, payload, qos=qos, retain=retain) + _PINGREQ)
            while (answer := connection.recv(64)) and _PINGRESP not in answer:
                continue


# nats-server holds back a client id that comes too often.
_numbers = itertools.count()
_PINGREQ, _PINGRESP = b"\xc0\x00", b"\xd0\x00"
