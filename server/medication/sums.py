"""Keeps the sums of medication safety in step with the doses, in the transaction that writes the dose.

Whoever writes a dose says what it was before and what it is now; the sums change by the difference. `recount` makes the
same sums from the doses alone: at the server's start where there are none yet, and to mend.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

import structlog
from sqlalchemy import Connection, Table, delete, insert, select, text, update

from server.db import Database
from server.medication.facts import TERMS, Added, Cell, Placed, names_of, of_dose
from server.medication.models import GivingSum
from server.record.models import RecordRow
from wardlink.messages.doses import DoseView
from wardlink.record.doses import DOSE

log = structlog.get_logger(__name__)

SUM: Table = GivingSum.__table__  # type: ignore[attr-defined]
_RECORD: Table = RecordRow.__table__  # type: ignore[attr-defined]

_NOUGHTS = dict.fromkeys(TERMS, 0)
_AT_ONCE = 5_000

Names = Mapping[str, tuple[str, str]]


def follow_dose(conn: Connection, before: Placed | None, after: Placed) -> None:
    """A dose was planned, or something was entered about it, or its patient lies elsewhere."""
    was: Added = {} if before is None else of_dose(before)
    now = of_dose(after)
    changes: dict[Cell, dict[str, int]] = defaultdict(dict)
    for cell, term in {*was, *now}:
        change = now.get((cell, term), 0) - was.get((cell, term), 0)
        if change:
            changes[cell][term] = change
    names = names_of(after.dose)
    for cell in sorted(changes):
        _add(conn, cell, changes[cell], names)


def kept(conn: Connection) -> dict[tuple[Cell, str], int]:
    """Every sum that is not nought, as it is kept."""
    rows = conn.execute(select(SUM)).mappings()
    return {
        ((row["line"], row["ward"], row["day"], row["key"]), term): row[term]
        for row in rows
        for term in TERMS
        if row[term]
    }


def from_facts(conn: Connection) -> dict[tuple[Cell, str], int]:
    """Every sum that is not nought, made from the doses. Reads all of them."""
    return dict(_summed(conn)[0])


def recount(conn: Connection) -> int:
    """Make the sums anew from the doses; returns how many there are."""
    if conn.dialect.name == "postgresql":
        # A writer in another process waits: what it adds must not be counted twice. SQLite has one writer anyway.
        conn.execute(text("LOCK TABLE giving_sum IN SHARE ROW EXCLUSIVE MODE"))
    found, names = _summed(conn)
    conn.execute(delete(SUM))
    cells: dict[Cell, dict[str, int]] = defaultdict(lambda: dict(_NOUGHTS))
    for (cell, term), n in found.items():
        cells[cell][term] = n
    rows = [{**_identity(cell), **_named(cell, names), **terms} for cell, terms in cells.items()]
    for begin in range(0, len(rows), _AT_ONCE):
        conn.execute(insert(SUM), rows[begin : begin + _AT_ONCE])
    return len(found)


def bring_up_to_date(db: Database) -> None:
    """Count anew if there are doses that somebody dealt with, and no sums. At the server's start."""
    with db.read() as conn:
        if is_in_force(conn):
            return
    log.info("medication.recounting")
    with db.write() as conn:
        found = recount(conn)
    log.info("medication.recounted", sums=found)


def is_in_force(conn: Connection) -> bool:
    """Whether there are sums, if there are doses that would make some."""
    if conn.execute(select(SUM.c.day).limit(1)).first() is not None:
        return True
    c = _RECORD.c
    done = select(c.id).where(c.kind == DOSE.name, c.state.not_in(("planned", "cancelled"))).limit(1)
    return conn.execute(done).first() is None


def _add(conn: Connection, cell: Cell, changes: Mapping[str, int], names: Names) -> None:
    told = _identity(cell)
    here = [SUM.c[name] == value for name, value in told.items()]
    grown = {term: SUM.c[term] + n for term, n in changes.items()}
    if conn.execute(update(SUM).where(*here).values(**grown)).rowcount == 0:
        conn.execute(insert(SUM).values(**told, **_named(cell, names), **{**_NOUGHTS, **changes}))


def _identity(cell: Cell) -> dict[str, str | int | None]:
    line, ward, day, key = cell
    return {"line": line, "ward": ward, "day": day, "key": key}


def _named(cell: Cell, names: Names) -> dict[str, str | int | None]:
    name_zh, name_en = names.get(cell[3], (None, None)) if cell[0] == "drug" else (None, None)
    return {"name_zh": name_zh, "name_en": name_en}


def _summed(conn: Connection) -> tuple[Counter[tuple[Cell, str]], dict[str, tuple[str, str]]]:
    found, names = Counter[tuple[Cell, str]](), dict[str, tuple[str, str]]()
    for placed in _doses(conn):
        found.update(of_dose(placed))
        names.update(names_of(placed.dose))
    return found, names


def _doses(conn: Connection) -> Iterator[Placed]:
    c = _RECORD.c
    query = select(c.ward, c.bed, c.body).where(c.kind == DOSE.name)
    with conn.execute(query, execution_options={"yield_per": 1_000}) as rows:
        for row in rows:
            yield Placed(row.ward, row.bed, DoseView.model_validate_json(row.body))
