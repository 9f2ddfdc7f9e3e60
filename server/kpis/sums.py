"""Keeps the sums of the KPIs in step with the facts, in the transaction that writes the fact.

Whoever writes a call, a dose or a line of a bill says what it was before and what it is now; the day's sums change by
the difference. Late facts, refusals and corrections thus reach the day to which they belong. `recount` makes the same
sums from the facts alone: when the times by which calls are judged have changed, and to check.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import structlog
from sqlalchemy import Connection, Row, Table, delete, func, insert, select, text, update

from server.calls.models import CallRow
from server.db import Database
from server.kpis.facts import Added, Key, of_call, of_dose, of_line, rules_in_force
from server.kpis.models import DaySum
from server.money.models import ChargeLine
from server.record.models import RecordRow
from wardlink.messages.doses import DoseView
from wardlink.record.doses import DOSE

log = structlog.get_logger(__name__)

SUM: Table = DaySum.__table__  # type: ignore[attr-defined]
_CALL: Table = CallRow.__table__  # type: ignore[attr-defined]
_LINE: Table = ChargeLine.__table__  # type: ignore[attr-defined]
_RECORD: Table = RecordRow.__table__  # type: ignore[attr-defined]

_NOTHING: Added = {}


def follow(conn: Connection, before: Added, after: Added) -> None:
    """A fact that added `before` adds `after` now. Called where the fact is written, in its transaction."""
    for key in sorted({*before, *after}):
        change = after.get(key, 0) - before.get(key, 0)
        if change:
            _add(conn, key, change)


def follow_call(conn: Connection, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """A call was raised, or has changed."""
    follow(conn, _NOTHING if before is None else of_call(before), of_call(after))


def follow_dose(conn: Connection, before: tuple[str, DoseView] | None, ward: str, after: DoseView) -> None:
    """A dose was planned, or something was entered about it; `before` with the ward that had it."""
    follow(conn, _NOTHING if before is None else of_dose(*before), of_dose(ward, after))


def follow_line(conn: Connection, line: Mapping[str, Any]) -> None:
    """A line was written on a bill; lines are never changed."""
    follow(conn, _NOTHING, of_line(line["department"], line["charged_on"], line["category"], line["amount_fen"]))


def kept(conn: Connection) -> dict[Key, int]:
    """Every sum that is not nought, as it is kept."""
    rows = conn.execute(select(SUM.c.ward, SUM.c.day, SUM.c.term, SUM.c.n).where(SUM.c.n != 0))
    return {(ward, day, term): n for ward, day, term, n in rows}


def from_facts(conn: Connection) -> dict[Key, int]:
    """Every sum that is not nought, made from the facts. Reads all of them."""
    found: Counter[Key] = Counter()
    for added in _facts(conn):
        found.update(added)
    return {key: n for key, n in found.items() if n}


def recount(conn: Connection) -> int:
    """Make the sums anew from the facts; returns how many there are."""
    if conn.dialect.name == "postgresql":
        # A writer in another process waits: what it adds must not be counted twice. SQLite has one writer anyway.
        conn.execute(text("LOCK TABLE day_sum IN SHARE ROW EXCLUSIVE MODE"))
    found = from_facts(conn)
    conn.execute(delete(SUM))
    rules = rules_in_force()
    rows = [{"ward": w, "day": d, "term": t, "n": n, "rules": rules} for (w, d, t), n in found.items()]
    if rows:
        conn.execute(insert(SUM), rows)
    return len(found)


def bring_up_to_date(db: Database) -> None:
    """Count anew if the sums are not those of today's rules. At the server's start."""
    with db.read() as conn:
        if is_in_force(conn):
            return
    log.info("kpis.recounting")
    with db.write() as conn:
        found = recount(conn)
    log.info("kpis.recounted", sums=found)


def is_in_force(conn: Connection) -> bool:
    """Whether the sums were made by the rules of today, and are there at all if there are facts."""
    other = select(func.count()).select_from(SUM).where(SUM.c.rules != rules_in_force())
    if conn.execute(other).scalar_one():
        return False
    if conn.execute(select(SUM.c.day).limit(1)).first() is not None:
        return True
    doses = select(_RECORD.c.id).where(_RECORD.c.kind == DOSE.name)
    facts = (select(_CALL.c.id).limit(1), select(_LINE.c.entry).limit(1), doses.limit(1))
    return all(conn.execute(query).first() is None for query in facts)


def _add(conn: Connection, key: Key, change: int) -> None:
    ward, day, term = key
    here = (SUM.c.ward == ward) & (SUM.c.day == day) & (SUM.c.term == term)
    if conn.execute(update(SUM).where(here).values(n=SUM.c.n + change)).rowcount == 0:
        conn.execute(insert(SUM).values(ward=ward, day=day, term=term, n=change, rules=rules_in_force()))


def _facts(conn: Connection) -> Iterator[Added]:
    calls = ("ward", "reason", "cls", "state", "raised_at", "arrived_at")
    for row in _rows(conn, select(*(_CALL.c[name] for name in calls))):
        yield of_call(row._asdict())
    for row in _rows(conn, select(_RECORD.c.ward, _RECORD.c.body).where(_RECORD.c.kind == DOSE.name)):
        yield of_dose(row.ward, DoseView.model_validate_json(row.body))
    lines = ("department", "charged_on", "category", "amount_fen")
    for row in _rows(conn, select(*(_LINE.c[name] for name in lines))):
        yield of_line(row.department, row.charged_on, row.category, row.amount_fen)


def _rows(conn: Connection, query: Any) -> Iterator[Row[Any]]:
    with conn.execute(query, execution_options={"yield_per": 1_000}) as rows:
        yield from rows
