"""How soon medication safety of a whole hospital is there, over weeks of doses, on SQLite and on a given PostgreSQL.

27 wards, 1,332 beds, doses in every bed of every day: most were given with their codes, some late, passed over, held,
missed, and today's last ones wait. Every line of the page is asked for as the page asks, once before it counts. All
doses lie there as the ward record holds them; their sums are made from them by the server's own count.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from wardlink.clock import WARD_ZONE
from wardlink.ids import new_id
from workbench.bench.figures import Goal, middle
from workbench.bench.hospital import gateways, make_people
from workbench.bench.machine import Machine, describe

if TYPE_CHECKING:
    from server.dashboard.medication.asked import Split
    from server.db import Database

MOST_S = 1.0
UNTIL = date(2027, 6, 30)
NOW = datetime(2027, 6, 30, 18, tzinfo=WARD_ZONE)
SEED = 11
_AT_ONCE = 10_000
_HOURS = (6, 8, 12, 16, 20)
_DRUGS = 40
_NURSES = 12
_REASONS = ("检查未归", "手术中", "患者外出")

Report = Callable[[str], None]


@dataclass(frozen=True)
class Order:
    """What is measured. `per_bed`: doses of a bed and day. `postgres`: the address of an empty database there."""

    folder: Path
    days: int
    per_bed: int
    rounds: int
    postgres: str | None = None


@dataclass(frozen=True)
class Read:
    """One kind of lines over some days; the median of the rounds."""

    engine: str
    line: str
    days: int
    seconds: float


@dataclass(frozen=True)
class MedicationResult:
    """The whole measurement. `anew_s`: by engine, making every sum from the doses."""

    machine: Machine
    rounds: int
    doses: int
    read: list[Read] = field(default_factory=list)
    anew_s: dict[str, float] = field(default_factory=dict)
    goals: list[Goal] = field(default_factory=list)


def measure(order: Order, report: Report = lambda _: None) -> MedicationResult:
    """Do the run."""
    from server.dashboard.medication.asked import SPLITS
    from server.medication import sums

    machine, found, anew = describe(order.folder), list[Read](), dict[str, float]()
    urls = {"sqlite": f"sqlite:///{order.folder / 'ward.db'}"}
    if order.postgres is not None:
        urls["postgresql"] = order.postgres
    doses = 0
    for engine, url in urls.items():
        db, doses = _filled(order, engine, url, report)
        try:
            report(f"{engine}: sums")
            begun_s = time.perf_counter()
            with db.write() as conn:
                sums.recount(conn)
            anew[engine] = time.perf_counter() - begun_s
            with db.write() as conn:
                conn.exec_driver_sql("ANALYZE")
            for days in sorted({min(7, order.days), order.days}):
                report(f"{engine}: {days} days")
                found.extend(Read(engine, split, days, _asked_s(db, split, days, order.rounds)) for split in SPLITS)
        finally:
            db.close()
    goals = [
        Goal(f"{one.engine}, {one.line}, {one.days} days: seconds", one.seconds, "at most", MOST_S) for one in found
    ]
    return MedicationResult(machine, order.rounds, doses, found, anew, goals)


def _filled(order: Order, engine: str, url: str, report: Report) -> tuple[Database, int]:
    from sqlalchemy import insert

    from server.db import Database
    from server.migrate import upgrade
    from server.record.models import RecordRow

    upgrade(url)
    db = Database(url)
    make_people(db)
    rows, written = _doses(order), 0
    while part := list(islice(rows, _AT_ONCE)):
        with db.write() as conn:
            conn.execute(insert(RecordRow), part)
        written += len(part)
        report(f"{engine}: {written:,}")
    return db, written


def _doses(order: Order) -> Iterator[dict[str, Any]]:
    chance = random.Random(SEED)
    for back in range(order.days - 1, -1, -1):
        on = UNTIL - timedelta(days=back)
        for gateway in gateways():
            for stay, bed in gateway.encounters:
                for number in range(order.per_bed):
                    hour = _HOURS[number % len(_HOURS)]
                    due = datetime(on.year, on.month, on.day, hour, tzinfo=WARD_ZONE)
                    yield _dose(chance, gateway.ward, stay, bed, due)


def _dose(chance: random.Random, ward: str, stay: str, bed: str, due: datetime) -> dict[str, Any]:
    luck, hour = chance.random(), timedelta(hours=1)
    state, act = ("done", "give") if luck < 0.96 else ("held", "hold") if luck < 0.98 else ("missed", "miss")
    is_planned = due > NOW or (luck > 0.995 and due > NOW - timedelta(hours=12))
    state = "planned" if is_planned else state
    drug = f"drug{chance.randrange(_DRUGS):02}"
    item = {
        "drug": drug,
        "dose": 1,
        "unit": "片",
        "name_zh": drug,
        "name_en": drug,
        "ingredient": drug,
        "strength": "1",
    }
    view: dict[str, Any] = {
        "id": new_id(),
        "encounter": stay,
        "bed": bed,
        "order": new_id(),
        "due_at": due,
        "opens_at": due - hour,
        "closes_at": due + hour,
        "state": state,
        "items": [item],
        "events": [] if is_planned else [_event(chance, act, due, f"{ward}-n{chance.randrange(_NURSES)}")],
    }
    row = {"kind": "dose", "id": view["id"], "ward": ward, "encounter": stay, "bed": bed, "at": due, "state": state}
    return row | {"is_open": is_planned, "body": orjson.dumps(view, option=orjson.OPT_UTC_Z).decode()}


def _event(chance: random.Random, act: str, due: datetime, nurse: str) -> dict[str, Any]:
    at = due + timedelta(minutes=chance.choice((-20, 0, 15, 30, 70)))
    stamps = {"at": at, "entered_at": at, "received_at": at}
    said = {"command": new_id(), "act": act, "device": "cart01", "by": {"kind": "staff", "id": nurse}} | stamps
    if act != "give":
        return said | {"reason": chance.choice(_REASONS)}
    codes = [{"what": what, "code": "c", "at": at} for what in ("wristband", "drug")]
    if chance.random() < 0.03:
        passed = [{"check": "drug-unscanned", "reason": chance.choice(_REASONS)}]
        return said | {"scans": codes[:1], "overrides": passed}
    return said | {"scans": codes}


def _asked_s(db: Database, split: Split, days: int, rounds: int) -> float:
    from server.dashboard.medication.asked import Asked, read, shown_figures
    from server.kpis.counting import Days

    names = {gateway.ward: gateway.ward for gateway in gateways()}
    figure = next(iter(shown_figures(split).values()))
    between = Days(UNTIL - timedelta(days=days - 1), UNTIL)
    asked, seconds = Asked(names, None, between, NOW, split, figure, "open", ""), list[float]()
    for _round in range(rounds + 1):
        begun_s = time.perf_counter()
        with db.read() as conn:
            read(conn, asked)
        seconds.append(time.perf_counter() - begun_s)
    return middle(seconds[1:])
