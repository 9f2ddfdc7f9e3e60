"""When a result may be shown: each bound, one step either side, and that nothing unreleased ever passes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.clinical.results.catalogue import category_text, explained, flag_of, flags
from wardlink.clinical.results.release import (
    CHANGES,
    Category,
    Flag,
    Held,
    Status,
    Why,
    is_critical,
    is_minor,
    limits,
    needs_talk,
    why_held,
    why_text,
)
from wardlink.i18n import LANGUAGES, speaking
from wardlink.messages.results import ResultItem

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
STEP = timedelta(microseconds=1)
ORDINARY = Held("final", "LAB", ("58410-2",), False, NOW - timedelta(hours=1), date(1959, 6, 26))


def item(code: str, value: str | None, unit: str | None, flag: Flag | None = None) -> ResultItem:
    """One value."""
    return ResultItem(code=code, name=code, value=None if value is None else Decimal(value), unit=unit, flag=flag)


@pytest.mark.parametrize(
    ("changed", "delay_h", "why"),
    [
        ({}, 0, ()),
        ({"status": "corrected"}, 0, ()),
        ({"status": "registered"}, 0, ("not-final",)),
        ({"status": "preliminary"}, 0, ("not-final",)),
        ({"status": "cancelled"}, 0, ("not-final",)),
        ({"status": "preliminary", "released_at": NOW}, 0, ("not-final",)),
        ({"verified_at": None}, 0, ("not-final",)),
        ({"verified_at": NOW}, 0, ()),
        ({"verified_at": NOW + STEP}, 0, ("not-final", "delay")),
        ({"verified_at": NOW - timedelta(hours=24)}, 24, ()),
        ({"verified_at": NOW - timedelta(hours=24) + STEP}, 24, ("delay",)),
        ({"verified_at": NOW, "released_at": NOW}, 24, ()),
        ({"verified_at": NOW, "category": "RAD"}, 24, ()),
        ({"critical": True}, 0, ("unacknowledged", "critical")),
        ({"critical": True, "acknowledged_at": NOW}, 0, ("critical",)),
        ({"critical": True, "released_at": NOW}, 0, ("unacknowledged",)),
        ({"critical": True, "acknowledged_at": NOW, "released_at": NOW}, 0, ()),
        ({"category": "SP"}, 0, ("talk",)),
        ({"category": "GE"}, 0, ("talk",)),
        ({"codes": ("x", "56888-1")}, 0, ("talk",)),
        ({"codes": ("56888-1",), "released_at": NOW}, 0, ()),
        ({"kept_back_at": NOW}, 0, ("kept-back",)),
        ({"birth_on": date(2008, 11, 25)}, 0, ()),
        ({"birth_on": date(2008, 11, 26)}, 0, ("minor",)),
        ({"birth_on": date(2008, 11, 26), "released_at": NOW}, 0, ("minor",)),
        ({"birth_on": date(2027, 1, 1)}, 0, ("minor",)),
    ],
)
def test_each_rule_at_its_bound(changed: dict[str, object], delay_h: float, why: tuple[Why, ...]) -> None:
    """Every reason by itself, and what takes it away."""
    assert why_held(replace(ORDINARY, **changed), NOW, timedelta(hours=delay_h)) == why  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "value", "unit", "flag", "critical"),
    [
        ("2823-3", "2.81", "mmol/L", None, False),
        ("2823-3", "2.8", "mmol/L", None, True),
        ("2823-3", "2.80", "mmol/L", "L", True),
        ("2823-3", "6.19", "mmol/L", "H", False),
        ("2823-3", "6.2", "mmol/L", "H", True),
        ("2823-3", "4.0", "meq/L", "N", True),
        ("2823-3", None, None, None, False),
        ("718-7", "50.1", "g/L", "L", False),
        ("718-7", "50", "g/L", "L", True),
        ("999-9", "1", "g/L", "HH", True),
        ("999-9", "1", "g/L", "AA", True),
        ("999-9", "1", "g/L", "A", False),
        ("6301-6", "0.1", "{INR}", None, False),
    ],
)
def test_what_cannot_wait(code: str, value: str | None, unit: str | None, flag: Flag | None, critical: bool) -> None:
    """On the bound it is critical; a unit that is not the list's is not compared, and counts as critical."""
    assert is_critical([item("1-1", "1", "g/L"), item(code, value, unit, flag)]) is critical


INSTANTS = st.none() | st.integers(-100, 100).map(lambda h: NOW + timedelta(hours=h))
HELD = st.builds(
    Held,
    status=st.sampled_from(get_args(Status)),
    category=st.sampled_from(get_args(Category)),
    codes=st.lists(st.sampled_from(("58410-2", "56888-1", "2106-3", "718-7")), min_size=1).map(tuple),
    critical=st.booleans(),
    verified_at=INSTANTS,
    birth_on=st.dates(date(1930, 1, 1), date(2030, 1, 1)),
    acknowledged_at=INSTANTS,
    released_at=INSTANTS,
    kept_back_at=INSTANTS,
)


@given(HELD, st.floats(0, 24))
def test_whatever_passes_was_verified_and_where_it_must_be_released(found: Held, delay_h: float) -> None:
    """No mixture of facts lets a preliminary, critical, grave or kept back result through without a doctor."""
    if why_held(found, NOW, timedelta(hours=delay_h)):
        return

    assert found.status in ("final", "corrected")
    assert found.verified_at is not None
    assert found.verified_at <= NOW
    assert found.kept_back_at is None
    assert not is_minor(found.birth_on, NOW.date())
    if found.critical:
        assert found.acknowledged_at is not None
    if found.critical or needs_talk(found.category, found.codes):
        assert found.released_at is not None


@given(HELD, st.integers(0, 1000))
def test_waiting_alone_opens_only_what_waits_for_time(found: Held, hours: int) -> None:
    """However late it gets, what waits for a person goes on waiting."""
    now_why = set(why_held(found, NOW, timedelta(hours=24)))
    later = set(why_held(found, NOW + timedelta(hours=hours), timedelta(hours=24)))

    assert now_why - later <= {"delay", "not-final", "minor"}
    assert later <= now_why


def test_no_status_leads_back() -> None:
    """What was verified is never preliminary again, and what was taken back is nothing more."""
    assert all(CHANGES[status] <= {"corrected", "cancelled"} for status in ("final", "corrected"))
    assert CHANGES["cancelled"] == frozenset()
    assert set(CHANGES) == {None, *get_args(Status)}


@pytest.mark.parametrize(
    ("value", "low", "high", "flag"),
    [
        ("3.5", "3.5", "5.3", "N"),
        ("3.49", "3.5", "5.3", "L"),
        ("5.3", "3.5", "5.3", "N"),
        ("5.31", "3.5", "5.3", "H"),
        ("9", None, "8", "H"),
        ("1", "2", None, "L"),
        ("1", None, None, None),
    ],
)
def test_a_flag_by_the_range(value: str, low: str | None, high: str | None, flag: str | None) -> None:
    """On the bound it is usual; without a range nothing is said."""
    bounds = (None if one is None else Decimal(one) for one in (low, high))

    assert flag_of(Decimal(value), *bounds) == flag


def test_everything_has_words_in_both_languages() -> None:
    """Tests, flags, kinds and reasons; and every critical test is explained."""
    said = []
    for language in LANGUAGES:
        with speaking(language):
            said.append(
                [one.label_text() + one.sentence() for one in explained().values()]
                + [flags()[flag].text() for flag in get_args(Flag)]
                + [why_text(why) for why in get_args(Why)]
            )
            assert all(category_text(category) for category in get_args(Category))

    assert all(zh != en for zh, en in zip(*said, strict=True))
    assert all(all(one) for one in said)
    assert limits().keys() <= explained().keys() | {"2703-7", "2019-8"}
