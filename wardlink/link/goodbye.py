"""The end of a connection: what was published goes out first, then the broker hears that we end on purpose."""

from __future__ import annotations

import select
import time
from collections.abc import Callable

from wardlink.link.buffered import BufferedClient

GOODBYE_S = 2.0

_LOOK_EVERY_MS = 50


def say_goodbye(client: BufferedClient, write: Callable[[BufferedClient], bool]) -> None:
    """Send what is left with `write` (true when nothing is), say goodbye, and wait until the broker hangs up.

    Closing while its acknowledgements are on their way would reset the connection, and the broker could lose our
    last words; so we read on until it closes. If all of this takes too long, the last will is sent: we were lost.

    Raises:
        OSError: the connection was lost meanwhile.
    """
    until_s = time.monotonic() + GOODBYE_S
    while not write(client):
        if not _wait(client, until_s):
            return
    client.add_goodbye()
    client.flush()
    while _wait(client, until_s):
        client.flush()


def _wait(client: BufferedClient, until_s: float) -> bool:
    """Let a moment pass and read what comes; False when the connection or our time has ended."""
    sock = client.socket()
    if sock is None or client.ended or time.monotonic() > until_s:
        return False
    poll = select.poll()
    poll.register(sock.fileno(), select.POLLIN | (select.POLLOUT if client.want_write() else 0))
    poll.poll(_LOOK_EVERY_MS)
    client.fill()
    return True
