"""Splits orders into doses ahead of time, and takes back the doses of what was stopped.

Ahead means until the end of tomorrow: a cart that loses the network in the evening has the whole next day.
"""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta
from itertools import pairwise

import structlog
from sqlalchemy import Table, select

from server.batch import Batch
from server.census import Resident
from server.orders.scheduling import schedules_at
from server.orders.service import doses_of
from server.orders.timings import timing_of
from server.record.models import RecordRow
from server.record.writing import tell
from wardlink.clinical.dose_windows import window
from wardlink.clinical.frequencies import Frequency, Timing, due_times
from wardlink.clinical.order_states import DRUG_CATEGORIES
from wardlink.clinical.routes import routes
from wardlink.clock import WARD_ZONE, ward_date
from wardlink.messages.doses import DoseView
from wardlink.messages.orders import OrderView
from wardlink.record.doses import DOSE

log = structlog.get_logger(__name__)

_RECORD: Table = RecordRow.__table__  # type: ignore[attr-defined]


def horizon(now: datetime) -> datetime:
    """Until when doses are planned: the end of tomorrow on the ward's wall."""
    return datetime.combine(ward_date(now) + timedelta(days=2), time(), WARD_ZONE)


def dose_id(order: str, due_at: datetime) -> str:
    """The id of the dose of an order at a due time: the same whoever plans it, however often."""
    return str(uuid.uuid5(uuid.UUID(order), due_at.isoformat()))


def plan(batch: Batch, order: OrderView, resident: Resident | None, frequency: Frequency | None = None) -> int:
    """Make the doses of an active order that are not there yet; how many were made.

    `frequency`: what the order was issued with, where the caller has it at hand.
    """
    if order.kind == "verbal":
        # Said in a rescue and given then; written down afterwards it is not given again.
        return 0
    if order.state != "active" or order.category not in DRUG_CATEGORIES or resident is None or not resident.active:
        return 0
    frequency = frequency or timing_of(batch.conn, order)
    if frequency is None:
        # One order of an edited file of before must not stop the drugs of everybody.
        log.error("order.unplanned", order=order.id, ward=resident.ward, bed=resident.bed, frequency=order.frequency)
        return 0
    windows = schedules_at(batch.conn, batch.now).windows
    schedule = routes()[order.route].schedule if order.route else "oral"
    timing = Timing(frequency, order.start_at, order.stop_at, schedule, order.first_day_count)
    # One more than is planned, so that the last one knows when the next is due.
    until_at = horizon(batch.now)
    due = due_times(timing, from_at=order.start_at, until_at=until_at + timedelta(days=8))
    classes = {name for item in order.items for name in item.classes}
    there = _known(batch, order)
    made = 0
    for at, next_at in pairwise([*due, None]):
        if at is None or at >= until_at or dose_id(order.id, at) in there:
            continue
        found = window(at, frequency, drug_classes=classes, next_due_at=next_at, by=windows)
        dose = DoseView(
            id=dose_id(order.id, at),
            encounter=order.encounter,
            bed=resident.bed,
            order=order.id,
            due_at=at,
            opens_at=found.opens_at,
            closes_at=found.closes_at,
            missed_at=found.missed_at,
            state="planned",
            items=order.items,
        )
        tell(batch, DOSE, dose, ward=resident.ward, resident=resident, is_new=True, first=False)
        made += 1
    return made


def drop(batch: Batch, order: OrderView, resident: Resident | None) -> int:
    """Take back the doses of an order that has ended; how many of them were still planned."""
    if resident is None:
        return 0
    dropped = 0
    for dose in doses_of(batch.conn, order):
        over = order.state != "stopped" or order.stop_at is None or dose.due_at is None or dose.due_at >= order.stop_at
        if not over or dose.withdrawn_at is not None:
            continue
        taken_back: dict[str, object] = {"withdrawn_at": order.stop_at or batch.now}
        if dose.state == "planned":
            taken_back["state"] = "cancelled"
            dropped += 1
        back = dose.model_copy(update=taken_back)
        tell(batch, DOSE, back, ward=resident.ward, resident=resident, is_new=False, first=False)
    return dropped


def _known(batch: Batch, order: OrderView) -> set[str]:
    query = select(_RECORD.c.id).where(
        _RECORD.c.kind == DOSE.name, _RECORD.c.encounter == order.encounter, _RECORD.c.at >= order.start_at
    )
    return set(batch.conn.execute(query).scalars())
