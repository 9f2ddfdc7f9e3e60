"""An assessment while it is being made: the answers so far, what they mean, and which key gives which answer. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from wardlink.clinical.assessments.scales import Item, Option, Scale
from wardlink.clinical.assessments.weighing import Weighed, weigh
from wardlink.clinical.findings import Finding, Severity

TEN = "x"
"""The key of the answer 10, where answers are numbers: a digit would be taken for the first of two."""


@dataclass(frozen=True)
class Draft:
    """What stands in the form. `confirmed`: codes of the doubts that the nurse stands by, for these answers."""

    answers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    note: str = ""
    confirmed: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing worth keeping."""
        return not (self.answers or self.note)

    def answered(self, item: str, option: str | None) -> Draft:
        """With this answer, or without one; what was confirmed of the former answers is asked anew."""
        answers = {name: code for name, code in self.answers.items() if name != item}
        if option is not None:
            answers[item] = option
        return replace(self, answers=answers, confirmed=frozenset())


@dataclass(frozen=True)
class Exam:
    """What a draft means now."""

    draft: Draft
    weighed: Weighed

    @property
    def blocks(self) -> tuple[Finding, ...]:
        """What must be put right before it can be saved."""
        return tuple(finding for finding in self.weighed.findings if finding.severity is Severity.HARD)

    @property
    def soft(self) -> tuple[Finding, ...]:
        """What the nurse is asked to confirm."""
        return tuple(finding for finding in self.weighed.findings if finding.severity is not Severity.HARD)

    @property
    def unconfirmed(self) -> tuple[Finding, ...]:
        """Of these, what she has not confirmed yet."""
        return tuple(finding for finding in self.soft if finding.code not in self.draft.confirmed)

    @property
    def may_save(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.blocks and not self.unconfirmed

    @property
    def answered(self) -> int:
        """How many of the items that are asked have an answer."""
        return len(self.weighed.asked) - len(self.weighed.missing)


def examine(scale: Scale, draft: Draft, *, age_years: int) -> Exam:
    """What the draft means for a patient of that age."""
    return Exam(draft, weigh(scale, draft.answers, age_years=age_years))


def is_from_age(item: Item) -> bool:
    """Whether the birth date answers it, so that nobody is asked."""
    return bool(item.age_up_to)


def keys_of(item: Item) -> tuple[tuple[str, Option], ...]:
    """The key of each answer: its points where they count up one by one, 0 and 1 for no and yes, else its number.

    Points below zero that count down one by one have the key of their digit.
    """
    points = [option.points for option in item.options if option.points is not None]
    keys = [_key(option) for option in item.options]
    if sorted(points) == list(range(min(points), max(points) + 1)) and _are_plain(keys):
        return tuple(zip(keys, item.options, strict=True))
    first = 0 if len(item.options) == 2 and item.options[0].points == 0 else 1
    return tuple((str(number), option) for number, option in enumerate(item.options, first))


def _key(option: Option) -> str:
    if option.points is None:
        return option.code.casefold()
    return TEN if option.points == 10 else str(abs(option.points))


def _are_plain(keys: list[str]) -> bool:
    return len(set(keys)) == len(keys) and all(len(key) == 1 for key in keys)


def next_open(weighed: Weighed, after: str | None) -> str | None:
    """The next item without an answer, from the one after `after` on and round; None when all have one."""
    names = [item.code for item in weighed.asked]
    start = names.index(after) + 1 if after in names else 0
    return next((name for name in names[start:] + names[:start] if name in weighed.missing), None)
