"""Rehabilitation: when to stop at each bound, which sessions a plan means on a day, and a progress that never lies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.clinical.rehabilitation.catalogue import effort_text, exercises, rpe_of, word, words
from wardlink.clinical.rehabilitation.effort import (
    Measured,
    effort_stops,
    is_current,
    may_go_on,
    measured_stops,
    oxygen_stops,
    pain_stops,
    pressure_stops,
    pulse_stops,
    said_stops,
)
from wardlink.clinical.rehabilitation.planning import all_sessions, progress, sessions_on, version_on
from wardlink.clock import ward_date

DAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)
ONE = timedelta(days=1)


@dataclass(frozen=True)
class Item:
    """How often."""

    per_day: int = 1
    every_days: int = 1


@dataclass(frozen=True)
class Plan:
    """What a plan says from a day on."""

    items: tuple[Item, ...] = (Item(),)
    from_on: date = DAY
    begin_on: date = DAY
    until_on: date = DAY + 4 * ONE


ITEMS = st.lists(st.builds(Item, st.integers(1, 4), st.integers(1, 7)), min_size=1, max_size=6).map(tuple)


@pytest.mark.parametrize(
    ("pain", "before", "stops"),
    [(None, 3, False), (3, None, False), (4, None, True), (3, 2, False), (3, 1, True), (2, 0, True), (1, 0, False)],
)
def test_pain_stops_from_four_or_from_two_more(pain: int | None, before: int | None, stops: bool) -> None:
    """At each bound, and one step beside it."""
    assert pain_stops(pain, before) is stops


@pytest.mark.parametrize(("rpe", "stops"), [(None, False), (15, False), (16, True)])
def test_effort_stops_above_fifteen(rpe: int | None, stops: bool) -> None:
    """Fifteen is hard, and still allowed."""
    assert effort_stops(rpe) is stops


@pytest.mark.parametrize(
    ("rate", "rest", "stops"),
    [(None, 60, False), (120, None, False), (121, None, True), (100, 70, False), (101, 70, True)],
)
def test_the_pulse_stops_above_its_bounds(rate: int | None, rest: int | None, stops: bool) -> None:
    """More than 120, or more than 30 above rest."""
    assert pulse_stops(rate, rest) is stops


@pytest.mark.parametrize(
    ("sbp", "before", "stops"),
    [(None, 120, False), (180, None, False), (181, None, True), (139, 120, False), (140, 120, True), (100, 120, True)],
)
def test_the_pressure_stops_too_high_or_changed(sbp: int | None, before: int | None, stops: bool) -> None:
    """Above 180, or 20 up or down."""
    assert pressure_stops(sbp, before) is stops


@pytest.mark.parametrize(
    ("spo2", "before", "stops"),
    [(None, 98, False), (90, None, False), (89, None, True), (95, 98, False), (94, 98, True)],
)
def test_oxygen_stops_too_low_or_fallen(spo2: int | None, before: int | None, stops: bool) -> None:
    """Below 90, or 4 less."""
    assert oxygen_stops(spo2, before) is stops


@pytest.mark.parametrize(
    ("found", "before", "stops"),
    [
        (Measured(), Measured(), ()),
        (Measured(), Measured(130, 190, 80), ()),
        (Measured(120, 180, 90), None, ()),
        (Measured(121, 181, 89), None, ("pulse", "pressure", "oxygen")),
        (Measured(100, 139, 95), Measured(70, 120, 98), ()),
        (Measured(101, 140, 94), Measured(70, 120, 98), ("pulse", "pressure", "oxygen")),
        (Measured(spo2_pct=94), Measured(spo2_pct=98), ("oxygen",)),
    ],
)
def test_what_was_measured_stops(found: Measured, before: Measured | None, stops: tuple[str, ...]) -> None:
    """Each by its own rule; what was not measured says nothing."""
    assert measured_stops(found, before) == stops


@pytest.mark.parametrize(
    ("ago_min", "begun_min", "is_so"),
    [
        (0, None, True),
        (12 * 60, None, True),
        (12 * 60 + 1, None, False),
        (-1, None, False),
        (5, 6, True),
        (6, 7, False),
        (2, 2, False),
        (2, 1, False),
    ],
)
def test_an_old_value_says_nothing_of_now(ago_min: int, begun_min: int | None, is_so: bool) -> None:
    """Before a session half a day; in one five minutes, and only what came since it began."""
    begun_at = None if begun_min is None else NOW - timedelta(minutes=begun_min)

    assert is_current(NOW - timedelta(minutes=ago_min), NOW, begun_at=begun_at) is is_so


@pytest.mark.parametrize(("ago_min", "may"), [(0, True), (30, True), (31, False), (-1, False)])
def test_a_session_is_gone_on_with_for_half_an_hour(ago_min: int, may: bool) -> None:
    """Then it is begun anew."""
    assert may_go_on(NOW - timedelta(minutes=ago_min), NOW) is may


@given(st.none() | st.integers(6, 20), st.none() | st.integers(0, 10), st.none() | st.integers(0, 10))
def test_a_sign_always_stops(rpe: int | None, pain: int | None, before: int | None) -> None:
    """Whatever else is said."""
    assert "sign" in said_stops(rpe=rpe, pain=pain, pain_before=before, signs=["dizzy"])


def test_every_word_for_effort_stands_for_itself() -> None:
    """A number that was chosen by a word is said by the same word; the harder words stop."""
    assert all(effort_text(rpe_of(code)) == word("efforts", code) for code in words("efforts"))
    assert [code for code in words("efforts") if effort_stops(rpe_of(code))] == ["very-hard", "most"]


def test_every_exercise_has_known_words() -> None:
    """Kind, posture, steps and what must not be done."""
    for one in exercises().values():
        assert one.kind in words("kinds")
        assert one.posture in words("postures")
        assert len(one.step_texts()) >= 2
        assert one.care_text()


def test_sessions_follow_from_how_often() -> None:
    """Twice a day and every second day: the first session of a day has all of its exercises."""
    plan = Plan((Item(2, 1), Item(1, 2)))

    assert [one.exercises for one in sessions_on(plan, DAY)] == [(0, 1), (0,)]
    assert [one.exercises for one in sessions_on(plan, DAY + ONE)] == [(0,), (0,)]


@pytest.mark.parametrize(("days", "many"), [(-1, 0), (0, 1), (4, 1), (5, 0)])
def test_a_plan_holds_from_its_first_to_its_last_day(days: int, many: int) -> None:
    """Both included."""
    assert len(sessions_on(Plan(), DAY + days * ONE)) == many


@given(ITEMS, st.integers(0, 20))
def test_a_day_has_each_exercise_as_often_as_planned(items: tuple[Item, ...], days: int) -> None:
    """No more, no less, in the order of the day, on that day of the ward."""
    plan = Plan(items, until_on=DAY + 20 * ONE)
    found = sessions_on(plan, DAY + days * ONE)

    for n, item in enumerate(items):
        assert sum(n in one.exercises for one in found) == (item.per_day if days % item.every_days == 0 else 0)
    assert [one.starts_at for one in found] == sorted({one.starts_at for one in found})
    assert all(ward_date(one.starts_at) == one.on for one in found)


def test_a_changed_plan_holds_from_its_day_on() -> None:
    """What was planned before is still what was planned."""
    before, after = Plan((Item(1),)), Plan((Item(3),), from_on=DAY + 2 * ONE)

    assert version_on((before, after), DAY + ONE) is before
    assert version_on((before, after), DAY + 2 * ONE) is after
    assert version_on((before, after), DAY - ONE) is None
    assert progress((before, after), [], DAY + 2 * ONE).due == 1 + 1 + 3


def test_progress_tells_said_and_confirmed_apart() -> None:
    """Refused and beside the plan do not count; the part of those that were due is another number."""
    states = [((DAY, 1), "confirmed"), ((DAY + ONE, 1), "reported"), ((DAY + 2 * ONE, 1), "refused")]
    found = progress((Plan(),), [*states, ((DAY, 2), "confirmed")], DAY + 2 * ONE)  # type: ignore[list-item]

    assert (found.planned, found.due, found.confirmed, found.reported) == (5, 3, 1, 1)
    assert (found.percent, found.adherence_percent) == (40, 66)


def test_a_plan_that_ended_plans_nothing_more() -> None:
    """The day of its end still counts."""
    assert len(list(all_sessions((Plan(),), ended_on=DAY + ONE))) == 2
    assert progress((), [], DAY).adherence_percent is None


@given(ITEMS, st.sets(st.tuples(st.integers(-2, 9), st.integers(1, 4))), st.integers(-1, 9))
def test_no_more_is_completed_than_planned(items: tuple[Item, ...], done: set[tuple[int, int]], today: int) -> None:
    """Whatever is said to be done."""
    states = [((DAY + days * ONE, number), "reported") for days, number in done]
    found = progress((Plan(items),), states, DAY + today * ONE)  # type: ignore[arg-type]

    assert 0 <= found.completed <= found.planned
    assert 0 <= found.percent <= 100
    assert 0 <= found.due <= found.planned
