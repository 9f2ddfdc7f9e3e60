"""How drugs were given in some wards and days, counted in SQL: in all, or by day, hour, bed, drug or person.

A dose belongs to the day and the hour at which it was due; one that is given when needed, to those of its first entry.
It belongs to the ward and the bed in which its patient lay when it was entered last. The page of medication safety
asks for this.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    Subquery,
    Table,
    TableValuedAlias,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)

from server.json_columns import Json, instant_text
from server.kpis.counting import Days
from server.kpis.days import begins_micros, day_at, day_of, hour_of, micros
from server.record.models import RecordRow
from wardlink.clinical.medication_safety import OF_DOSES, OF_GIVINGS

_RECORD: Table = RecordRow.__table__  # type: ignore[attr-defined]

By = Literal["all", "day", "hour", "bed", "drug", "person"]
Key: TypeAlias = tuple[str, ...]
"""What a line is about: nothing; a day; an hour; ward and bed; a drug's code; `kind:id` of who gave it."""

_OF_PATIENT = ("wristband", "presence")
_OF_DRUG = ("bag", "drug")
_GIVING = ("give", "start")
_TWO_PEOPLE = ("A", "B")
_DAY_MICROS = 86_400_000_000


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
    for query, names in _queries(conn, asked, by):
        for found in conn.execute(query).mappings():
            row = dict(found)
            key = _key_of(by, row)
            line = lines.setdefault(key, Counter())
            line.update({name: int(row[name]) for name in names})
            if by == "drug":
                drugs[key[0]] = (row["name_zh"] or key[0], row["name_en"] or key[0])
    for line in lines.values():
        line["due"] += line["timed"]
        line["due_or_not"] += line["timed"]
    return Counted(lines, drugs)


def giving_rows(conn: Connection, asked: Asked) -> Select[Any]:
    """A row for each giving: what it was, who gave it, and each thing that the figures ask of it as 1 or 0."""
    json = Json(conn)
    dose = _doses(json, asked)
    event = json.each(dose.c.doc, "events", "event")

    def read(kinds: Collection[str]) -> ColumnElement[bool]:
        return or_(*(json.has(event.c.value, "scans", "what", kind) for kind in kinds))

    def over(check: str) -> ColumnElement[bool]:
        return json.has(event.c.value, "overrides", "check", check)

    high = or_(*(json.has(dose.c.doc, "items", "high_alert", grade) for grade in _TWO_PEOPLE))
    passed = func.coalesce(json.text(event.c.value, "overrides"), "[]") != "[]"
    witness, by = json.text(event.c.value, "witness"), json.text(event.c.value, "by", "id")
    patient, drug = read(_OF_PATIENT) & ~over("patient-unscanned"), read(_OF_DRUG) & ~over("drug-unscanned")
    at = json.instant(event.c.value, "at")
    # Asked of each by itself: to number them all the database would sort whole doses.
    earlier = json.each(dose.c.doc, "events", "earlier")
    is_later = exists(
        select(literal(1)).select_from(earlier).where(_is_giving(json, earlier), earlier.c.key < event.c.key)
    )
    rows = (
        select(
            *(column for column in dose.c),
            event.c.value.label("event"),
            (json.text(event.c.value, "by", "kind") + ":" + by).label("person"),
            _flag(patient).label("patient_read"),
            _flag(drug).label("drug_read"),
            _flag(passed).label("overridden"),
            _flag(high).label("high_alert"),
            _flag(high & witness.is_not(None) & (witness != by)).label("witnessed"),
            at.label("begun"),
            _flag(~is_later).label("is_first"),
        )
        .select_from(dose.join(event, literal(True)))
        .where(_is_giving(json, event))
        # A fence: without it each use of a column would work out its expression anew.
        .offset(0)
        .subquery("giving")
    )
    c = rows.c
    timed = (c.is_first == 1) & c.closes.is_not(None) & c.opens.is_not(None)
    early, late = timed & (c.begun < c.opens), timed & (c.begun > c.closes)
    both = (c.patient_read == 1) & (c.drug_read == 1)
    flags = {
        "given": literal(True),
        "both_read": both,
        "unexplained": ~both & (c.overridden == 0),
        "timed": timed,
        "early": early,
        "late": late,
        "wrong_time": early | late,
        "in_time": timed & (c.begun >= c.opens) & (c.begun <= c.closes),
    }
    found: Select[Any] = select(*c, *(_flag(flag).label(name) for name, flag in flags.items()))
    return found


def not_begun_rows(conn: Connection, asked: Asked) -> Select[Any]:
    """A row for each dose with a set time that nobody gave, or that waits and should have been given."""
    json = Json(conn)
    dose = _doses(json, asked)
    c = dose.c
    resting = select(_RECORD.c.id).where(_RECORD.c.kind == "order", _RECORD.c.state == "on-hold")
    waiting = and_(
        c.state == "planned",
        c.closes < json.in_order(literal(instant_text(asked.now), String)),
        json.text(c.doc, "order").not_in(resting),
    )
    missed, not_given = c.state == "missed", c.state.in_(("held", "refused"))
    flags = {
        "due": missed | waiting,
        "missed": missed,
        "waiting": waiting,
        "not_given": not_given,
        "due_or_not": missed | waiting | not_given,
    }
    rows: Select[Any] = select(*c, *(_flag(flag).label(name) for name, flag in flags.items()))
    return rows.where(missed | not_given | waiting, json.text(c.doc, "due_at").is_not(None))


def _is_giving(json: Json, event: TableValuedAlias) -> ColumnElement[bool]:
    act, struck_at = json.text(event.c.value, "act"), json.text(event.c.value, "struck_at")
    return act.in_(_GIVING) & struck_at.is_(None)


def _doses(json: Json, asked: Asked) -> Subquery:
    first, after = begins_micros(asked.days.since), begins_micros(asked.days.until) + _DAY_MICROS
    at = micros(_RECORD.c.at)
    kept = [_RECORD.c[name] for name in ("id", "ward", "bed", "state", "at")]
    # PostgreSQL would otherwise parse the whole dose anew for every question to it.
    parsed = (
        select(*kept, json.parsed(_RECORD.c.body).label("doc"))
        .where(_RECORD.c.kind == "dose", _RECORD.c.ward.in_(asked.wards), at >= first, at < after)
        .cte("parsed")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    opens, closes = json.instant(parsed.c.doc, "opens_at"), json.instant(parsed.c.doc, "closes_at")
    return select(*parsed.c, opens.label("opens"), closes.label("closes")).subquery("dose")


def _queries(conn: Connection, asked: Asked, by: By) -> list[tuple[Select[Any], tuple[str, ...]]]:
    givings = _grouped(conn, giving_rows(conn, asked), OF_GIVINGS, by), OF_GIVINGS
    if by == "person":
        return [givings]
    return [givings, (_grouped(conn, not_begun_rows(conn, asked), OF_DOSES, by), OF_DOSES)]


def _grouped(conn: Connection, query: Select[Any], names: Collection[str], by: By) -> Select[Any]:
    rows, json = query.subquery("counted"), Json(conn)
    sums = [func.coalesce(func.sum(rows.c[name]), 0).label(name) for name in names]
    if by == "drug":
        item = json.each(rows.c.doc, "items", "drug")
        code = json.text(item.c.value, "drug")
        named = [func.max(json.text(item.c.value, name)).label(name) for name in ("name_zh", "name_en")]
        # A drug that stands twice in one bag is given once.
        twice = json.each(rows.c.doc, "items", "twin")
        again = exists(
            select(literal(1))
            .select_from(twice)
            .where(json.text(twice.c.value, "drug") == code, twice.c.key < item.c.key)
        )
        joined = rows.join(item, literal(True))
        told: list[Any] = [code.label("drug"), *named, *sums]
        return select(*told).select_from(joined).where(~again).group_by(code)
    keys = [column.label(f"of_{name}") for name, column in _keys(rows, by).items()]
    return select(*keys, *sums).group_by(*keys)


def _keys(rows: Any, by: By) -> dict[str, ColumnElement[Any]]:
    match by:
        case "day":
            return {"day": day_of(rows.c.at)}
        case "hour":
            return {"hour": hour_of(rows.c.at)}
        case "bed":
            return {"ward": rows.c.ward, "bed": func.coalesce(rows.c.bed, "")}
        case "person":
            return {"person": rows.c.person}
        case _:
            return {}


def _key_of(by: By, row: Mapping[str, Any]) -> Key:
    match by:
        case "all":
            return ()
        case "day":
            return (day_at(int(row["of_day"])).isoformat(),)
        case "hour":
            return (f"{int(row['of_hour']):02d}",)
        case "bed":
            return row["of_ward"], row["of_bed"]
        case "drug":
            return (row["drug"],)
        case "person":
            return (row["of_person"],)


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)
