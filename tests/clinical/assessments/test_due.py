"""When assessments are due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.clinical.assessments.due import Last, next_due
from wardlink.clinical.assessments.scales import SCALE_CODES, scales

ADMITTED = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
H = timedelta(hours=1)


@pytest.mark.parametrize(
    ("scale", "urgent", "hours"),
    [
        ("morse", False, 8),
        ("morse", True, 2),
        ("braden", True, 2),
        ("barthel", False, 8),
        ("barthel", True, 8),
        ("caprini", False, 8),
        ("padua", False, 8),
        ("nrs2002", False, 8),
        ("psych", False, 8),
        ("flacc", False, None),
        ("gcs", False, None),
        ("rass", False, None),
        ("camicu", False, None),
        ("tubes", False, None),
    ],
)
def test_the_first_is_due_soon_after_admission(scale: str, urgent: bool, hours: int | None) -> None:
    """Within 8 hours; fall and pressure injury within 2 of an emergency; a pain or coma scale only when needed."""
    due = next_due(scales()[scale], None, admitted_at=ADMITTED, urgent=urgent)

    assert due == (None if hours is None else ADMITTED + hours * H)


def test_the_level_says_when_it_is_made_again() -> None:
    """And where a level names no interval, nothing is due."""
    last = Last(ADMITTED + 3 * H, ADMITTED + 27 * H)

    assert next_due(scales()["morse"], last, admitted_at=ADMITTED) == ADMITTED + 27 * H
    assert next_due(scales()["morse"], last._replace(next_at=None), admitted_at=ADMITTED) is None


@pytest.mark.parametrize(("event_h", "due_h"), [(2, 27), (3, 27), (4, 12), (20, 27)])
def test_a_transfer_asks_anew(event_h: int, due_h: int) -> None:
    """What happened after the last one counts, and the earlier of both instants is the due one."""
    last = Last(ADMITTED + 3 * H, ADMITTED + 27 * H)

    due = next_due(scales()["morse"], last, admitted_at=ADMITTED, events=[ADMITTED + event_h * H])

    assert due == ADMITTED + due_h * H


@given(st.sampled_from(SCALE_CODES), st.integers(0, 500), st.lists(st.integers(0, 500), max_size=4), st.booleans())
def test_more_to_ask_is_never_due_later(scale: str, after_h: int, events_h: list[int], urgent: bool) -> None:
    """Another event can only bring the next one nearer, and none is due before something asked for it."""
    last = Last(ADMITTED + after_h * H, ADMITTED + (after_h + 72) * H)
    events = [ADMITTED + hours * H for hours in events_h]

    without = next_due(scales()[scale], last, admitted_at=ADMITTED, urgent=urgent)
    due = next_due(scales()[scale], last, admitted_at=ADMITTED, urgent=urgent, events=events)

    assert without is not None
    assert due is not None
    assert last.at < due <= without
