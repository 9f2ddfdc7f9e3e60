"""Names on screens that others can see, ages, and names that are easily confused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.clinical.names import age_years, masked_name, same_or_similar_names

NAUGHTY = Path(__file__).parents[3] / "shared" / "cases" / "naughty" / "blns.json"


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张伟", "张*"),
        ("王小明", "王*明"),
        ("欧阳娜娜", "欧阳*娜"),
        ("欧阳娜", "欧阳*"),
        ("欧阳", "欧*"),
        ("司马相如", "司马*如"),
        ("张王小明", "张*明"),
        ("阿依古丽·买买提", "阿*提"),
        (" 张 伟 ", "张*"),
        ("张\u200b伟", "张*"),
        ("𠮷田", "𠮷*"),
        ("张", "*"),
        ("John Smith", "J* S*"),
        ("Élodie", "É*"),
        ("Madonna", "M*"),
        ("X", "*"),
        ("", "*"),
        ("   ", "*"),
    ],
)
def test_a_masked_name_shows_the_surname_and_hides_the_person(name: str, masked: str) -> None:
    """Two characters lose the second, longer names their middle, Latin names all but their initials."""
    assert masked_name(name) == masked


@given(st.text(min_size=1, max_size=40))
def test_a_mask_never_shows_a_whole_name(name: str) -> None:
    """Whatever was typed: there is a star, and never more than two characters in a row."""
    masked = masked_name(name)

    assert "*" in masked
    assert masked != name or name == "*" or "*" in name
    assert all(len(run) <= 2 for word in masked.split() for run in word.split("*"))


@pytest.mark.cases
@pytest.mark.skipif(not NAUGHTY.exists(), reason="the naughty strings do not lie beside the project")
def test_naughty_names_are_masked_too() -> None:
    """No string crashes the board or passes unmasked."""
    for name in json.loads(NAUGHTY.read_text(encoding="utf-8")):
        assert "*" in masked_name(name)


@pytest.mark.parametrize(
    ("birth_on", "on", "years"),
    [
        (date(2010, 11, 23), date(2026, 11, 22), 15),
        (date(2010, 11, 23), date(2026, 11, 23), 16),
        (date(2010, 11, 23), date(2026, 11, 24), 16),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2026, 11, 23), date(2026, 11, 23), 0),
    ],
)
def test_age_is_completed_years(birth_on: date, on: date, years: int) -> None:
    """The birthday itself counts."""
    assert age_years(birth_on, on) == years


def test_nobody_is_younger_than_nothing() -> None:
    """A birth date in the future is an error, not an age of -1."""
    with pytest.raises(ValueError, match="before the birth"):
        age_years(date(2026, 11, 24), date(2026, 11, 23))


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("张伟", "张伟", True),
        ("张伟", "张 伟", True),
        ("张伟", "张强", False),
        ("张小明", "张晓明", True),
        ("张小明", "张小民", True),
        ("张小明", "李小明", False),
        ("张小明", "张明小", True),
        ("张小明", "张大强", False),
        ("John Smith", "SMITH John", True),
        ("John Smith", "Jon Smith", False),
        ("", "", False),
    ],
)
def test_who_could_be_taken_for_whom(one: str, other: str, alike: bool) -> None:
    """The same name, or a long Chinese one that differs in one character of the given name; both ways."""
    expected = {1: (2,), 2: (1,)} if alike else {}

    assert same_or_similar_names({1: one, 2: other}) == expected


def test_only_those_with_a_name_sake_are_listed() -> None:
    """The others stay without a warning."""
    names = {"b1": "王小明", "b2": "李静", "b3": "王晓明", "b4": "王小明"}

    assert same_or_similar_names(names) == {"b1": ("b3", "b4"), "b3": ("b1", "b4"), "b4": ("b1", "b3")}
