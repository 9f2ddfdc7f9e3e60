"""How long a day's bill takes to be compared with our books, and how much memory: each side a process of its own.

The floor reads the same bill with nothing but `split`, the same books with sqlite3, and compares numbers and amounts.
"""

from __future__ import annotations

import io
import json
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from wardlink.errors import Unreachable
from workbench.bench.figures import Goal, middle, paired_ratio
from workbench.bench.machine import Machine, describe

MOST_S = 10.0
MOST_MB = 300.0
CHANNELS = ("wechat", "alipay")

Report = Callable[[str], None]


@dataclass(frozen=True)
class Order:
    """What is measured."""

    folder: Path
    lines: int
    rounds: int


@dataclass(frozen=True)
class Compared:
    """One channel; medians of the rounds. `times`: ours / floor, paired by round."""

    channel: str
    lines: int
    seconds: float
    rss_mb: float
    floor_s: float
    floor_rss_mb: float
    times: float
    differences: int


@dataclass(frozen=True)
class ReconcileResult:
    """The whole measurement."""

    machine: Machine
    rounds: int
    compared: list[Compared] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)


def measure(order: Order, report: Report = lambda _: None) -> ReconcileResult:
    """Do the run.

    Raises:
        Unreachable: one of the processes has failed.
    """
    from workbench.bench import bill_day

    machine = describe(order.folder)
    payments = bill_day.lines_of(order.lines)
    database = order.folder / "ward.db"
    report("books")
    bill_day.write_books(database, payments)
    compared = []
    for channel in CHANNELS:
        report(channel)
        bill = order.folder / f"{channel}.bill"
        lines = bill_day.write_bill(channel, payments, bill)
        ours, floor = [], []
        for _ in range(order.rounds):
            floor.append(_child("floor", channel, database, bill))
            ours.append(_child("ours", channel, database, bill))
        compared.append(
            Compared(
                channel,
                lines,
                middle(each["seconds"] for each in ours),
                middle(each["rss_mb"] for each in ours),
                middle(each["seconds"] for each in floor),
                middle(each["rss_mb"] for each in floor),
                paired_ratio([each["seconds"] for each in ours], [each["seconds"] for each in floor]),
                int(ours[-1]["differences"]),
            )
        )
    goals = [
        goal
        for each in compared
        for goal in (
            Goal(f"{each.channel}: seconds", each.seconds, "at most", MOST_S),
            Goal(f"{each.channel}: MB", each.rss_mb, "at most", MOST_MB),
        )
    ]
    return ReconcileResult(machine, order.rounds, compared, goals)


def _child(side: str, channel: str, database: Path, bill: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "workbench.bench.reconcile", side, channel, str(database), str(bill)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unreachable(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else side)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _ours(channel: str, database: Path, bill: Path) -> int:
    from server.core import Core
    from server.db import Database
    from server.integrations.alipay import bill as alipay
    from server.integrations.wechat import bill as wechat
    from server.reconcile.rows import Wanted, differences
    from server.reconcile.service import Reconciliation
    from wardlink.clock import SystemClock
    from workbench.bench.bill_day import ON

    core = Core(Database(f"sqlite:///{database}"), SystemClock())
    try:
        with bill.open("rb") as file:
            rows = wechat.rows(file) if channel == "wechat" else alipay.rows(file)
            Reconciliation(core, {}).run_rows(channel, ON, rows)
        with core.db.read() as conn:
            return len(differences(conn, core.clock.now(), Wanted(channel=channel)))
    finally:
        core.db.close()


def _floor(channel: str, database: Path, bill: Path) -> int:
    with sqlite3.connect(database) as conn:
        query = "SELECT out_trade_no, amount_fen FROM pay_order WHERE channel = ?"
        books = dict(conn.execute(query, (channel,)))
    if channel == "wechat":
        with bill.open(encoding="utf-8") as lines:
            paid = [line.split(",`") for line in lines if line.startswith("`") and "`SUCCESS,`OTHERS" in line]
        theirs = {fields[6]: fields[24] for fields in paid}
    else:
        with zipfile.ZipFile(bill) as archive, archive.open(archive.infolist()[0]) as file:
            paid = [line.split(",") for line in io.TextIOWrapper(file, "gbk") if ",交易," in line]
        theirs = {fields[1].strip(): fields[11] for fields in paid}
    return sum(books.get(number) != round(float(yuan) * 100) for number, yuan in theirs.items())


def _peak_mb() -> float:
    # The kernel's own count of this program: what getrusage tells a child includes the parent that forked it.
    status = Path("/proc/self/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(peak.split()[1]) / 1024


if __name__ == "__main__":
    side, channel, *paths = sys.argv[1:]
    begun_s = time.perf_counter()
    count = (_ours if side == "ours" else _floor)(channel, *map(Path, paths))
    seconds = time.perf_counter() - begun_s
    rss_mb = _peak_mb()
    print(json.dumps({"seconds": seconds, "rss_mb": rss_mb, "differences": count}))
