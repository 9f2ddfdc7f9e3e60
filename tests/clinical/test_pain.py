"""When pain is asked about again, by the way the analgesic was given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from wardlink.clinical.pain import Again, asked_again
from wardlink.clinical.routes import routes
from wardlink.clinical.tables import load

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
MIN = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("route", "from_min", "by_min"),
    [("iv", 15, 30), ("ivgtt", 15, 30), ("iv-pump", 15, 30), ("im", 30, 30), ("sc", 30, 30), ("po", 60, 60)],
)
def test_each_way_has_its_interval(route: str, from_min: int, by_min: int) -> None:
    """Into the vein soonest, by mouth latest."""
    assert asked_again(AT, route) == Again(AT + from_min * MIN, AT + by_min * MIN)


def test_a_way_without_a_known_interval_is_left_out() -> None:
    """A number that nobody has written down is not invented."""
    assert asked_again(AT, "ext") is None


def test_where_the_way_is_not_known_the_question_comes_latest() -> None:
    """The order is not here; it was an analgesic all the same."""
    assert asked_again(AT, None) == asked_again(AT, "po")


def test_the_table_names_ways_that_exist() -> None:
    """And each of them once."""
    named = [route for row in load("dose_checks")["pain"].values() for route in row["routes"]]

    assert set(named) <= set(routes())
    assert len(named) == len(set(named))
