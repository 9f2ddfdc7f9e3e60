"""Reading a skin test: when it may be read, what it says, and how long it holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from wardlink.clinical.drugs import Named, class_word
from wardlink.clinical.tables import load
from wardlink.clock import ward_date

Result = Literal["negative", "positive", "doubtful"]
Reading = Literal["too-early", "in-time", "too-late"]
Word = Literal["none", "waits", "old", "negative", "doubtful", "positive"]

_POSITIVE = "皮试阳性"
"""In the words of Chinese records; by it an allergy is known again as a test's."""


@dataclass(frozen=True)
class Read:
    """A test that was read, and what it was a test of."""

    about: Named
    result: Result
    read_at: datetime


@dataclass(frozen=True)
class Injected:
    """A test that was injected and that nobody has read yet."""

    about: Named
    injected_at: datetime


@dataclass(frozen=True)
class Standing:
    """How a drug stands. `waits`: it may be read from `at` on; of every other word `at` is when it was read."""

    word: Word
    at: datetime | None = None


def covers(tested: Named, drug: Named) -> bool:
    """Whether a test with one drug speaks for the other: the same ingredient, or one class that is tested as one."""
    shared = set(tested.classes) & set(drug.classes) & load("skin_test").keys()
    return tested.ingredient == drug.ingredient or bool(shared)


def standing(
    drug: Named,
    read: Iterable[Read],
    injected: Iterable[Injected] = (),
    *,
    given_at: Iterable[datetime] = (),
    now: datetime,
) -> Standing:
    """How the drug stands with these tests. A positive one is never outdone by a later one.

    `given_at`: when drugs that the test covers were given. A test that waits counts until its time to be read is over.
    """
    fitting = sorted((one for one in read if covers(one.about, drug)), key=lambda one: one.read_at)
    positive = [one for one in fitting if one.result == "positive"]
    if positive:
        return Standing("positive", positive[-1].read_at)
    waiting = [
        one.injected_at
        for one in injected
        if covers(one.about, drug) and reading(one.injected_at, now) != "too-late" and one.injected_at <= now
    ]
    if waiting and not (fitting and fitting[-1].read_at >= max(waiting)):
        return Standing("waits", readable_from(max(waiting)))
    if not fitting:
        return Standing("none")
    newest = fitting[-1]
    if newest.result == "doubtful":
        return Standing("doubtful", newest.read_at)
    last = max([newest.read_at, *(at for at in given_at if at <= now)])
    return Standing("negative" if still_holds("negative", last, now) else "old", newest.read_at)


def allergy_text(tested: Named, read_at: datetime) -> str:
    """What a positive test writes among the patient's allergies, with its date, in the words of Chinese records."""
    known = load("skin_test").keys()
    word = next((class_word(name) for name in sorted(tested.classes) if name in known), None)
    return f"{word or tested.name_zh}{_POSITIVE}（{ward_date(read_at):%Y-%m-%d}）"


def says_positive(allergy: str) -> bool:
    """Whether an allergy of a patient was written there by a positive test."""
    return _POSITIVE in allergy


def readable_from(injected_at: datetime) -> datetime:
    """From when on it may be read."""
    return injected_at + timedelta(minutes=_row()["not_before_min"])


def readable_until(injected_at: datetime) -> datetime:
    """Until when it may be read; after that it is repeated, or a doctor decides."""
    return injected_at + timedelta(minutes=_row()["not_after_min"])


def reading(injected_at: datetime, now: datetime) -> Reading:
    """Whether the test may be read now. Too early is refused; too late is repeated or left to a doctor."""
    if now < readable_from(injected_at):
        return "too-early"
    return "in-time" if now <= readable_until(injected_at) else "too-late"


def suggested(before_mm: float, after_mm: float, *, itch_or_redness: bool) -> Result:
    """What the wheal says: it has grown by so much, or it has not; redness or itch alone is doubtful.

    A suggestion: two nurses read it and say what they saw.
    """
    if after_mm - before_mm >= _row()["positive_from_mm"]:
        return "positive"
    return "doubtful" if itch_or_redness else "negative"


def still_holds(result: Result, last_given_at: datetime, now: datetime) -> bool:
    """Whether a negative test still stands for the drug: it was read, or the drug last given, not too long ago."""
    return result == "negative" and now - last_given_at <= timedelta(hours=break_up_to_h())


def break_up_to_h() -> int:
    """How many hours without the drug a negative test outlives."""
    hours: int = _row()["break_up_to_h"]
    return hours


def _row() -> Any:
    return load("skin_test")["penicillin"]["reading"]
