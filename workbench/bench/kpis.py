"""How soon the KPIs of a whole hospital are there, over months of data, on SQLite and on a PostgreSQL that is given.

27 wards, 1,332 beds, stays of eight days each, calls in every bed. Doses and lines of bills are there as their sums of
the day alone: nothing else of them is read. Each question is asked once before it counts: programs are loaded then. The
floor reads the same sums and the same stays with the bare driver, two statements, and adds nothing up itself.

Response times are counted from every call and alert of the days; their floor reads the waits of the same calls with the
bare driver and sorts nothing.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wardlink.clock import WARD_ZONE
from workbench.bench.figures import Goal, middle, paired_ratio
from workbench.bench.hospital import gateways, make_people
from workbench.bench.machine import Machine, describe

if TYPE_CHECKING:
    from server.db import Database

MOST_S = 1.0
STAY_DAYS = 8
UNTIL = date(2027, 6, 30)
SEED = 11
_AT_ONCE = 10_000
_DAY_TERMS = {"doses": 400, "doses_in_time": 380, "charged_fen": 4_000_000, "drugs_fen": 1_200_000}
"""What a ward has of each in a day."""

Report = Callable[[str], None]
Ask = Callable[["Database", list[str], int], None]


@dataclass(frozen=True)
class Order:
    """What is measured. `postgres`: the address of an empty database there, if that shall be measured too."""

    folder: Path
    calls: int
    days: int
    rounds: int
    postgres: str | None = None


@dataclass(frozen=True)
class Read:
    """One question; medians of the rounds. `times`: ours / floor, paired by round."""

    engine: str
    wards: int
    days: int
    seconds: float
    floor_s: float
    times: float


@dataclass(frozen=True)
class KpisResult:
    """The whole measurement. `anew_s`: by engine, making every sum from the facts. `waits`: response times."""

    machine: Machine
    rounds: int
    calls: int
    read: list[Read] = field(default_factory=list)
    anew_s: dict[str, float] = field(default_factory=dict)
    waits: list[Read] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)


def measure(order: Order, report: Report = lambda _: None) -> KpisResult:
    """Do the run."""
    from server.kpis import sums

    machine, found, waits, anew = describe(order.folder), list[Read](), list[Read](), dict[str, float]()
    for engine, url in _engines(order):
        db = _filled(order, engine, url, report)
        try:
            begun_s = time.perf_counter()
            with db.write() as conn:
                sums.recount(conn)
                _other_terms(conn, order.days)
            anew[engine] = time.perf_counter() - begun_s
            for wards, days in _questions(order.days):
                report(f"{engine}: {len(wards)} wards, {days} days")
                found.append(_asked(db, engine, wards, days, order.rounds, _ours, _floor))
            for wards, days in _months(order.days):
                report(f"{engine}: response times, {len(wards)} wards, {days} days")
                waits.append(_asked(db, engine, wards, days, order.rounds, _our_waits, _bare_waits))
        finally:
            db.close()
    goals = [
        Goal(f"{each.engine}, {each.days} days{what}: seconds", each.seconds, "at most", MOST_S)
        for what, reads in (("", found), (", response times", waits))
        for each in reads
        if each.wards > 1
    ]
    return KpisResult(machine, order.rounds, order.calls, found, anew, waits, goals)


def _engines(order: Order) -> Iterator[tuple[str, str]]:
    yield "sqlite", f"sqlite:///{order.folder / 'ward.db'}"
    if order.postgres is not None:
        yield "postgresql", order.postgres


def _questions(days: int) -> list[tuple[list[str], int]]:
    every = [gateway.ward for gateway in gateways()]
    return [(every, days), (every, min(30, days)), (every[:1], days)]


def _months(days: int) -> list[tuple[list[str], int]]:
    every = [gateway.ward for gateway in gateways()]
    return [(every, min(30, days)), (every[:1], min(92, days))]


def _filled(order: Order, engine: str, url: str, report: Report) -> Database:
    from sqlalchemy import insert

    from server.calls.models import CallRow
    from server.db import Database
    from server.kpis.models import AlertTime
    from server.migrate import upgrade
    from server.patients.models import Encounter, Stay

    upgrade(url)
    db = Database(url)
    make_people(db)
    stays = ((Encounter, _encounters(order.days)), (Stay, _stays(order.days)))
    for model, rows in (*stays, (CallRow, _calls(order)), (AlertTime, _alerts(order))):
        written = 0
        for part in _parts(rows):
            with db.write() as conn:
                conn.execute(insert(model), part)
            written += len(part)
            report(f"{engine}: {model.__name__} {written:,}")
    with db.write() as conn:
        conn.exec_driver_sql("ANALYZE")
    return db


def _parts(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    part: list[dict[str, Any]] = []
    for row in rows:
        part.append(row)
        if len(part) == _AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def _past_stays(days: int) -> Iterator[tuple[int, str, str, str, datetime, datetime]]:
    """Number, patient, ward, bed, from when and until when: one after the other in every bed."""
    first, no = _noon(UNTIL) - timedelta(days=days), 0
    for gateway in gateways():
        for patient, bed in gateway.encounters:
            for n in range(days // STAY_DAYS):
                begin = first + timedelta(days=n * STAY_DAYS)
                yield no, patient, gateway.ward, bed, begin, begin + timedelta(days=STAY_DAYS)
                no += 1


def _encounters(days: int) -> Iterator[dict[str, Any]]:
    fixed = {"level": "level2", "diet": "regular", "allergies": [], "spo2_scale": 1, "pregnant": False}
    for no, patient, ward, bed, begin, end in _past_stays(days):
        who = {"id": f"past-{no}", "admission_no": f"past-{no}", "patient": patient, "ward": ward, "bed": bed}
        yield fixed | who | {"status": "finished", "admitted_at": begin, "discharged_at": end}


def _stays(days: int) -> Iterator[dict[str, Any]]:
    for no, _patient, ward, bed, begin, end in _past_stays(days):
        yield {"encounter": f"past-{no}", "ward": ward, "bed": bed, "from_at": begin, "until_at": end}


def _calls(order: Order) -> Iterator[dict[str, Any]]:
    from wardlink.clinical.call_reasons import call_reasons, class_of

    chance, reasons = random.Random(SEED), list(call_reasons())
    beds = [(gateway.ward, bed) for gateway in gateways() for _stay, bed in gateway.encounters]
    first = _noon(UNTIL) - timedelta(days=order.days)
    for no in range(order.calls):
        at = first + timedelta(seconds=chance.randrange(order.days * 86_400))
        ward, bed = beds[no % len(beds)]
        reason = chance.choice(reasons)
        taken = at + timedelta(seconds=chance.randrange(2, 120), milliseconds=chance.randrange(1000))
        there = taken + timedelta(seconds=chance.randrange(20, 800))
        row = {"id": f"call-{no}", "ward": ward, "bed": bed, "reason": reason, "cls": class_of(reason), "count": 1}
        times = dict.fromkeys(("raised_at", "pressed_at", "rang_at", "received_at"), at)
        yield row | times | {"state": "resolved", "acknowledged_at": taken, "arrived_at": there, "closed_at": there}


def _alerts(order: Order) -> Iterator[dict[str, Any]]:
    """One for every three calls, and every tenth of them never answered."""
    from wardlink.clinical.alert_rules import CODES, alert_rule, is_call

    chance, codes = random.Random(SEED), [code for code in CODES if not is_call(code)]
    wards, first = [gateway.ward for gateway in gateways()], _noon(UNTIL) - timedelta(days=order.days)
    for no in range(order.calls // 3):
        at, code = first + timedelta(seconds=chance.randrange(order.days * 86_400)), chance.choice(codes)
        done = at + timedelta(seconds=chance.randrange(5, 900))
        row = {"alert": f"alert-{no}", "ward": wards[no % len(wards)], "code": code, "raised_at": at, "ended_at": done}
        yield row | {"priority": alert_rule(code).priority, "answered_at": done if no % 10 else None, "there_at": None}


def _other_terms(conn: Any, days: int) -> None:
    from sqlalchemy import insert

    from server.kpis.days import number_of
    from server.kpis.facts import rules_in_force
    from server.kpis.models import DaySum

    last, rules = number_of(UNTIL), rules_in_force()
    conn.execute(
        insert(DaySum),
        [
            {"ward": gateway.ward, "day": day, "term": term, "n": n, "rules": rules}
            for gateway in gateways()
            for day in range(last - days + 1, last + 1)
            for term, n in _DAY_TERMS.items()
        ],
    )


def _asked(db: Database, engine: str, wards: list[str], days: int, rounds: int, ours: Ask, floor: Ask) -> Read:
    ours_s, floor_s = list[float](), list[float]()
    ours(db, wards, days)
    for _round in range(rounds):
        for seconds, ask in ((floor_s, floor), (ours_s, ours)):
            begun_s = time.perf_counter()
            ask(db, wards, days)
            seconds.append(time.perf_counter() - begun_s)
    return Read(engine, len(wards), days, middle(ours_s), middle(floor_s), paired_ratio(ours_s, floor_s))


def _ours(db: Database, wards: list[str], days: int) -> None:
    """What the page reads and makes of it: every KPI, and its course day by day."""
    from server.dashboard.kpis.asked import periods, whole
    from server.dashboard.kpis.sheets import overview_sheet
    from server.kpis.counting import Days, counted

    with db.read() as conn:
        found = counted(conn, wards, Days(UNTIL - timedelta(days=days - 1), UNTIL))
    overview_sheet(whole(found), {})
    periods(found, "day")


def _floor(db: Database, wards: list[str], days: int) -> None:
    from server.kpis.days import number_of

    listed, last = ", ".join(f"'{ward}'" for ward in wards), number_of(UNTIL)
    with db.read() as conn:
        for statement in (
            f"SELECT day, term, sum(n) FROM day_sum WHERE ward IN ({listed}) "
            f"AND day BETWEEN {last - days + 1} AND {last} GROUP BY day, term",
            f"SELECT from_at, until_at FROM stay WHERE ward IN ({listed})",
        ):
            conn.exec_driver_sql(statement).fetchall()


def _our_waits(db: Database, wards: list[str], days: int) -> None:
    """What the page of response times reads and makes of it, by kind."""
    from server.dashboard.alarms.asked import Asked
    from server.dashboard.alarms.times_sheets import alerts_sheet, calls_sheet, read

    now = _noon(UNTIL + timedelta(days=1))
    with db.read() as conn:
        asked = Asked(tuple(wards), UNTIL - timedelta(days=days - 1), UNTIL)
        found = read(conn, asked, now, by="kind", until="answered")
    calls_sheet(found.calls, "kind", "answered", now)
    alerts_sheet(found.alerts, "kind", "answered", now)


def _bare_waits(db: Database, wards: list[str], days: int) -> None:
    from server.kpis.days import begins_micros

    listed = ", ".join(f"'{ward}'" for ward in wards)
    since, until = (begins_micros(UNTIL - timedelta(days=n)) for n in (days - 1, -1))
    with db.read() as conn:
        conn.exec_driver_sql(
            f"SELECT cls, reason, acknowledged_at - raised_at FROM call WHERE ward IN ({listed}) "
            f"AND raised_at >= {since} AND raised_at < {until}"
        ).fetchall()


def _noon(on: date) -> datetime:
    return datetime.combine(on, clock_time(12), WARD_ZONE)
