"""A month of an invented ward as a cart hears it: each change in the order of time, everybody in bed all the while."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from wardlink.ids import new_id
from wardlink.messages.base import Message
from wardlink.messages.changes import BedView, Change
from wardlink.messages.encounters import EncounterView, Level
from wardlink.messages.orders import OrderView
from workbench.bench.month_views import (
    NURSE,
    assessment,
    call,
    done_round,
    doses,
    exception,
    fluid,
    given,
    grown,
    lease,
    standing,
    stay_in,
    vital_set,
)

SETS_A_DAY: dict[Level, int] = {"special": 24, "level1": 8, "level2": 4, "level3": 2}
ROUNDS_A_DAY: dict[Level, int] = {"special": 24, "level1": 24, "level2": 12, "level3": 8}
_CALLS_A_DAY = 3
_FLUIDS_A_DAY = 6


@dataclass(frozen=True)
class Month:
    """How much: so many patients, so many days up to `until`."""

    patients: int
    days: int
    until: datetime

    def beds(self) -> list[BedView]:
        """A bed for each."""
        return [BedView(id=str(no), label=str(no)) for no in range(1, self.patients + 1)]

    def stays(self) -> list[EncounterView]:
        """Everybody, since the first day."""
        admitted_at = self.until - timedelta(days=self.days)
        return [stay_in(no, admitted_at) for no in range(1, self.patients + 1)]


def days(month: Month, stays: list[EncounterView]) -> Iterator[list[Change]]:
    """The changes of one day after the other; those of the last one end at `until`, with what is due tomorrow."""
    numbers = count(1)
    orders = {stay.id: standing(stay) for stay in stays}
    for day in range(month.days):
        begins_at = month.until - timedelta(days=month.days - day)
        found: list[tuple[datetime, str, Message, str, str]] = []
        for stay in stays:
            if day == 0:
                found += [
                    (begins_at, "order.changed", o, stay.bed, stay.id)
                    for order in orders[stay.id]
                    for o in grown(order)
                ]
                found += _planned(stay, orders[stay.id], begins_at)
            found += _planned(stay, orders[stay.id], begins_at + timedelta(days=1))
            found += _day(stay, orders[stay.id], begins_at)
        found.sort(key=lambda each: each[0])
        yield [_change(next(numbers), *each) for each in found]


def _change(seq: int, at: datetime, kind: str, view: Message, bed: str, encounter: str) -> Change:
    body = view.model_dump(mode="json", exclude_none=True)
    return Change(seq=seq, kind=kind, at=at, command=new_id(), device="c1", bed=bed, encounter=encounter, body=body)


def _day(stay: EncounterView, orders: list[OrderView], begins_at: datetime) -> Iterator[tuple[Any, ...]]:
    def told(at: datetime, kind: str, view: Message) -> tuple[Any, ...]:
        return at, kind, view, stay.bed, stay.id

    number = int(stay.bed)
    for index in range(SETS_A_DAY[stay.level]):
        at = begins_at + timedelta(hours=24 * index / SETS_A_DAY[stay.level], seconds=number)
        yield told(at, "vitals.recorded", vital_set(stay, at, number + index))
    for index in range(ROUNDS_A_DAY[stay.level]):
        at = begins_at + timedelta(hours=24 * index / ROUNDS_A_DAY[stay.level], minutes=7, seconds=number)
        yield told(at, "round.changed", done_round(stay, at))
    for order, dose in doses(stay, orders, begins_at):
        at = (dose.due_at or begins_at) + timedelta(minutes=5, seconds=number)
        yield told(at, "dose.changed", given(dose, order, at))
    for hour in (8, 12, 16, 20):
        at = begins_at + timedelta(hours=hour, seconds=number)
        taken = lease(stay, at)
        yield told(at, "lease.changed", taken)
        yield told(at + timedelta(minutes=4), "lease.changed", taken.model_copy(update={"released_at": at}))
    for index in range(_CALLS_A_DAY):
        at = begins_at + timedelta(hours=6 * index + 2, minutes=number % 50)
        yield from (told(call_at, "call.changed", one) for call_at, one in call(stay, at))
    for index in range(_FLUIDS_A_DAY):
        at = begins_at + timedelta(hours=3 * index + 1, minutes=number % 50)
        yield told(at, "fluid.changed", fluid(stay, at, "intake" if index % 2 else "output"))
    at = begins_at + timedelta(hours=9, minutes=number % 50)
    yield told(at, "assessment.changed", assessment(stay, at))
    if number % 12 == 0:
        opened = exception(stay, begins_at + timedelta(hours=3))
        yield told(opened.opened_at, "exception.opened", opened)
        if number % 24:
            closed_at = opened.opened_at + timedelta(hours=5)
            closed = {"closed_at": closed_at, "closed_by": NURSE, "closed_reason": "已核实"}
            yield told(closed_at, "exception.closed", opened.model_copy(update=closed))


def _planned(stay: EncounterView, orders: list[OrderView], day_at: datetime) -> Iterator[tuple[Any, ...]]:
    for _, dose in doses(stay, orders, day_at):
        yield day_at - timedelta(days=1), "dose.changed", dose, stay.bed, stay.id
