"""The barest MQTT 3.1.1 client that can load a server and be a floor: no reconnect, no timers, no threads.

For measuring only. It shows what the wire and the broker can do when the client costs nearly nothing.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence

from wardlink.errors import Unreachable
from wardlink.i18n import N_

_REFUSED = N_("The broker refused {name} with code {code}.")
_NOT_HEARD = N_("The broker refused a subscription to {topics}.")
_CLOSED = N_("The broker closed the connection.")

_CONNACK, _PUBLISH, _PUBACK, _SUBACK = 0x20, 0x30, 0x40, 0x90


def _length(n: int) -> bytes:
    out = bytearray()
    while True:
        n, digit = divmod(n, 128)
        out.append(digit | (0x80 if n else 0))
        if not n:
            return bytes(out)


def _text(text: str) -> bytes:
    raw = text.encode()
    return len(raw).to_bytes(2, "big") + raw


def publish_packet(topic: bytes, payload: bytes, packet_id: int | None = None) -> bytes:
    """A PUBLISH packet: QoS 0 without `packet_id`, QoS 1 with it. `topic` is already prefixed by its length."""
    if packet_id is None:
        body = topic + payload
        return b"\x30" + _length(len(body)) + body
    body = topic + packet_id.to_bytes(2, "big") + payload
    return b"\x32" + _length(len(body)) + body


def topic_field(topic: str) -> bytes:
    """A topic as `publish_packet` wants it."""
    return _text(topic)


class RawClient:
    """One connection. `receive` gives what has come in; `send` writes everything, blocking."""

    def __init__(self, host: str, port: int, client_id: str, username: str, password: str) -> None:
        self.socket = socket.create_connection((host, port), timeout=20)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray()
        head = _text("MQTT") + bytes([4, 0xC2]) + (0).to_bytes(2, "big")
        body = head + _text(client_id) + _text(username) + _text(password)
        self.socket.sendall(b"\x10" + _length(len(body)) + body)
        kind, answer = next(self._packets(blocking=True))
        if kind & 0xF0 != _CONNACK or answer[1] != 0:
            raise Unreachable(_REFUSED, name=username, code=answer[1])

    def subscribe(self, topics: Sequence[str], qos: int = 0) -> None:
        """Subscribe and wait for the broker's word."""
        body = b"\x00\x01" + b"".join(_text(topic) + bytes([qos]) for topic in topics)
        self.socket.sendall(b"\x82" + _length(len(body)) + body)
        kind, answer = next(self._packets(blocking=True))
        if kind & 0xF0 != _SUBACK or 0x80 in answer[2:]:
            raise Unreachable(_NOT_HEARD, topics=", ".join(topics))

    def send(self, data: bytes) -> None:
        """Write packets."""
        self.socket.sendall(data)

    def receive(self) -> list[tuple[str, bytes]]:
        """Messages (topic, payload) from one read of the socket; QoS 1 is acknowledged at once."""
        messages, acks = [], bytearray()
        for kind, body in self._packets(blocking=False):
            if kind & 0xF0 != _PUBLISH:
                continue
            size = int.from_bytes(body[:2], "big")
            start = 2 + size
            if kind & 0x06:
                acks += b"\x40\x02" + body[start : start + 2]
                start += 2
            messages.append((body[2 : 2 + size].decode(), body[start:]))
        if acks:
            self.socket.sendall(acks)
        return messages

    def close(self) -> None:
        """Say goodbye and close."""
        try:
            self.socket.sendall(b"\xe0\x00")
        finally:
            self.socket.close()

    def _packets(self, *, blocking: bool) -> Iterator[tuple[int, bytes]]:
        while True:
            chunk = self.socket.recv(262_144)
            if not chunk:
                raise Unreachable(_CLOSED)
            self._buffer += chunk
            yield from self._complete()
            if not blocking:
                return

    def _complete(self) -> Iterator[tuple[int, bytes]]:
        buffer, at = self._buffer, 0
        view = bytes(buffer)
        found = []
        while len(view) - at >= 2:
            size, shift, i = 0, 0, at + 1
            while i < len(view):
                size |= (view[i] & 0x7F) << shift
                shift += 7
                i += 1
                if not view[i - 1] & 0x80:
                    break
            else:
                break
            if len(view) - i < size:
                break
            found.append((view[at], view[i : i + size]))
            at = i + size
        del buffer[:at]
        return iter(found)
