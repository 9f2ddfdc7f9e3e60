"""How drugs were given in some wards and days: in all, or by day, hour, bed, drug or person.

The terms are summed as doses change (`sums`). What waits to be given depends on the clock and is counted here, from the
open doses. The page of medication safety asks for this.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

from sqlalchemy import Connection, Select, Table, func, select

from server.kpis.counting import Days
from server.kpis.days import begins_micros, day_at, micros, number_of
from server.medication.facts import Line, Placed, cells_of, is_waiting, names_of
from server.medication.sums import SUM
from server.record.models import RecordRow
from wardlink.clinical.medication_safety import OF_GIVINGS
from wardlink.messages.doses import DoseView
from wardlink.record.doses import DOSE

_RECORD: Table = RecordRow.__table__  # type: ignore[attr-defined]

By = Literal["all", "day", "hour", "bed", "drug", "person"]
Key: TypeAlias = tuple[str, ...]
"""What a line is about: nothing; a day; an hour; ward and bed; a drug's code; `kind:id` of who gave it."""

_KEPT_AS: Mapping[By, Line] = {"all": "hour", "day": "hour", "hour": "hour", "bed": "bed", "drug": "drug"}
_SUMMED = (*OF_GIVINGS, "missed", "not_given")
_AT_ONCE = 500


@dataclass(frozen=True)
class Counted:
    """The terms of each line, and of drugs the Chinese and the English name by their code."""

    lines: Mapping[Key, Mapping[str, int]]
    drugs: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """Some wards, days with both ends, and the instant at which somebody asks."""

    wards: tuple[str, ...]
    days: Days
    now: datetime


def counted(conn: Connection, asked: Asked, by: By) -> Counted:
    """The terms, a line each. By person, only what somebody gave is counted. Reads the database."""
    lines: dict[Key, Counter[str]] = {}
    drugs: dict[str, tuple[str, str]] = {}
    for row in conn.execute(_summed(asked, by)).mappings():
        terms = {name: int(row[name]) for name in _SUMMED}
        if any(terms.values()):
            lines.setdefault(_key_of(by, row["ward"], row["day"], row["key"]), Counter()).update(terms)
            if by == "drug":
                drugs[row["key"]] = (row["name_zh"] or row["key"], row["name_en"] or row["key"])
    for placed in _waiting(conn, asked) if by != "person" else ():
        for line, ward, day, key in cells_of(placed):
            if line == _KEPT_AS[by]:
                lines.setdefault(_key_of(by, ward, day, key), Counter())["waiting"] += 1
        if by == "drug":
            drugs = names_of(placed.dose) | drugs
    for terms in lines.values():
        terms["due"] = terms["timed"] + terms["missed"] + terms["waiting"]
        terms["due_or_not"] = terms["due"] + terms["not_given"]
    return Counted(lines, drugs)


def within(asked: Asked, line: Line) -> tuple[Any, ...]:
    """Which sums are asked for."""
    days = SUM.c.day.between(number_of(asked.days.since), number_of(asked.days.until))
    return SUM.c.line == line, SUM.c.ward.in_(asked.wards), days


def _summed(asked: Asked, by: By) -> Select[Any]:
    c = SUM.c
    of: Mapping[By, tuple[str, ...]] = {"all": (), "day": ("day",), "bed": ("ward", "key")}
    keys = of.get(by, ("key",))
    # A column by which nothing is told apart is the same in every row of the answer.
    told = [c[name] if name in keys else func.min(c[name]).label(name) for name in ("ward", "day", "key")]
    named = [func.max(c[name]).label(name) for name in ("name_zh", "name_en")]
    sums = [func.coalesce(func.sum(c[name]), 0).label(name) for name in _SUMMED]
    columns: list[Any] = [*told, *named, *sums]
    return select(*columns).where(*within(asked, _KEPT_AS.get(by, "person"))).group_by(*(c[name] for name in keys))


def _waiting(conn: Connection, asked: Asked) -> Iterator[Placed]:
    c = _RECORD.c
    first, after = begins_micros(asked.days.since), begins_micros(asked.days.until + timedelta(days=1))
    at = micros(c.at)
    query = (
        select(c.ward, c.bed, c.body)
        .where(c.ward.in_(asked.wards), c.kind == DOSE.name, c.is_open.is_(True), c.state == "planned")
        # It is due before its window closes.
        .where(at >= first, at < after, c.at < asked.now)
    )
    found = [Placed(row.ward, row.bed, DoseView.model_validate_json(row.body)) for row in conn.execute(query)]
    late = [placed for placed in found if is_waiting(placed.dose, asked.now)]
    resting = _on_hold(conn, {placed.dose.order for placed in late})
    return (placed for placed in late if placed.dose.order not in resting)


def _on_hold(conn: Connection, orders: Collection[str]) -> set[str]:
    c, asked, found = _RECORD.c, sorted(orders), set[str]()
    for begin in range(0, len(asked), _AT_ONCE):
        some = c.id.in_(asked[begin : begin + _AT_ONCE])
        found.update(conn.execute(select(c.id).where(c.kind == "order", some, c.state == "on-hold")).scalars())
    return found


def _key_of(by: By, ward: str, day: int, key: str) -> Key:
    match by:
        case "all":
            return ()
        case "day":
            return (day_at(int(day)).isoformat(),)
        case "bed":
            return ward, key
        case _:
            return (key,)
