"""Which strip its patient may see: the whole table, and what no walk through it lets out."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.clinical.ecg.release import Decided, Held, Reported, Why, why_held
from wardlink.clinical.ecg.strip import lead_names, lead_sentence
from wardlink.clinical.results.release import is_minor

TODAY = date(2026, 11, 24)
GROWN, CHILD = date(1959, 6, 26), date(2008, 11, 25)
DOCTOR, GRAVE = Reported(True), Reported(True, critical=True)
CAME, CAME_GRAVE = Reported(False), Reported(False, critical=True)
YES, NO = Decided(True, 1), Decided(False, 1)


@pytest.mark.parametrize(
    ("held", "why"),
    [
        (Held(GROWN), ("unconfirmed",)),
        (Held(GROWN, (CAME,)), ("unconfirmed",)),
        (Held(GROWN, (CAME,), decided=YES), ("unconfirmed",)),
        (Held(GROWN, (DOCTOR,)), ()),
        (Held(GROWN, (CAME, DOCTOR)), ()),
        (Held(GROWN, (DOCTOR,), decided=YES), ()),
        (Held(GROWN, (DOCTOR,), decided=NO), ("kept-back",)),
        (Held(GROWN, (DOCTOR,), is_struck=True), ("struck",)),
        (Held(CHILD, (DOCTOR,)), ("minor",)),
        (Held(date(2008, 11, 24), (DOCTOR,)), ()),
        (Held(date(2026, 11, 25), (DOCTOR,)), ("minor",)),
        (Held(GROWN, (GRAVE,)), ("unacknowledged", "critical")),
        (Held(GROWN, (GRAVE,), seen_reports=1), ("critical",)),
        (Held(GROWN, (GRAVE,), decided=YES), ("unacknowledged",)),
        (Held(GROWN, (GRAVE,), seen_reports=1, decided=YES), ()),
        (Held(GROWN, (GRAVE,), seen_reports=1, decided=NO), ("kept-back", "critical")),
        (Held(GROWN, (CAME_GRAVE, DOCTOR), seen_reports=1), ("critical",)),
        (Held(GROWN, (CAME_GRAVE, DOCTOR), seen_reports=1, decided=Decided(True, 2)), ()),
        (Held(GROWN, (CAME_GRAVE,), seen_reports=1, decided=YES), ("unconfirmed",)),
        (Held(GROWN, (GRAVE, GRAVE), seen_reports=1, decided=YES), ("unacknowledged", "critical")),
        (Held(GROWN, (GRAVE, GRAVE), seen_reports=2, decided=YES), ("critical",)),
        (Held(GROWN, (DOCTOR, GRAVE), seen_reports=2, decided=YES), ("critical",)),
        (Held(GROWN, (GRAVE, DOCTOR), seen_reports=1, decided=YES), ()),
    ],
)
def test_the_table(held: Held, why: tuple[Why, ...]) -> None:
    """A doctor has spoken; what is critical was read by somebody and let out by a doctor, both after it was said."""
    assert why_held(held, TODAY) == why


_REPORTS = st.lists(st.builds(Reported, st.booleans(), st.booleans()), max_size=4)
_DECIDED = st.none() | st.builds(Decided, st.booleans(), st.integers(0, 5))


@given(
    held=st.builds(
        Held,
        st.dates(date(1930, 1, 1), date(2027, 1, 1)),
        _REPORTS,
        st.integers(0, 5),
        st.booleans(),
        _DECIDED,
    )
)
def test_nothing_else_ever_goes_out(held: Held) -> None:
    """Whatever is shown: its patient is grown, a doctor wrote of it, nothing critical is unread or undecided."""
    if why_held(held, TODAY):
        return

    assert not is_minor(held.birth_on, TODAY)
    assert not held.is_struck
    assert any(report.by_doctor for report in held.reports)
    for number, report in enumerate(held.reports):
        if report.critical:
            assert number < held.seen_reports
            assert held.decided is not None
            assert held.decided.may_see
            assert number < held.decided.reports


def test_every_lead_is_explained() -> None:
    """In a plain sentence; a lead that nobody knows has none."""
    assert [lead for lead in lead_names() if not lead_sentence(lead)] == []
    assert lead_sentence("X") == ""
