"""Sets of one round are scored together, by one rule for the cart and the server."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.clinical.sets import NORMAL, NOW
from tests.record.test_chart_facts import stay
from wardlink.clinical.news2 import News2
from wardlink.clinical.vitals import VitalSet
from wardlink.ids import new_id
from wardlink.messages.scored import scored, scored_together
from wardlink.messages.vitals import VitalsRecorded
from wardlink.record.due.measured import Measured, learn

LATER = {"acvpu": "C"}
BEFORE = {key: value for key, value in NORMAL.items() if key != "acvpu"}


def entered(minutes: float, readings: dict[str, Any], **more: Any) -> VitalsRecorded:
    """A set, so many minutes after the first."""
    at = NOW + timedelta(minutes=minutes)
    known: dict[str, Any] = {
        "id": new_id(),
        "measured_at": at,
        "entered_at": at,
        "device": "c1",
        "actor": {"kind": "staff", "id": "n1"},
        "source": "manual",
        "readings": VitalSet(**readings),
    }
    return VitalsRecorded.model_validate(known | more)


@pytest.mark.parametrize(
    ("minutes", "more", "whole"),
    [
        (15, {}, True),
        (15.1, {}, False),
        (5, {"source": "monitor"}, False),
        (5, {"struck_at": NOW, "struck_reason": "录错"}, False),
    ],
)
def test_only_what_nurses_entered_near_enough_goes_together(minutes: float, more: dict[str, Any], whole: bool) -> None:
    """Both ends of the window belong to it."""
    before = entered(0, BEFORE, **more)

    found = scored_together(entered(minutes, LATER), [before], stay())

    assert isinstance(found.assessment, News2) is whole


def test_a_completed_round_is_the_score_that_stands() -> None:
    """Of the stay, from the last of its sets on; what is due follows from it."""
    known = learn(Measured(), [entered(0, BEFORE), entered(10, LATER)], stay())

    assert known.whole is not None
    assert (known.whole.text, known.whole.band) == ("3", "low-medium")
    assert known.whole.found.measured_at == NOW + timedelta(minutes=10)


def test_a_whole_set_stands_for_itself() -> None:
    """Nothing is taken over from the minutes before."""
    before, now = entered(0, NORMAL | {"pulse_per_min": 140.0}), entered(5, NORMAL)

    assert scored_together(now, [before], stay()) == scored(now, stay())
