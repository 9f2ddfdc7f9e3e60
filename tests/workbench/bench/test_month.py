"""A cart with some days of a small ward on its disk, measured as `wardlink bench month` does."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from wardlink.device.replica import Replica
from wardlink.device.store import Store
from wardlink.record.doses import DOSE
from workbench.bench import report
from workbench.bench.month import Order, measure
from workbench.bench.month_cart import follow
from workbench.bench.month_hands import Hands, goals
from workbench.bench.month_record import SETS_A_DAY, Month, days

UNTIL = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


def test_a_day_has_as_many_sets_as_the_levels_ask_for() -> None:
    """And each change has the next number."""
    month = Month(60, 2, UNTIL)
    stays = month.stays()
    first, second = days(month, stays)

    sets = Counter(change.kind for change in second)["vitals.recorded"]
    assert sets == sum(SETS_A_DAY[stay.level] for stay in stays)
    assert [change.seq for change in [*first, *second]] == list(range(1, len(first) + len(second) + 1))
    assert len({stay.name for stay in stays}) > 55


def test_what_the_cart_holds_is_what_it_would_have_kept(tmp_path: Path) -> None:
    """Three days of doses, and those that are due until tomorrow; everything of them was heard."""
    month = Month(2, 5, UNTIL)
    heard = follow(tmp_path / "month", month)
    store = Store(tmp_path / "month" / "data")
    replica = Replica(store)
    doses = replica.records(DOSE)
    seq, stays = replica.seq, replica.encounters()
    store.close()

    assert (seq, len(stays)) == (heard, 2)
    assert Counter(dose.state for dose in doses) == {"done": 2 * 16 * 3, "planned": 2 * 16}
    assert min(dose.due_at for dose in doses if dose.due_at) == UNTIL - timedelta(hours=72)


@pytest.mark.parametrize(("sets", "given", "met"), [(1, 3, True), (0, 3, False), (1, 2, False)])
def test_hands_that_saved_nothing_have_not_worked(sets: int, given: int, met: bool) -> None:
    """A script that missed its page is no quick nurse."""
    hands = Hands(vitals_keys=27, vitals_s=12.0, round_actions=8, round_s=9.0, sets=sets, given=given)

    assert all(goal.met for goal in goals(hands)) is met


@pytest.mark.slow
def test_the_measurement_from_the_start_to_the_table(tmp_path: Path) -> None:
    """On a small ward: everything was painted, opened and saved, and stands in the report."""
    result = measure(Order(tmp_path, patients=3, days=1, rounds=1, opened=2))

    assert (result.hands.sets, result.hands.given) == (1, 3)
    assert result.hands.vitals_keys <= 30
    assert all(cart.start_s > 0 and cart.opened_ms > 0 for cart in result.carts)
    assert "27" in report.month(result)
