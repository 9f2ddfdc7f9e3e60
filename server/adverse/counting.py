"""What the KPIs count of adverse events: few enough to be read, for some wards and days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Connection, Table, select

from server.adverse.models import AdverseEvent
from wardlink.clinical.adverse_events import is_new_injury, terms_of
from wardlink.clock import WARD_ZONE, ward_date

_EVENT: Table = AdverseEvent.__table__  # type: ignore[attr-defined]


def reported(conn: Connection, wards: Collection[str], since: date, until: date) -> Mapping[date, Mapping[str, int]]:
    """The terms of the days on which something happened, both ends included. What was struck out is not there."""
    counted = (_EVENT.c.ward.in_(wards), _EVENT.c.struck_at.is_(None), _EVENT.c.happened_at < _begin(until, days=1))
    found: dict[date, Counter[str]] = {}
    columns = (
        _EVENT.c.kind,
        _EVENT.c.harm,
        _EVENT.c.tube,
        _EVENT.c.infection,
        _EVENT.c.encounter,
        _EVENT.c.happened_at,
    )
    for row in conn.execute(select(*columns).where(*counted, _EVENT.c.happened_at >= _begin(since))):
        terms = terms_of(
            row.kind, row.harm, tube=row.tube, infection=row.infection, of_patient=row.encounter is not None
        )
        found.setdefault(ward_date(row.happened_at), Counter()).update(terms)
    for on in _first_injuries(conn, *counted):
        if on >= since:
            found.setdefault(on, Counter()).update(new_injuries=1)
    return found


def _first_injuries(conn: Connection, *counted: ColumnElement[bool]) -> list[date]:
    # From the beginning of the stay: a second one is no second patient, also where the first was in another month.
    columns = (_EVENT.c.ward, _EVENT.c.encounter, _EVENT.c.kind, _EVENT.c.stage, _EVENT.c.began, _EVENT.c.happened_at)
    query = (
        select(*columns)
        .where(*counted, _EVENT.c.kind == "pressure-injury", _EVENT.c.encounter.is_not(None))
        .order_by(_EVENT.c.happened_at)
    )
    first: dict[tuple[str, str], date] = {}
    for row in conn.execute(query):
        if is_new_injury(row.kind, row.stage, row.began):
            first.setdefault((row.ward, row.encounter), ward_date(row.happened_at))
    return list(first.values())


def _begin(on: date, *, days: int = 0) -> datetime:
    return datetime.combine(on + timedelta(days=days), time(), WARD_ZONE)
