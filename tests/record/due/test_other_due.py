"""Skin tests, assessments, and sleep that is not broken without need."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.record.due.facts import HOUR, MIN, MORPHINE, NOW, NURSE, a_round, dose, event, facts, order, stay, vitals_set
from wardlink.ids import new_id
from wardlink.messages.assessments import AssessmentView
from wardlink.messages.skin_tests import SkinTestView
from wardlink.record.due.assessments import assessments
from wardlink.record.due.due import Facts
from wardlink.record.due.skin_tests import skin_tests
from wardlink.record.due.vitals import vitals

NIGHT = datetime.fromisoformat("2026-11-25T01:00:00+08:00")


def test_a_skin_test_is_read_between_fifteen_and_thirty_minutes() -> None:
    """Read or too old to tell anything, it is off the list; a dose that treats is no test."""
    of = order(category="skin-test", route="id")
    injected = dose(of, NOW, "done", event("give", NOW), items=(MORPHINE,))
    here = stay()

    (due,) = skin_tests(facts(here, of, injected), NOW)

    assert (due.due_at, due.closes_at, due.why) == (NOW + 15 * MIN, NOW + 30 * MIN, injected.id)
    read = SkinTestView(
        id=new_id(),
        dose=injected.id,
        order=of.id,
        items=(MORPHINE,),
        injected_at=NOW,
        read_at=NOW + 20 * MIN,
        result="negative",
        before_mm=5,
        after_mm=5,
        by=NURSE,
        device="c1",
    )
    assert skin_tests(facts(here, of, injected, read), NOW) == []
    assert skin_tests(facts(here, of, injected, read.model_copy(update={"struck_at": NOW})), NOW) == [due]
    assert skin_tests(facts(here, of, injected), NOW + 9 * HOUR) == []
    assert skin_tests(facts(here, order(), injected), NOW) == []


def made(scale: str, at: datetime, next_at: datetime | None) -> AssessmentView:
    """An assessment by a scale."""
    fields: dict[str, Any] = {"scale": scale, "version": "1", "answers": {}, "assessed_at": at, "entered_at": at}
    return AssessmentView(id=new_id(), by=NURSE, next_at=next_at, **fields)


def test_what_was_never_assessed_is_one_thing() -> None:
    """All scales of the admission together, eight hours after it; each that was made asks for itself again."""
    here = stay(admitted_at=NOW)

    (first,) = assessments(facts(here), NOW)
    morse = made("morse", NOW + HOUR, NOW + 24 * HOUR)
    both = sorted(assessments(facts(here, morse), NOW), key=lambda due: due.due_at)

    assert (first.due_at, first.why) == (NOW + 8 * HOUR, None)
    assert [(due.due_at, due.why) for due in both] == [(NOW + 8 * HOUR, None), (NOW + 24 * HOUR, morse.id)]
    assert first.key == both[0].key
    assert int(first.params["n"]) == int(both[0].params["n"]) + 1


def at_night(*, asleep: bool = True, seen_at: datetime = NIGHT, **readings: Any) -> Facts:
    """NEWS2 1 at ten in the evening: due at two in the night; seen on a round at one."""
    measured = vitals_set(NIGHT - 3 * HOUR, **({"spo2_pct": 95} | readings))
    return facts(stay(), measured, a_round(seen_at).model_copy(update={"asleep": asleep}))


@pytest.mark.parametrize(
    ("known", "hour"),
    [
        (at_night(), 6),
        (at_night(asleep=False), 2),
        (at_night(spo2_pct=93), 2),  # two points
        (at_night(rr_per_min=25), 23),  # red
        (at_night(temp_c=37.4), 2),  # fever asks
        (at_night(seen_at=NIGHT - 4 * HOUR), 2),  # seen before the set
    ],
)
def test_who_sleeps_and_is_at_low_risk_is_not_woken(known: Facts, hour: int) -> None:
    """Until six in the morning, and only where nothing but routine asks."""
    (due,) = vitals(known, NIGHT)

    assert due.due_at.astimezone(NIGHT.tzinfo).hour == hour
    assert due.closes_at > due.due_at


def test_the_morning_comes() -> None:
    """What was put off is due at six and overdue an hour later, whatever anybody has seen."""
    (due,) = vitals(at_night(), NIGHT + timedelta(hours=12))

    assert due.overdue_since(NIGHT + 12 * HOUR) == NIGHT + 6 * HOUR
