"""paho's client with buffers: one call to the kernel brings or takes many packets.

paho asks the kernel for one byte, then the length, then the packet, and hands each packet over by itself.
Here both directions go through memory. paho is given whole packets only, and what carries most of the load,
a message of QoS 0, passes it by: there is nothing to remember about it.

Stands on `_sock_recv`, `_sock_send` and `_last_bytes_received` of paho; the tests of the link would show if a new
version changed them.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import MQTTErrorCode

from wardlink.link.port import Incoming

log = logging.getLogger(__name__)

_CHUNK = 256 * 1024
_PUBLISH, _KIND_AND_QOS, _RETAIN_BIT = 0x30, 0xF6, 0x01
_DISCONNECT = b"\xe0\x00"
_LONGEST_LENGTH = 4


class BufferedClient(Client):
    """Call `fill` when the socket can be read, `flush` after anything was said, and the rest in between."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._in = bytearray()
        self._at = 0
        self._until = 0
        self.ended = False
        self._out = bytearray()
        super().__init__(*args, **kwargs)

    def fill(self) -> None:
        """Take what the kernel holds, without waiting."""
        del self._in[: self._at]
        self._at = self._until = 0
        try:
            while chunk := super()._sock_recv(_CHUNK):
                self._in += chunk
                # Data that arrive show that the broker lives, also while its answer to a ping waits behind them.
                self._last_bytes_received = time.monotonic()
                # What TLS has already decrypted does not show as readable at the socket.
                if not (pending := getattr(self.socket(), "pending", None)) or not pending():
                    return
            self.ended = True
        except BlockingIOError:
            return
        except OSError:
            self.ended = True

    def take_messages(self, most: int) -> list[Incoming]:
        """Messages of QoS 0 that have come whole, up to the next packet of another kind.

        One whose topic is no text is left out, with a line in the log.
        """
        taken: list[Incoming] = []
        # Every message of a hospital goes through here: plain bytes, local names, and no call that can be spared.
        data, at, put, make = bytes(self._in), self._at, taken.append, tuple.__new__
        size = len(data)
        while len(taken) < most and at + 4 <= size and data[at] & _KIND_AND_QOS == _PUBLISH:
            left, start, shift = data[at + 1], at + 2, 7
            if left & 0x80:
                left &= 0x7F
                for digit in data[start : start + _LONGEST_LENGTH - 1]:
                    left |= (digit & 0x7F) << shift
                    shift += 7
                    start += 1
                    if not digit & 0x80:
                        break
                else:
                    break
            end = start + left
            payload_at = start + 2 + (data[start] << 8 | data[start + 1]) if start + 2 <= size else size + 1
            # What is malformed is for paho to complain about.
            if end > size or payload_at > end:
                break
            try:
                topic = data[start + 2 : payload_at].decode()
            except UnicodeDecodeError:
                log.warning("a message whose topic is no text: %r", data[start + 2 : payload_at][:80])
            else:
                put(make(Incoming, (topic, data[payload_at:end], data[at] & _RETAIN_BIT == _RETAIN_BIT)))
            at = end
        self._at = at
        return taken

    @property
    def packet_waits(self) -> bool:
        """Whether `read_packet` has something to do: a whole packet, or the end of the connection."""
        if self.ended:
            return True
        start, end = self._frame()
        return bool(start) and end <= len(self._in)

    def read_packet(self) -> MQTTErrorCode:
        """Let paho handle the next packet, or find out that the connection has ended."""
        _, end = self._frame()
        self._until = len(self._in) if self.ended else min(end, len(self._in))
        return self.loop_read()

    def publish_once(self, topic: bytes, payload: bytes, *, retain: bool) -> None:
        """Send a message with QoS 0. `topic` is valid; goes out with the next `flush`."""
        size = 2 + len(topic) + len(payload)
        self._out.append(_PUBLISH | (_RETAIN_BIT if retain else 0))
        while size > 0x7F:
            self._out.append(size & 0x7F | 0x80)
            size >>= 7
        self._out.append(size)
        self._out += len(topic).to_bytes(2, "big")
        self._out += topic
        self._out += payload

    def add_goodbye(self) -> None:
        """Say that we end on purpose. paho's own `disconnect` would close the socket before the other side has."""
        self._out += _DISCONNECT

    def flush(self) -> None:
        """Give the kernel what it takes, without waiting; `want_write` says whether something is left.

        Raises:
            OSError: the connection is lost.
        """
        if super().want_write():
            self.loop_write()
        while self._out:
            try:
                sent = super()._sock_send(bytes(self._out[:_CHUNK]))
            except BlockingIOError:
                return
            del self._out[:sent]

    def want_write(self) -> bool:
        """Whether anything waits to be written."""
        return bool(self._out) or super().want_write()

    def _frame(self) -> tuple[int, int]:
        """Where the next packet's body starts and ends; (0, 0) as long as its length has not come.

        A length that cannot be one ends the packet there: paho finds the fault in it.
        """
        size = 0
        for digit in range(_LONGEST_LENGTH):
            at = self._at + 1 + digit
            if at >= len(self._in):
                return 0, 0
            size |= (self._in[at] & 0x7F) << (7 * digit)
            if not self._in[at] & 0x80:
                return at + 1, at + 1 + size
        return self._at + 1, min(self._at + 2 + _LONGEST_LENGTH, len(self._in))

    def _sock_recv(self, bufsize: int) -> bytes:
        start, end = self._at, min(self._at + bufsize, self._until)
        if end > start:
            self._at = end
            return bytes(self._in[start:end])
        if self.ended:
            return b""
        raise BlockingIOError

    def _sock_send(self, buf: bytes | bytearray) -> int:
        self._out += buf
        return len(buf)
