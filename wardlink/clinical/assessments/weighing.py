"""Answers of one assessment, weighed: what is counted, what it means, and what is still wrong or missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from wardlink.clinical.assessments.scales import TOTAL, Band, Item, Option, Scale
from wardlink.clinical.findings import Finding, Severity, hard, soft
from wardlink.i18n import N_, gettext


@dataclass(frozen=True)
class Worded:
    """A message id that is put into words when a finding that names it is."""

    message: str

    def __str__(self) -> str:
        return gettext(self.message)


@dataclass(frozen=True)
class Weighed:
    """What answers make of a scale.

    `answers`: those that count, by item; of what is not asked none does. `totals`: points by part, only of parts
    that are whole. `so_far`: the points of all answers given. `band` is None while nothing can be said.
    """

    scale: Scale
    answers: Mapping[str, str]
    asked: tuple[Item, ...]
    missing: tuple[str, ...]
    totals: Mapping[str, int]
    so_far: int
    band: Band | None
    findings: tuple[Finding, ...]

    @property
    def total(self) -> int | None:
        """The one total of a scale that is summed whole; None while it is incomplete, or where it has none."""
        return self.totals.get(TOTAL)

    @property
    def may_be_saved(self) -> bool:
        """Whether nothing hard is wrong with it."""
        return all(finding.severity is not Severity.HARD for finding in self.findings)

    def next_at(self, assessed_at: datetime) -> datetime | None:
        """When it is made again; None where no interval is set for its level."""
        reassess = None if self.band is None else self.band.reassess
        return None if reassess is None else assessed_at + reassess


def weigh(scale: Scale, answers: Mapping[str, str], *, age_years: int | None = None) -> Weighed:
    """Weigh the `answers`, codes of options by codes of items.

    An answer that is missing is never taken for one; only what is `ticked` does not apply until it is. What the age
    says is answered by `age_years` where that is known. An item that says an emergency sets its level at once, also
    while other answers are missing: then they may stay out, after a confirmation.

    Source: ward domain sheet 5; each scale's own source stands in its table.
    """
    asked = _asked(scale, answers)
    given = {item.code: _chosen(item, answers, age_years) for item in asked}
    known = {code: option for code, option in given.items() if option is not None}
    missing = tuple(code for code, option in given.items() if option is None)
    totals = _totals(scale, asked, given)
    at_once = [item.sets for item in asked if item.sets and known.get(item.code, item.options[0]) != item.options[0]]
    band = _band(scale, totals, at_once, whole=not missing)
    return Weighed(
        scale=scale,
        answers={code: option.code for code, option in known.items() if _is_said(scale, code, option)},
        asked=asked,
        missing=missing,
        totals=totals,
        so_far=sum(option.points or 0 for option in known.values()),
        band=band,
        findings=(*_wrong(scale, answers, age_years), *_unfinished(scale, missing, urgent=bool(at_once))),
    )


def _asked(scale: Scale, answers: Mapping[str, str]) -> tuple[Item, ...]:
    """An answer to what is not asked any more opens nothing: of a chain of questions the rest closes with its first."""
    asked: dict[str, Item] = {}
    for item in scale.items:
        if not item.opened_by or any(code in asked and answers.get(code) == said for code, said in item.opened_by):
            asked[item.code] = item
    return tuple(asked.values())


def _chosen(item: Item, answers: Mapping[str, str], age_years: int | None) -> Option | None:
    if item.age_up_to and age_years is not None:
        return item.at_age(age_years)
    if item.code in answers:
        return item.option(answers[item.code])
    return item.options[0] if item.ticked else None


def _is_said(scale: Scale, code: str, option: Option) -> bool:
    item = scale.item(code)
    return item is None or not item.ticked or option != item.options[0]


def _totals(scale: Scale, asked: tuple[Item, ...], given: Mapping[str, Option | None]) -> dict[str, int]:
    points: dict[str, list[int | None]] = {}
    for item in asked:
        option = given[item.code]
        if item.part in scale.summed:
            points.setdefault(item.part, []).append(None if option is None else option.points)
    return {part: sum(each) for part, values in points.items() if (each := _counted(values)) is not None}


def _counted(values: list[int | None]) -> list[int] | None:
    known = [value for value in values if value is not None]
    return known if len(known) == len(values) else None


def _band(scale: Scale, totals: Mapping[str, int], at_once: list[str], *, whole: bool) -> Band | None:
    found = [scale.band_of(part, points) for part, points in totals.items()]
    found += [scale.band(code) for code in at_once]
    if whole and not any(found):
        found.append(scale.band(scale.untotalled))
    return max((band for band in found if band is not None), key=lambda band: band.rank, default=None)


def _wrong(scale: Scale, answers: Mapping[str, str], age_years: int | None) -> list[Finding]:
    found = []
    for code, answer in answers.items():
        item = scale.item(code)
        if item is None:
            found.append(hard(f"unknown-item:{code}", (code,), N_("This scale asks nothing called {item}."), item=code))
            continue
        what = Worded(item.label)
        if item.option(answer) is None:
            text = N_("{item}: {answer} is none of the answers.")
            found.append(hard(f"wrong-answer:{code}", (code,), text, item=what, answer=answer))
        elif item.age_up_to and age_years is not None and item.at_age(age_years).code != answer:
            text = N_("{item}: at {years} years the answer is another one.")
            found.append(hard(f"wrong-age:{code}", (code,), text, item=what, years=age_years))
    if scale.age_years is not None and age_years is not None and not _within(scale.age_years, age_years):
        low, high = scale.age_years
        text = N_("This scale is made for {low} to {high} years; the patient is {years}.")
        found.append(soft("age-range", (), text, low=low, high=high, years=age_years))
    return found


def _within(bounds: tuple[int, int], years: int) -> bool:
    return bounds[0] <= years <= bounds[1]


def _unfinished(scale: Scale, missing: tuple[str, ...], *, urgent: bool) -> list[Finding]:
    if missing and urgent:
        return [soft("unfinished", missing, N_("{n} questions have no answer yet."), n=len(missing))]
    labels = {item.code: Worded(item.label) for item in scale.items}
    return [hard(f"missing:{code}", (code,), N_("{item}: no answer yet."), item=labels[code]) for code in missing]
