"""How a drug stands with its skin tests: every word, each bound and a step beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardlink.clinical.dose_checks import _is_positive
from wardlink.clinical.drugs import is_allergy_to
from wardlink.clinical.skin_test import Injected, Read, Result, allergy_text, covers, standing

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
S, MIN, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class Drug:
    """A drug by what is in it."""

    ingredient: str
    classes: frozenset[str] = frozenset()
    name_zh: str = "药"
    name_en: str = "drug"


PENICILLIN = Drug("benzylpenicillin", frozenset({"penicillin", "beta-lactam"}), "注射用青霉素钠")
SOLUTION = Drug("penicillin", frozenset({"penicillin", "beta-lactam"}), "青霉素皮试液")
CEPHALOSPORIN = Drug("ceftriaxone", frozenset({"cephalosporin", "beta-lactam"}), "注射用头孢曲松钠")


def word(
    read: list[Read], injected: list[Injected] | None = None, *, now: datetime = AT, **more: list[datetime]
) -> str:
    """How penicillin stands."""
    return standing(PENICILLIN, read, injected or [], now=now, **more).word


def test_one_class_is_tested_as_one() -> None:
    """A penicillin for every penicillin, and for no cephalosporin; the same ingredient always."""
    assert covers(SOLUTION, PENICILLIN)
    assert not covers(SOLUTION, CEPHALOSPORIN)
    assert covers(CEPHALOSPORIN, CEPHALOSPORIN)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ((), "none"),
        (("negative",), "negative"),
        (("doubtful",), "doubtful"),
        (("positive",), "positive"),
        (("doubtful", "negative"), "negative"),
        (("negative", "doubtful"), "doubtful"),
        (("positive", "negative"), "positive"),
    ],
)
def test_the_newest_counts_and_a_positive_one_always(results: tuple[Result, ...], expected: str) -> None:
    """In the order in which they were read."""
    read = [Read(SOLUTION, result, AT + number * HOUR) for number, result in enumerate(results)]

    assert word(read[::-1], now=AT + 5 * HOUR) == expected


@pytest.mark.parametrize(
    ("after", "given", "expected"),
    [
        (72 * HOUR, [], "negative"),
        (72 * HOUR + S, [], "old"),
        (100 * HOUR, [AT + 28 * HOUR], "negative"),
        (100 * HOUR + S, [AT + 28 * HOUR], "old"),
        # What lies ahead of now says nothing of it.
        (73 * HOUR, [AT + 80 * HOUR], "old"),
    ],
)
def test_a_negative_one_outlives_three_days_without_the_drug(
    after: timedelta, given: list[datetime], expected: str
) -> None:
    """To the second, from the reading or from the drug last given."""
    assert word([Read(SOLUTION, "negative", AT)], now=AT + after, given_at=given) == expected


@pytest.mark.parametrize(
    ("after", "expected"), [(0 * MIN, "waits"), (30 * MIN, "waits"), (30 * MIN + S, "none"), (-S, "none")]
)
def test_what_was_injected_is_waited_for_until_its_time_is_over(after: timedelta, expected: str) -> None:
    """Also where an older test was negative."""
    assert word([], [Injected(SOLUTION, AT)], now=AT + after) == expected


def test_a_new_test_outdoes_a_negative_one_until_it_is_read() -> None:
    """It was injected because somebody doubted."""
    old = Read(SOLUTION, "negative", AT - HOUR)

    assert word([old], [Injected(SOLUTION, AT)], now=AT + MIN) == "waits"
    assert word([old, Read(SOLUTION, "negative", AT + 20 * MIN)], [], now=AT + 21 * MIN) == "negative"


@given(
    results=st.lists(st.sampled_from(["negative", "positive", "doubtful"]), max_size=6),
    hours=st.integers(0, 2000),
)
def test_a_positive_test_is_never_forgotten(results: list[Result], hours: int) -> None:
    """Whatever is read afterwards, and however long ago it was."""
    read = [Read(SOLUTION, result, AT + number * HOUR) for number, result in enumerate(results)]

    assert (word(read, now=AT + hours * HOUR) == "positive") == ("positive" in results)


@pytest.mark.parametrize("drug", [SOLUTION, PENICILLIN])
def test_what_is_written_among_the_allergies_blocks_the_whole_class(drug: Drug) -> None:
    """Read back by the check that has no way past it."""
    said = allergy_text(drug, AT)

    assert said == "青霉素皮试阳性（2026-11-23）"
    assert _is_positive(said)
    assert is_allergy_to(said, PENICILLIN)
    assert not is_allergy_to(said, CEPHALOSPORIN)
