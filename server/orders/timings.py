"""When the doses of an order are due: it keeps the row of the frequencies that it was issued with.

What the hospital changes later holds for orders that are issued later: a dose has its id from its order and its due
time, and other times would be other doses beside the ones that are planned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import orjson
from sqlalchemy import Column, Connection, Table, Text, select
from sqlmodel import Field, SQLModel

from server.batch import Batch
from server.record.models import RecordRow
from wardlink.clinical.frequencies import Frequency, frequencies, frequency_of
from wardlink.clinical.order_states import DRUG_CATEGORIES
from wardlink.messages.orders import OrderView
from wardlink.record.orders import ORDER


class OrderTiming(SQLModel, table=True):
    """The frequency of one order as it was when it was issued; `row`: JSON."""

    __tablename__ = "order_timing"

    order: str = Field(primary_key=True, max_length=36)
    row: str = Field(sa_column=Column(Text, nullable=False))


_TIMING: Table = OrderTiming.__table__  # type: ignore[attr-defined]
_RECORD: Table = RecordRow.__table__  # type: ignore[attr-defined]


def keep(batch: Batch, order: str, frequency: Frequency) -> None:
    """Remember the times with which an order is issued."""
    batch.insert(OrderTiming, {"order": order, "row": orjson.dumps(frequency.as_row()).decode()})


def timing_of(conn: Connection, order: OrderView) -> Frequency | None:
    """With which times an order was issued; where nobody has kept them, those that ship. Reads the database.

    None where nobody has kept them and its frequency is none that ships: nobody can say when it is due.
    """
    row = conn.execute(select(_TIMING.c.row).where(_TIMING.c.order == order.id)).scalar()
    return frequencies().get(order.frequency) if row is None else frequency_of(order.frequency, orjson.loads(row))


def kept_otherwise(conn: Connection, found: Mapping[str, Frequency]) -> Counter[str]:
    """How many orders of drugs that are not over keep other times than these, by code. Reads the database."""
    query = (
        select(_RECORD.c.body, _TIMING.c.row)
        .join(_TIMING, _TIMING.c.order == _RECORD.c.id)
        .where(_RECORD.c.kind == ORDER.name, _RECORD.c.is_open.is_(True))
    )
    counts: Counter[str] = Counter()
    for body, row in conn.execute(query):
        order = orjson.loads(body)
        code = order["frequency"]
        if order["category"] in DRUG_CATEGORIES and not _same_times(frequency_of(code, orjson.loads(row)), found):
            counts[code] += 1
    return counts


def _same_times(kept: Frequency, found: Mapping[str, Frequency]) -> bool:
    now = found.get(kept.code)
    return now is not None and replace(now, label=kept.label) == kept
