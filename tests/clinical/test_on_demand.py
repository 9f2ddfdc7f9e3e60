"""What is given when needed, at each bound and a step beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from wardlink.clinical.on_demand import too_near, too_often, within_a_day

NOW = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
MIN = timedelta(minutes=1)


@pytest.mark.parametrize(("minutes", "near"), [(0, True), (239, True), (240, False), (-239, True), (-240, False)])
def test_the_interval_holds_to_either_side(minutes: int, near: bool) -> None:
    """Just at its end it may be given; what another cart gave a little later is too near as well."""
    other = NOW - minutes * MIN

    assert too_near([other], NOW, 240) == (other if near else None)


def test_without_an_interval_or_a_giving_nothing_is_near() -> None:
    """Nothing is made up."""
    assert (too_near([NOW], NOW, None), too_near([], NOW, 240)) == (None, None)


def test_a_day_is_twenty_four_hours_and_not_the_date() -> None:
    """What was given just before midnight still counts in the morning."""
    day = timedelta(hours=24)
    given = [NOW - day, NOW - day + MIN, NOW - MIN, NOW + MIN]

    assert within_a_day(given, NOW) == given[1:3]
    assert [too_often(given, NOW, most) for most in (None, 3, 2, 1)] == [False, False, True, True]
