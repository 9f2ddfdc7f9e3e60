"""Doses, infusions and the question about pain."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.record.due.facts import HOUR, MIN, MORPHINE, NOW, asked_pain, dose, event, facts, order, stay, vitals_set
from wardlink.clinical.dose_states import DoseState
from wardlink.clinical.order_states import OrderState
from wardlink.record.due.doses import doses, infusions, pain


@pytest.mark.parametrize("state", ["running", "paused", "done", "held", "refused", "missed", "cancelled"])
def test_only_a_planned_dose_waits_to_be_given(state: DoseState) -> None:
    """Whatever was entered about it takes it off the list."""
    given_order = order()

    assert doses(facts(stay(), given_order, dose(given_order, NOW, state)), NOW) == []


def test_a_dose_has_the_window_that_was_planned() -> None:
    """It may be given from its opening on, and is overdue past its end."""
    given_order = order()
    planned = dose(given_order, NOW)

    (due,) = doses(facts(stay(), given_order, planned), NOW)

    assert (due.opens_at, due.due_at, due.closes_at, due.why) == (NOW - HOUR, NOW, NOW + HOUR, planned.id)


@pytest.mark.parametrize(
    ("state", "stop_at", "waits"),
    [
        ("active", None, True),
        ("on-hold", None, False),
        ("stopped", NOW, False),  # due just when the order ends: not given any more
        ("stopped", NOW + MIN, True),
        ("cancelled", None, False),
        ("transcribed", None, False),
    ],
)
def test_only_orders_that_are_carried_out_make_doses_due(
    state: OrderState, stop_at: datetime | None, waits: bool
) -> None:
    """An order on hold, stopped or not yet checked asks for nothing."""
    of = order(state, stop_at=stop_at)

    assert bool(doses(facts(stay(), of, dose(of, NOW)), NOW)) is waits


def test_a_dose_of_an_unknown_order_waits_all_the_same() -> None:
    """The dose was told, its order not yet."""
    assert len(doses(facts(stay(), dose(order(), NOW)), NOW)) == 1


@pytest.mark.parametrize(
    ("looked_min", "expected_min"),
    [((), 30), ((30,), 60), ((30, 59), 89), ((30, 59, 60), 120)],
)
def test_an_infusion_is_looked_after_often_and_then_less(looked_min: tuple[int, ...], expected_min: int) -> None:
    """Every half hour in the first hour, then every hour; each patrol puts the next one off."""
    of = order(route="ivgtt")
    start = event("start", NOW, volume_ml=500, rate_ml_per_h=100)
    looks = [event("patrol", NOW + n * MIN, remaining_ml=400, rate_ml_per_h=100) for n in looked_min]

    found = infusions(facts(stay(), of, dose(of, NOW, "running", start, *looks)), NOW)

    assert [due.due_at for due in found if due.code == "patrol"] == [NOW + expected_min * MIN]


@pytest.mark.parametrize(
    ("volume_ml", "rate_ml_per_h", "expected_min"),
    [
        (130, 100, 60),  # 30 ml are left
        (30, 100, 0),
        (600, 300, 110),  # 50 ml are ten minutes
    ],
)
def test_a_bag_is_nearly_empty_by_its_rate(volume_ml: float, rate_ml_per_h: float, expected_min: int) -> None:
    """At 30 ml or ten minutes before it is over, whichever comes first."""
    of = order(route="ivgtt")
    start = event("start", NOW, volume_ml=volume_ml, rate_ml_per_h=rate_ml_per_h)

    found = infusions(facts(stay(), of, dose(of, NOW, "running", start)), NOW)

    assert [due.due_at for due in found if due.code == "bag"] == [NOW + expected_min * MIN]


def test_what_is_paused_is_looked_after_and_does_not_run_empty() -> None:
    """Nobody forgets it, and nothing drips."""
    of = order(route="ivgtt")
    events = [event("start", NOW, volume_ml=500, rate_ml_per_h=100), event("pause", NOW + MIN, reason="x-ray")]

    found = infusions(facts(stay(), of, dose(of, NOW, "paused", *events)), NOW)

    assert [due.code for due in found] == ["patrol"]


@pytest.mark.parametrize(("route", "after"), [("im", 30 * MIN), ("po", HOUR)])
def test_pain_is_asked_about_after_an_analgesic(route: str, after: timedelta) -> None:
    """Sooner after an injection; asking makes it go away, and so does half a day."""
    of = order(route=route)
    given = dose(of, None, "done", event("give", NOW), items=(MORPHINE,))
    here = stay()

    (due,) = pain(facts(here, of, given), NOW)

    assert (due.due_at, due.opens_at) == (NOW + after, NOW)
    assert pain(facts(here, of, given, vitals_set(NOW + MIN, pain_nrs=2)), NOW) == []
    assert pain(facts(here, of, given, asked_pain(NOW + MIN)), NOW) == []
    assert pain(facts(here, of, given, vitals_set(NOW - MIN, pain_nrs=7)), NOW) == [due]
    assert pain(facts(here, of, given), NOW + after + 8 * HOUR + MIN) == []


@pytest.mark.parametrize("entry", [{"act": "give", "struck_at": NOW}, {"act": "refuse"}])
def test_what_was_not_given_asks_for_nothing(entry: dict[str, Any]) -> None:
    """An analgesic that was refused, or struck out, does not work."""
    of = order()
    said = event(entry.pop("act"), NOW, **entry)

    assert pain(facts(stay(), of, dose(of, None, "refused", said, items=(MORPHINE,))), NOW) == []
