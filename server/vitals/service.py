"""Reads the sets of a stay, newest first, as everybody holds them; struck ones stand among them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection, Select, Table, select

from server.models import ChangeRow
from server.vitals.models import VitalsRow, is_told_by
from wardlink.clinical.vitals import VitalSet
from wardlink.clock import ward_time
from wardlink.messages.base import Actor
from wardlink.messages.vitals import VitalsRecorded

_CHANGE: Table = ChangeRow.__table__  # type: ignore[attr-defined]
_VITALS: Table = VitalsRow.__table__  # type: ignore[attr-defined]

_READINGS = tuple(VitalSet.model_fields)
_COLUMNS = ("id", "measured_at", "entered_at", "received_at", "source", "actor", "device", *_READINGS)
_MORE = ("lead_off", "news2", "news2_missing", "note", "struck_at", "struck_by", "struck_reason")

# A table program takes a text that begins so for a formula, and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def sets_of(
    conn: Connection,
    encounter: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    before: tuple[datetime, int] | None = None,
    source: str | None = None,
    limit: int,
) -> list[tuple[int, VitalsRecorded]]:
    """At most `limit` sets with `since` <= measured < `until`, newest first, each with its number.

    `source`: only those by hand, or only a monitor's.

    `before`: the instant and the number of the last one of the page before.
    """
    query = _sets(encounter).order_by(_VITALS.c.measured_at.desc(), _VITALS.c.seq.desc()).limit(limit)
    if since is not None:
        query = query.where(_VITALS.c.measured_at >= since)
    if until is not None:
        query = query.where(_VITALS.c.measured_at < until)
    if source is not None:
        query = query.where(_VITALS.c.source == source)
    if before is not None:
        at, seq = before
        earlier = (_VITALS.c.measured_at == at) & (_VITALS.c.seq < seq)
        query = query.where((_VITALS.c.measured_at < at) | earlier)
    return [(row.seq, as_set(row)) for row in conn.execute(query)]


def table_of(conn: Connection, encounter: str, since: datetime | None, until: datetime | None) -> Iterator[str]:
    """The same as lines of CSV, oldest first, with a line of names; instants as the ward's clock shows them."""
    query = _sets(encounter).order_by(_VITALS.c.measured_at, _VITALS.c.seq)
    if since is not None:
        query = query.where(_VITALS.c.measured_at >= since)
    if until is not None:
        query = query.where(_VITALS.c.measured_at < until)
    # A byte order mark, or table programs take Chinese for something else.
    yield "\ufeff" + _line([*_COLUMNS, *_MORE])
    with conn.execute(query, execution_options={"yield_per": 500}) as rows:
        for row in rows:
            yield _line(_cells(as_set(row)))


def _sets(encounter: str) -> Select[tuple[int, str, datetime | None, str | None, str | None]]:
    return (
        select(_VITALS.c.seq, _CHANGE.c.body, _VITALS.c.struck_at, _VITALS.c.struck_by, _VITALS.c.struck_reason)
        .join(_CHANGE, is_told_by())
        .where(_VITALS.c.encounter == encounter)
    )


def as_set(row: object) -> VitalsRecorded:
    found = VitalsRecorded.model_validate_json(row.body)  # type: ignore[attr-defined]
    struck_at, struck_by, reason = row.struck_at, row.struck_by, row.struck_reason  # type: ignore[attr-defined]
    if struck_at is None:
        return found
    kind, _, name = struck_by.partition(":")
    struck = {"struck_at": struck_at, "struck_by": Actor(kind=kind, id=name), "struck_reason": reason}
    return found.model_copy(update=struck)


def _cells(found: VitalsRecorded) -> Iterable[object]:
    for name in _COLUMNS:
        value = getattr(found.readings if name in _READINGS else found, name)
        yield _local(value) if isinstance(value, datetime) else value
    score = found.news2
    yield " ".join(found.lead_off)
    yield None if score is None else score.total
    yield None if score is None else " ".join(score.missing)
    yield found.note
    yield None if found.struck_at is None else _local(found.struck_at)
    yield found.struck_by
    yield found.struck_reason


def _local(at: datetime) -> str:
    return ward_time(at).isoformat(sep=" ", timespec="seconds")


def _line(cells: Iterable[object]) -> str:
    page = io.StringIO()
    csv.writer(page).writerow(["" if cell is None else _harmless(cell) for cell in cells])
    return page.getvalue()


def _harmless(cell: object) -> object:
    if isinstance(cell, bool):
        return int(cell)
    text = str(cell) if not isinstance(cell, int | float) else None
    return cell if text is None else ("'" + text if text.startswith(_FORMULA) else text)
