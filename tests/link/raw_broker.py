"""A broker that does only what its script says, byte by byte: for what no real broker does on purpose."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from types import TracebackType

CONNACK = b"\x20\x02\x00\x00"
PINGREQ, PINGRESP = b"\xc0\x00", b"\xd0\x00"
DISCONNECT = b"\xe0\x00"


def message(topic: bytes, payload: bytes, *, qos: int = 0, retain: bool = False) -> bytes:
    """A PUBLISH packet."""
    body = len(topic).to_bytes(2, "big") + topic + (b"\x00\x09" if qos else b"") + payload
    return bytes([0x30 | qos << 1 | retain]) + length(len(body)) + body


def length(size: int) -> bytes:
    """MQTT's length of a packet."""
    made = bytearray()
    while size > 0x7F:
        made.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes(made) + bytes([size])


class RawBroker:
    """Listens, and runs `script` with each connection and its number, counted from 1, in a thread of its own.

    The script's return closes the connection; `over` is set at the end of the test.
    """

    def __init__(self, script: Callable[[socket.socket, int], None]) -> None:
        self.connections = 0
        self.over = threading.Event()
        self._script = script
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    def __enter__(self) -> RawBroker:
        self._threads[0].start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.over.set()
        # Wakes `accept` up, which closing alone does not.
        self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(timeout=5)
        self._listener.close()

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(connection, self.connections), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        with connection:
            connection.settimeout(10)
            try:
                self._script(connection, number)
            except OSError:
                return


def let_in(connection: socket.socket) -> None:
    """Read a CONNECT and accept it."""
    connection.recv(4096)
    connection.sendall(CONNACK)
