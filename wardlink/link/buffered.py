"""paho's client with a read buffer: one call to the kernel brings many packets, and shows where a batch ends."""

from __future__ import annotations

from typing import Any

from paho.mqtt.client import Client

_CHUNK = 256 * 1024


class BufferedClient(Client):
    """Reads the socket in large pieces and parses from memory.

    paho asks the kernel for one byte, then the length, then the packet: three calls a message. Its reading
    goes through `_sock_recv` alone, which the contract tests would show if a new version changed it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._buffer = b""
        self._read = 0
        super().__init__(*args, **kwargs)

    def fill(self) -> bool:
        """Take what the kernel holds, without waiting; False if that was nothing.

        The end of the connection counts as something: `loop_read` then finds and reports it.
        """
        self._buffer, self._read = self._buffer[self._read :], 0
        try:
            self._buffer += super()._sock_recv(_CHUNK)
            # What TLS has already decrypted does not show as readable at the socket.
            while (pending := getattr(self.socket(), "pending", None)) and pending():
                self._buffer += super()._sock_recv(_CHUNK)
        except BlockingIOError:
            return self.unread > 0
        except OSError:
            # The same error comes again inside loop_read, which knows what to do about it.
            return True
        return True

    @property
    def unread(self) -> int:
        """Bytes in memory that have not been parsed."""
        return len(self._buffer) - self._read

    def _sock_recv(self, bufsize: int) -> bytes:
        start, end = self._read, min(self._read + bufsize, len(self._buffer))
        if end > start:
            self._read = end
            return self._buffer[start:end]
        return super()._sock_recv(bufsize)
