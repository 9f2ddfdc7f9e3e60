"""Consultations: the moves, the deadline, and free slots, each at its bounds; no slot ever meets what is fixed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.clinical.consult_slots import (
    Span,
    candidates,
    clashes,
    free_slots,
    in_hours,
    meal_spans,
    operation_span,
    slot_of,
    spread,
)
from wardlink.clinical.consults import AWAITED, MOVES, OPEN, ConsultAct, ConsultState, after, deadline_at, is_overdue
from wardlink.clock import ward_date

NOON = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
"""12:00 in the ward."""
MINUTE = timedelta(minutes=1)


def at(clock: str) -> datetime:
    """That time of the ward's day."""
    return datetime.fromisoformat(f"2026-11-25T{clock}:00+08:00")


@pytest.mark.parametrize(
    ("urgency", "within"), [("emergency", timedelta(minutes=10)), ("routine", timedelta(hours=24))]
)
def test_the_deadline_at_its_bound(urgency: str, within: timedelta) -> None:
    """At the last instant in time, one later overdue; not any more once somebody has come."""
    assert deadline_at(NOON, urgency) == NOON + within  # type: ignore[arg-type]
    for state in get_args(ConsultState):
        assert not is_overdue(state, NOON, urgency, NOON + within)  # type: ignore[arg-type]
        late = is_overdue(state, NOON, urgency, NOON + within + timedelta(microseconds=1))  # type: ignore[arg-type]
        assert late == (state in AWAITED)


@pytest.mark.parametrize(("state", "act"), list(product(get_args(ConsultState), get_args(ConsultAct))))
def test_the_moves(state: ConsultState, act: ConsultAct) -> None:
    """What is over stays as it is; an opinion is signed by who was there; what is begun is not declined."""
    then = after(state, act)

    assert (then is not None) == ((state, act) in MOVES)
    if state not in OPEN:
        assert then is None
    if act == "decline":
        assert (then is not None) == (state in AWAITED)
    if act == "sign":
        assert (then is not None) == (state == "in_progress")


def test_a_consultation_goes_its_whole_way() -> None:
    """In the order of the domain sheet."""
    state: ConsultState | None = "requested"
    seen = [state]
    for act in ("accept", "schedule", "begin", "sign", "close"):
        assert state is not None
        state = after(state, act)
        seen.append(state)

    assert seen == ["requested", "accepted", "scheduled", "in_progress", "opinion_signed", "closed"]


@pytest.mark.parametrize(
    ("clock", "fits"),
    [
        ("08:15", False),
        ("08:30", True),
        ("08:40", False),
        ("11:00", True),
        ("11:15", False),
        ("13:45", False),
        ("14:00", True),
        ("17:00", True),
        ("17:15", False),
    ],
)
def test_the_hours_at_their_bounds(clock: str, fits: bool) -> None:
    """A slot begins and ends within them, on the quarter of an hour."""
    assert in_hours(at(clock)) == fits


def test_a_meal_keeps_a_quarter_of_an_hour_free_on_both_sides() -> None:
    """One minute nearer is a clash."""
    for meal in meal_spans(ward_date(NOON), ward_date(NOON)):
        assert not clashes(slot_of(meal.ends_at), [])
        assert clashes(slot_of(meal.ends_at - MINUTE), [])
        before = meal.starts_at - timedelta(minutes=30)
        assert not clashes(slot_of(before), [])
        assert clashes(slot_of(before + MINUTE), [])


@pytest.mark.parametrize(
    ("starts", "ends", "meets"),
    [("09:00", "09:30", False), ("09:01", "09:31", True), ("10:00", "10:30", False), ("09:59", "10:30", True)],
)
def test_one_may_begin_as_the_other_ends(starts: str, ends: str, meets: bool) -> None:
    """Against 09:30 to 10:00."""
    assert Span(at("09:30"), at("10:00")).meets(Span(at(starts), at(ends))) == meets


def test_an_operation_takes_the_rest_of_its_day_and_no_more() -> None:
    """Nobody knows when it ends; the next day is free again."""
    since, until = at("08:00"), at("08:00") + timedelta(days=2)

    found = free_slots(since, until, [operation_span(at("10:00"))])

    today = [slot for slot in found if ward_date(slot.starts_at) == ward_date(since)]
    assert today
    assert max(slot.ends_at for slot in today) <= at("10:00")
    assert any(ward_date(slot.starts_at) == ward_date(until - timedelta(days=1)) for slot in found)


MINUTES = st.integers(0, 3 * 24 * 60)
SPANS = st.lists(
    st.builds(lambda start, length: Span(NOON + start * MINUTE, NOON + (start + length) * MINUTE), MINUTES, MINUTES),
    max_size=8,
)


@given(SPANS, MINUTES, MINUTES)
def test_no_slot_meets_anything_and_none_that_is_free_is_missed(spans: list[Span], begin: int, length: int) -> None:
    """Checked minute by minute against everything that is fixed."""
    since = NOON + begin * MINUTE
    until = since + length * MINUTE
    found = free_slots(since, until, spans)
    fixed = [*spans, *meal_spans(ward_date(since), ward_date(until))]

    def is_free(slot: Span) -> bool:
        minutes = (slot.starts_at + n * MINUTE for n in range(30))
        return not any(span.starts_at - MINUTE < m < span.ends_at for m in minutes for span in fixed if span_is(span))

    for slot in candidates(since, until):
        assert (slot in found) == is_free(slot), slot
    assert found == sorted(found)
    assert all(since <= slot.starts_at and slot.ends_at <= until for slot in found)


def span_is(span: Span) -> bool:
    """Whether it takes any time."""
    return span.starts_at < span.ends_at


@given(SPANS, st.integers(0, 6))
def test_what_is_offered_does_not_overlap(spans: list[Span], most: int) -> None:
    """And the earliest free slot is always among it."""
    found = free_slots(NOON, NOON + timedelta(days=1), spans)
    offered = spread(found, most)

    assert len(offered) <= most
    assert offered[:1] == found[: min(1, most)]
    assert not any(one.meets(other) for one, other in pairwise(offered))
