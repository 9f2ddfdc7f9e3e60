"""How long the whole settlement of a long stay takes: from its beginning to its receipt, each run a process of its own.

Three ways: the patient pays alone, by our own estimate, and through the local insurance platform over HTTP. Persons
answer at once. The floor adds up the same lines with sqlite3 and writes down which they were, in one commit.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wardlink.errors import Unreachable
from workbench.bench.figures import Goal, middle, paired_ratio
from workbench.bench.hospital import Preload, copy, gateways, make_ours, settle
from workbench.bench.machine import Machine, describe

if TYPE_CHECKING:
    from server.core import Core
    from server.settlement.rows import Saga
    from server.settlement.service import Settlements

MOST_S = 1.0
WAYS = ("alone", "estimate", "platform")
PERSON = "510100000000000001"
"""The platform's number of the patient, and the token that they show."""

Report = Callable[[str], None]


@dataclass(frozen=True)
class Order:
    """What is measured."""

    folder: Path
    lines: int
    rounds: int


@dataclass(frozen=True)
class Settled:
    """One way; medians of the rounds. `times`: ours / floor, paired by round."""

    way: str
    lines: int
    seconds: float
    floor_s: float
    times: float


@dataclass(frozen=True)
class SettleResult:
    """The whole measurement."""

    machine: Machine
    rounds: int
    settled: list[Settled] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)


def measure(order: Order, report: Report = lambda _: None) -> SettleResult:
    """Do the run.

    Raises:
        Unreachable: one of the processes has failed.
    """
    machine = describe(order.folder)
    report("books")
    books, used = order.folder / "books.db", order.folder / "ward.db"
    _write_books(books, order.lines)
    found = []
    for way in WAYS:
        ours: list[dict[str, float]] = []
        floor: list[dict[str, float]] = []
        for no in range(order.rounds):
            report(f"{way} {no + 1}/{order.rounds}")
            for side, seen in (("floor", floor), (way, ours)):
                copy(books, used)
                seen.append(_child(side, used))
        ours_s, floor_s = ([each["seconds"] for each in seen] for seen in (ours, floor))
        ratio = paired_ratio(ours_s, floor_s)
        found.append(Settled(way, int(ours[-1]["lines"]), middle(ours_s), middle(floor_s), ratio))
    goals = [Goal(f"{each.way}: seconds", each.seconds, "at most", MOST_S) for each in found]
    return SettleResult(machine, order.rounds, found, goals)


def _child(side: str, database: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "workbench.bench.settle", side, str(database)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unreachable(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else side)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _stay() -> str:
    return gateways()[0].encounters[0][0]


def _write_books(path: Path, lines: int) -> None:
    """A stay with so many lines of a few items, a deposit in cash that is enough, and an insurance."""
    from sqlalchemy import insert

    from server.db import Database
    from server.insurance.keeping import STAY
    from server.money.charges import charge_by_hand
    from server.money.deposits import deposit_in
    from server.money.prices import E4, sample_prices
    from wardlink.clock import SystemClock
    from wardlink.ids import new_id

    make_ours(path, Preload(0))
    database = Database(f"sqlite:///{path}")
    now, stay = SystemClock().now(), _stay()
    items = [item for item in sample_prices().items.values() if item.fen_on(now.date())]
    who: dict[str, Any] = {"encounter": stay, "at": now, "actor": "staff:c-bench"}
    try:
        with database.write() as conn:
            for n in range(lines):
                item = items[n % len(items)]
                charge_by_hand(conn, item=item, quantity_e4=E4, reason="bench", key=new_id(), now=now, **who)
            deposit_in(conn, amount_fen=90_000_000, channel="cash", key=new_id(), **who)
            insured = {"scheme": "employee", "status": "in-service", "area": "510100", "psn_no": PERSON}
            conn.execute(insert(STAY).values(encounter=stay, set_at=now, set_by="staff:c-bench", **insured))
    finally:
        database.close()
    settle(path)


def _floor(database: Path) -> int:
    conn = sqlite3.connect(database)
    conn.execute("PRAGMA journal_mode=WAL")
    conn.execute("PRAGMA synchronous=FULL")
    with conn:
        rows = conn.execute("SELECT entry, amount_fen FROM charge_line WHERE encounter = ?", (_stay(),)).fetchall()
        conn.execute("CREATE TABLE floor_line (entry TEXT PRIMARY KEY, amount_fen INTEGER)")
        conn.executemany("INSERT INTO floor_line VALUES (?, ?)", rows)
    conn.close()
    return len(rows)


def _ours(way: str, database: Path) -> tuple[int, float]:
    from server.core import Core
    from server.db import Database
    from server.settlement.insurer import cover_of
    from wardlink.clock import SystemClock
    from wardlink.ids import new_id

    core = Core(Database(f"sqlite:///{database}"), SystemClock())
    settlements, stop = _settlements(core, way)
    try:
        with core.db.read() as conn:
            cover = None if way == "alone" else cover_of(conn, _stay())
        begun_s = time.perf_counter()
        saga = _to_the_end(settlements, settlements.begin(new_id(), _stay(), cover, _by()))
        return saga.lines or 0, time.perf_counter() - begun_s
    finally:
        stop()
        core.db.close()


def _to_the_end(settlements: Settlements, saga: Saga) -> Saga:
    """Answer whatever it waits for, at once."""
    from server.insurance.port import Card, CardKind
    from server.money.deposits import unsettled

    by = _by()
    while saga.is_open:
        saga = settlements.go(saga.id, by, card=Card(CardKind.VOUCHER, f"token-{PERSON}"))
        code = saga.wait["code"] if saga.wait is not None else ""
        if code == "audit":
            with settlements.tools.core.db.read() as conn:
                total_fen = unsettled(conn, saga.encounter)
            settlements.audit(saga.id, total_fen=total_fen, by=by)
        elif code == "decide":
            settlements.decide(saga.id, by_estimate=True, reason="bench", by=by)
        elif code == "confirm":
            settlements.confirm(saga.id, cash_fen=saga.divided.cash_fen, by=by)
        elif code == "payout":
            settlements.hand_out(saga.id, no=1, way="cash", by=by)
        elif saga.is_open:
            raise Unreachable(f"the settlement waits: {saga.wait}")
    return saga


def _by() -> Any:
    from server.payments.orders import By

    return By("staff:c-bench")


def _settlements(core: Core, way: str) -> tuple[Settlements, Callable[[], None]]:
    """The settlements of a server, with the local platform where it takes part, and how that ends."""
    from server.insurance.book import read_book
    from server.insurance.dealings import Dealings
    from server.insurance.settings import InsuranceSettings
    from server.integrations.national.adapter import NationalPlatform
    from server.integrations.national.settings import NationalSettings
    from server.integrations.national.signing import HmacSigner
    from server.money.prices import sample_prices
    from server.payments.service import Payments
    from server.settlement.making import settlements_of
    from wardlink.clock import ward_time
    from workbench.gateways.national.arithmetic import Item, Member
    from workbench.gateways.national.platform import Platform

    def made(dealings: Dealings | None) -> Settlements:
        return settlements_of(InsuranceSettings(), core, Payments(core, {}), lambda: prices, read_book, dealings)

    prices = sample_prices()
    if way != "platform":
        return made(None), lambda: None
    key = secrets.token_bytes(32)
    member = Member(PERSON, "bench", "", "", "1960-01-01", "1")
    grades = {item.national: Item(f"0{'ABC'.index(item.insurance_class) + 1}") for item in prices.items.values()}
    platform = Platform([member], grades, now=lambda: ward_time(core.clock.now()).replace(tzinfo=None), key=key)
    where = NationalSettings(platform.url, platform.code, "bench", platform.area)
    adapter = NationalPlatform(where, HmacSigner(key))

    def stop() -> None:
        adapter.close()
        platform.stop()

    return made(Dealings(core, adapter)), stop


if __name__ == "__main__":
    side, name = sys.argv[1:]
    started_s = time.perf_counter()
    count, seconds = _ours(side, Path(name)) if side != "floor" else (_floor(Path(name)), 0.0)
    print(json.dumps({"seconds": seconds or time.perf_counter() - started_s, "lines": count}))
