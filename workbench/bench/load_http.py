"""The same load over HTTP: each gateway keeps one connection and posts its next set when the last is answered."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import uuid_utils

from wardlink.errors import Unreachable
from wardlink.i18n import N_
from workbench.bench.load import Gateway, Outcome, cpu_s

_REFUSED = N_("The peer answered: {answer}")


class _Line:
    """One gateway's connection, with one request under way."""

    def __init__(self, gateway: Gateway, host: str, port: int) -> None:
        self.gateway = gateway
        self.socket = socket.create_connection((host, port), timeout=20)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._n = 0
        self._answer = b""
        self.sent_s = 0.0
        self.waits = False

    def post(self) -> None:
        """Send the next set."""
        self._n += 1
        self.socket.sendall(request(self.gateway, str(uuid_utils.uuid7()), self._n, datetime.now(UTC).isoformat()))
        self.sent_s = time.perf_counter()
        self.waits = True

    def answered(self) -> bool:
        """Read what has come; whether the answer is whole."""
        chunk = self.socket.recv(65_536)
        if not chunk:
            raise Unreachable(_REFUSED, answer="-")
        self._answer += chunk
        head, found, body = self._answer.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return False
        if not head.startswith(b"HTTP/1.1 200"):
            raise Unreachable(_REFUSED, answer=head.split(b"\r\n")[0].decode(errors="replace"))
        self._answer = b""
        self.waits = False
        return True


def request(gateway: Gateway, command: str, n: int, stamp: str) -> bytes:
    """One POST with the `n`-th set of a gateway, the same readings as `load.vitals_payload`."""
    encounter, bed = gateway.encounters[n % len(gateway.encounters)]
    body = (
        f'{{"id":"{command}","ward":"{gateway.ward}","device":"{gateway.device}","encounter":"{encounter}",'
        f'"bed":"{bed}","measured_at":"{stamp}","readings":{{"hr_per_min":{60 + n % 40},'
        f'"rr_per_min":{12 + n % 9},"spo2_pct":{94 + n % 6},"sbp_mmhg":{110 + n % 30},"dbp_mmhg":{60 + n % 20}}}}}'
    ).encode()
    head = (
        f"POST /vitals HTTP/1.1\r\nHost: peer\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def run(gateways: Sequence[Gateway], host: str, port: int, *, seconds: float) -> Outcome:
    """Load for `seconds`, one request of each gateway under way.

    Raises:
        Unreachable: the peer refused a request or closed the connection.
    """
    lines = [_Line(gateway, host, port) for gateway in gateways]
    poll = selectors.DefaultSelector()
    for line in lines:
        poll.register(line.socket, selectors.EVENT_READ, line)
    outcome = Outcome()
    before_s, start_s = cpu_s(), time.perf_counter()
    try:
        for line in lines:
            line.post()
        outcome.sent = len(lines)
        while any(line.waits for line in lines):
            for key, _ in poll.select(20.0):
                line = key.data
                if not line.answered():
                    continue
                now_s = time.perf_counter()
                outcome.receipted += 1
                outcome.latencies_ms.append((now_s - line.sent_s) * 1e3)
                if now_s - start_s < seconds:
                    line.post()
                    outcome.sent += 1
    finally:
        for line in lines:
            line.socket.close()
    outcome.elapsed_s = time.perf_counter() - start_s
    outcome.in_time = outcome.receipted
    outcome.load_cpu_s = cpu_s() - before_s
    return outcome


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
