"""A hospital's monitors: every message five vital signs of one bed, through one gateway a ward.

Two ways to load: closed (a fixed number of messages in flight: how much goes through) and open (so many a
second, whatever happens: how long a receipt takes).
"""

from __future__ import annotations

import resource
import selectors
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import orjson
import uuid_utils

from wardlink import topics
from wardlink.errors import Unreachable
from wardlink.i18n import N_
from workbench.bench.figures import percentile
from workbench.bench.raw_mqtt import RawClient, publish_packet, topic_field

_LOST = N_("Messages were lost on the way: the run does not count.")
_UNANSWERED = N_("{n} messages got no receipt.")


@dataclass(frozen=True)
class Gateway:
    """One ward's gateway and the stays it speaks for."""

    ward: str
    device: str
    secret: str
    encounters: tuple[tuple[str, str], ...]  # (encounter, bed)


@dataclass
class Outcome:
    """What one round of load saw. Latencies are from when a message was due to its receipt, in milliseconds.

    In the open loop a message that the load itself sends late counts from when it should have gone: a server that
    holds everything up must not look better for it.
    """

    sent: int = 0
    receipted: int = 0
    in_time: int = 0
    elapsed_s: float = 0.0
    latencies_ms: list[float] = field(default_factory=list)
    load_cpu_s: float = 0.0

    @property
    def per_s(self) -> float:
        """Receipts a second, of those that came while the load lasted."""
        return self.in_time / self.elapsed_s

    def percentile_ms(self, q: float) -> float:
        """The latency that a share `q` (0 to 1) of the receipts stayed under."""
        return percentile(self.latencies_ms, q)


def vitals_payload(gateway: Gateway, command: str, stream: str, n: int, stamp: str) -> bytes:
    """The bytes of one `vitals.record` with five readings, for the `n`-th message of a gateway. `stamp`: ISO, UTC."""
    encounter, bed = gateway.encounters[n % len(gateway.encounters)]
    return (
        f'{{"v":1,"id":"{command}","kind":"vitals.record","ward":"{gateway.ward}",'
        f'"device":"{gateway.device}","stream":"{stream}","n":{n},"base":1,'
        f'"actor":{{"kind":"device","id":"{gateway.device}"}},"encounter":"{encounter}","bed":"{bed}",'
        f'"measured_at":"{stamp}","entered_at":"{stamp}","body":{{"readings":{{"hr_per_min":{60 + n % 40},'
        f'"rr_per_min":{12 + n % 9},"spo2_pct":{94 + n % 6},"sbp_mmhg":{110 + n % 30},"dbp_mmhg":{60 + n % 20}}},'
        f'"source":"monitor","interval_s":1}}}}'
    ).encode()


class _Line:
    """One gateway's connection, its numbering, and its unanswered messages."""

    def __init__(self, gateway: Gateway, host: str, port: int) -> None:
        self.gateway = gateway
        self.client = RawClient(host, port, gateway.device, gateway.device, gateway.secret)
        self.client.subscribe([topics.down(gateway.ward, gateway.device)])
        self._topic = topic_field(topics.up(gateway.ward, gateway.device))
        self._stream = str(uuid_utils.uuid7())
        self._n = 0
        self.unanswered: dict[str, float] = {}

    def packet(self, from_s: float, stamp: str) -> bytes:
        self._n += 1
        command = str(uuid_utils.uuid7())
        self.unanswered[command] = from_s
        payload = vitals_payload(self.gateway, command, self._stream, self._n, stamp)
        return publish_packet(self._topic, payload, self._n % 65_535 + 1)

    def settle(self, outcome: Outcome) -> int:
        settled = 0
        for _, payload in self.client.receive():
            answer = orjson.loads(payload)
            if "expect" in answer:
                raise Unreachable(_LOST)
            now_s = time.perf_counter()
            for receipt in answer["receipts"]:
                sent_s = self.unanswered.pop(receipt["id"], None)
                if sent_s is not None and receipt["outcome"] == "applied":
                    outcome.latencies_ms.append((now_s - sent_s) * 1e3)
                    settled += 1
        outcome.receipted += settled
        return settled


def run(
    gateways: Sequence[Gateway],
    host: str,
    port: int,
    *,
    seconds: float,
    in_flight: int | None = None,
    per_s: float | None = None,
    patience_s: float = 20.0,
) -> Outcome:
    """Load for `seconds`: with `in_flight` messages open (closed loop) or `per_s` a second (open loop).

    After it the last receipts are awaited for `patience_s`.

    Raises:
        Unreachable: the broker refused us, or messages were lost.
    """
    lines = [_Line(gateway, host, port) for gateway in gateways]
    poll = selectors.DefaultSelector()
    for line in lines:
        poll.register(line.client.socket, selectors.EVENT_READ, line)
    outcome = Outcome()
    cpu_before = cpu_s()
    start_s = time.perf_counter()
    try:
        if per_s is not None:
            _open_loop(lines, poll, outcome, start_s, seconds, per_s)
        else:
            _closed_loop(lines, poll, outcome, start_s, seconds, in_flight or 2_000)
        outcome.elapsed_s = time.perf_counter() - start_s
        outcome.load_cpu_s = cpu_s() - cpu_before
        outcome.in_time = outcome.receipted
        _drain(lines, poll, outcome, patience_s)
    finally:
        for line in lines:
            line.client.close()
    return outcome


def _closed_loop(
    lines: list[_Line], poll: selectors.BaseSelector, outcome: Outcome, start_s: float, seconds: float, in_flight: int
) -> None:
    each = max(1, in_flight // len(lines))
    for line in lines:
        _send(line, each, outcome)
    while time.perf_counter() - start_s < seconds:
        for key, _ in poll.select(1.0):
            key.data.settle(outcome)
            room = each - len(key.data.unanswered)
            if room >= each // 8 or room > 50:
                _send(key.data, room, outcome)


def _open_loop(
    lines: list[_Line], poll: selectors.BaseSelector, outcome: Outcome, start_s: float, seconds: float, per_s: float
) -> None:
    while (elapsed := time.perf_counter() - start_s) < seconds:
        due = int(elapsed * per_s) - outcome.sent
        for _ in range(due):
            _send(lines[outcome.sent % len(lines)], 1, outcome, due_s=start_s + (outcome.sent + 1) / per_s)
        next_s = start_s + (outcome.sent + 1) / per_s
        for key, _ in poll.select(max(0.0, next_s - time.perf_counter())):
            key.data.settle(outcome)


def _send(line: _Line, count: int, outcome: Outcome, *, due_s: float | None = None) -> None:
    stamp = datetime.now(UTC).isoformat()
    from_s = time.perf_counter() if due_s is None else due_s
    line.client.send(b"".join(line.packet(from_s, stamp) for _ in range(count)))
    outcome.sent += count


def _drain(lines: list[_Line], poll: selectors.BaseSelector, outcome: Outcome, timeout_s: float) -> None:
    # What comes late counts among the latencies: leaving it out would praise whoever is slow.
    until_s = time.perf_counter() + timeout_s
    while any(line.unanswered for line in lines):
        if time.perf_counter() > until_s:
            raise Unreachable(_UNANSWERED, n=sum(len(line.unanswered) for line in lines))
        for key, _ in poll.select(1.0):
            key.data.settle(outcome)


def cpu_s() -> float:
    """The processor time of this process until now."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
