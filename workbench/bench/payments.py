"""`wardlink bench payments`: how soon a channel's notice is answered while two hundred come a second.

Each notice is of an order of its own, genuinely signed; it is answered after the payment and its ledger entry are on
the disk. The server is a process of its own, with everything that it runs beside; the floor is a bare HTTP server.
"""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from sys import executable

import psutil
from sqlalchemy import func, insert, select

from server.core import Core
from server.db import Database
from server.integrations.sandbox import signing
from server.integrations.sandbox.wire import NoticeBody, TradeView
from server.migrate import upgrade
from server.money.ledger import ENTRY
from server.payments.booking import number
from server.payments.rows import ORDER
from server.wards.service import add_bed, add_ward
from wardlink.clock import SystemClock
from wardlink.errors import WardlinkError
from wardlink.i18n import N_
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.encounters import Admit
from wardlink.process.child import Child, free_port
from workbench.bench.figures import Goal, middle, paired_ratio, percentile
from workbench.bench.machine import Machine, describe

BOUND_MS = 1_000.0
"""What was asked for, of 99 of 100, at 200 a second."""

HANDS = 32
START_WITHIN_S = 120.0
ANSWER_WITHIN_S = 60.0
_PATH = "/api/v1/pay/notices/sandbox"

Report = Callable[[str], None]
Told = tuple[Mapping[str, str], bytes]


class NotCredited(WardlinkError):
    """Notices were answered as accepted and are not in the ledger: the measurement means nothing."""

    status = 500
    code = "not-credited"
    sentence = N_("{answered} notices were accepted and {credited} stand in the ledger: the run does not count.")


@dataclass(frozen=True)
class Order:
    """What is asked of a run."""

    folder: Path
    per_s: int = 200
    seconds: float = 10.0
    rounds: int = 3

    @property
    def count(self) -> int:
        """Notices a round."""
        return max(1, round(self.per_s * self.seconds))


@dataclass(frozen=True)
class Answered:
    """How soon one side answered and the processor time of its process a notice, the medians over the rounds."""

    name: str
    notices: int
    p50_ms: float
    p99_ms: float
    slowest_ms: float
    cpu_ms: float


@dataclass(frozen=True)
class PaymentsResult:
    """The whole measurement. `p99_times`: Wardlink's p99 / the floor's, paired by round."""

    machine: Machine
    per_s: int
    rounds: int
    answered: list[Answered] = field(default_factory=list)
    p99_times: float = float("nan")
    goals: list[Goal] = field(default_factory=list)


def measure(order: Order, report: Report = lambda _: None) -> PaymentsResult:
    """Do the run.

    Raises:
        Unreachable: a side did not start.
        NotCredited: what was answered is not in the ledger.
    """
    machine = describe(order.folder)
    ours, floor = [], []
    for no in range(order.rounds):
        report(f"{no + 1}/{order.rounds}")
        folder = order.folder / f"round-{no}"
        folder.mkdir()
        floor.append(_floor(folder, order))
        ours.append(_ours(folder, order))
    answered = [_answered(name, rounds) for name, rounds in (("floor", floor), ("Wardlink", ours))]
    p99_ms = [[percentile(each.ms, 0.99) for each in side] for side in (ours, floor)]
    times = paired_ratio(*p99_ms)
    return PaymentsResult(machine, order.per_s, order.rounds, answered, times, goals(answered))


def goals(answered: Sequence[Answered]) -> list[Goal]:
    """What was asked for."""
    return [Goal(N_("notice answered, p99, ms"), answered[-1].p99_ms, "at most", BOUND_MS)]


@dataclass(frozen=True)
class _Round:
    """Milliseconds of each notice, and of the processor a notice."""

    ms: list[float]
    cpu_ms: float


def _answered(name: str, rounds: Sequence[_Round]) -> Answered:
    p50, p99 = (middle(percentile(each.ms, q) for each in rounds) for q in (0.5, 0.99))
    count, slowest = sum(len(each.ms) for each in rounds), max(max(each.ms) for each in rounds)
    return Answered(name, count, p50, p99, slowest, middle(each.cpu_ms for each in rounds))


def _floor(folder: Path, order: Order) -> _Round:
    port = free_port()
    command = [executable, "-m", "workbench.bench.pay_floor", str(port), str(folder / "floor.db")]
    told: list[Told] = [({}, b"x" * 300)] * order.count
    return _run(Child("floor", command, log=folder / "floor.log"), port, "/", told, order.per_s)


def _ours(folder: Path, order: Order) -> _Round:
    signing.write_public(gateway := signing.new_key(folder / "gateway.pem"), folder / "gateway.pub.pem")
    signing.new_key(folder / "merchant.pem")
    data, port = folder / "server", free_port()
    numbers = _prepare(data, order.count)
    environment = {
        "WARDLINK_PAY_SANDBOX_URL": "http://127.0.0.1:9",
        "WARDLINK_PAY_SANDBOX_KEY": str(folder / "merchant.pem"),
        "WARDLINK_PAY_SANDBOX_GATEWAY_KEY": str(folder / "gateway.pub.pem"),
        "WARDLINK_PAGES": "0",
    }
    command = [executable, "-m", "commands", "server", "--demo", "--data", str(data), "--port", str(port)]
    command += ["--broker-port", str(free_port())]
    now = SystemClock().now()
    told: list[Told] = []
    for no, out_trade_no in enumerate(numbers):
        trade = TradeView(
            out_trade_no=out_trade_no, state="paid", amount_fen=100, currency="CNY", trade_no=f"4{no:09}", paid_at=now
        )
        raw = NoticeBody(id=number(), merchant="ward", trade=trade).model_dump_json(exclude_none=True).encode()
        # Signed a little ahead: the server takes its time to start, and believes what is five minutes off.
        told.append((signing.headers(gateway, now + timedelta(minutes=2), "notice", body=raw), raw))
    child = Child("server", command, log=folder / "server.log", environment=environment)
    found = _run(child, port, "/health/ready", told, order.per_s, path=_PATH)
    database = Database(f"sqlite:///{data / 'ward.db'}")
    try:
        with database.read() as conn:
            credited = conn.execute(select(func.count()).where(ENTRY.c.kind == "deposit_in")).scalar_one()
    finally:
        database.close()
    if credited != len(told):
        raise NotCredited(answered=len(told), credited=credited)
    return found


def _prepare(data: Path, count: int) -> list[str]:
    """A server's folder with one stay and so many orders that wait for their payment; their numbers."""
    data.mkdir()
    upgrade(url := f"sqlite:///{data / 'ward.db'}")
    database, clock, stay = Database(url), SystemClock(), new_id()
    core = Core(database, clock)
    try:
        with database.write() as conn:
            add_ward(conn, "w1", "一病区")
            add_bed(conn, "w1", "b1", "1", at=core.clock.now())
        person = {"admission_no": "ZY1", "mrn": "M1", "name": "测试", "sex": "female", "birth_on": "1950-01-01"}
        admit = Admit.model_validate(person | {"bed": "b1"})
        core.execute("encounter.admit", admit, ward="w1", actor=Actor(kind="system", id="bench"), encounter=stay)
        now, numbers = clock.now(), [number() for _ in range(count)]
        fixed = {"encounter": stay, "purpose": "deposit", "amount_fen": 100, "channel": "sandbox", "status": "qr_ready"}
        fixed |= {"qr": "x", "expires_at": now + timedelta(hours=1), "refunded_fen": 0, "late": False}
        fixed |= {"created_at": now, "created_by": "system:bench", "looks": 0, "version": 1}
        rows = [fixed | {"id": new_id(), "key": new_id(), "out_trade_no": each} for each in numbers]
        with database.write() as conn:
            conn.execute(insert(ORDER), rows)
    finally:
        database.close()
    return numbers


def _run(child: Child, port: int, ready: str, told: Sequence[Told], per_s: int, *, path: str = "/notices") -> _Round:
    """Start it, send every notice at its time whatever the answers do, end it; milliseconds from that time on."""
    child.start()
    try:
        child.wait_ready(lambda: _is_ready(port, ready), START_WITHIN_S)
        local = threading.local()

        def send(no: int) -> float:
            due_s = begun_s + no / per_s
            time.sleep(max(0.0, due_s - time.monotonic()))
            if not hasattr(local, "link"):
                local.link = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_WITHIN_S)
            headers, raw = told[no]
            local.link.request("POST", path, raw, dict(headers))
            answer = local.link.getresponse()
            answer.read()
            if answer.status != 204:
                raise NotCredited(answered=no, credited=0)
            return (time.monotonic() - due_s) * 1e3

        begun_s, before_s = time.monotonic() + 0.5, _cpu_s(child.pid)
        with ThreadPoolExecutor(HANDS) as hands:
            found = list(hands.map(send, range(len(told))))
        return _Round(found, (_cpu_s(child.pid) - before_s) * 1e3 / len(told))
    finally:
        child.stop()


def _cpu_s(pid: int) -> float:
    first = psutil.Process(pid)
    return sum(sum(each.cpu_times()[:2]) for each in [first, *first.children(recursive=True)])


def _is_ready(port: int, path: str) -> bool:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        link.request("GET", path)
        return link.getresponse().status == 200
    except OSError:
        return False
    finally:
        link.close()
