"""When a consultation can take place: free slots of the team's hours, beside everything that is fixed already. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from wardlink.clinical.meals.times import MEALS, Slot
from wardlink.clinical.tables import load
from wardlink.clock import WARD_ZONE, ward_date


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of time that is taken: from `starts_at` on, before `ends_at`."""

    starts_at: datetime
    ends_at: datetime

    def meets(self, other: Span) -> bool:
        """Whether they share any time; one may begin as the other ends, and what takes no time is in nobody's way."""
        return max(self.starts_at, other.starts_at) < min(self.ends_at, other.ends_at)


def slot_of(starts_at: datetime) -> Span:
    """The consultation that begins then."""
    return Span(starts_at, starts_at + timedelta(minutes=load("consults")["slots"]["lasts_min"]))


def exam_span(starts_at: datetime) -> Span:
    """How long a test that is ordered for then keeps the patient."""
    return Span(starts_at, starts_at + timedelta(minutes=load("consults")["slots"]["test_lasts_min"]))


def operation_span(starts_at: datetime) -> Span:
    """An operation whose end nobody knows takes the rest of its day."""
    return Span(starts_at, _at(ward_date(starts_at) + timedelta(days=1), time()))


def meal_spans(first: date, last: date) -> list[Span]:
    """The meals of these days, both included, with the rest before and after them."""
    margin = timedelta(minutes=load("consults")["slots"]["meal_margin_min"])
    meals = (Slot(day, meal) for day in _days(first, last) for meal in MEALS)
    return [Span(meal.served_at - margin, meal.until_at + margin) for meal in meals]


def candidates(since: datetime, until: datetime) -> list[Span]:
    """Every slot of the hours that begins from `since` on and is over by `until`, in order."""
    rule = load("consults")["slots"]
    step = timedelta(minutes=rule["step_min"])
    found = []
    for day in _days(ward_date(since), ward_date(until)):
        for begins, ends in rule["hours"]:
            at, end = _at(day, time.fromisoformat(begins)), _at(day, time.fromisoformat(ends))
            while (slot := slot_of(at)).ends_at <= end:
                if since <= slot.starts_at and slot.ends_at <= until:
                    found.append(slot)
                at += step
    return found


def in_hours(starts_at: datetime) -> bool:
    """Whether a team comes to patients then."""
    slot = slot_of(starts_at)
    return slot in candidates(slot.starts_at, slot.ends_at)


def clashes(slot: Span, taken: Iterable[Span]) -> bool:
    """Whether a slot meets something of `taken`, or a meal of the patient."""
    meals = meal_spans(ward_date(slot.starts_at), ward_date(slot.ends_at))
    return any(slot.meets(span) for span in (*taken, *meals))


def free_slots(since: datetime, until: datetime, taken: Iterable[Span]) -> list[Span]:
    """The slots between the two that clash with nothing, in order.

    `taken`: what is fixed for the patient and for whoever comes. Those found may overlap one another.
    """
    fixed = list(taken)
    return [slot for slot in candidates(since, until) if not clashes(slot, fixed)]


def spread(slots: Sequence[Span], most: int) -> list[Span]:
    """At most so many of them that do not overlap, the first first."""
    chosen: list[Span] = []
    for slot in slots:
        if len(chosen) < most and (not chosen or not slot.meets(chosen[-1])):
            chosen.append(slot)
    return chosen


def first_start(now: datetime) -> datetime:
    """From when on a slot can be asked for: the team needs notice."""
    return now + timedelta(minutes=load("consults")["slots"]["notice_min"])


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, WARD_ZONE)
