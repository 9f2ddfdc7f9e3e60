"""The scales: what is asked, what each answer counts, and what a total means. Read from the tables once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, Literal, cast

from wardlink.clinical.alert_rules import AlertCode
from wardlink.clinical.tables import load
from wardlink.i18n import gettext

Tone = Literal["calm", "warn", "alarm"]
TOTAL = "total"
"""The part that items belong to which name none."""

SCALE_CODES = (
    "morse", "braden", "barthel", "caprini", "padua", "nrs2002", "psych", "tubes", "swallow", "frail", "flacc", "gcs",
    "rass", "camicu",
)  # fmt: skip
"""Every scale, in the order of the list that a nurse works through."""


@dataclass(frozen=True)
class Option:
    """One answer. Its `points` are None where it cannot be counted, and then its part has no total."""

    code: str
    label: str
    points: int | None

    def label_text(self) -> str:
        """The answer in words; a bare number stands for itself."""
        return gettext(self.label) if self.label else self.code


@dataclass(frozen=True)
class Item:
    """One question.

    `ticked`: it lists something that may apply; left alone, it does not. `age_up_to`: the greatest age in years of
    each option, where the age answers it. `opened_by`: the answers of which any one lets it be asked, as
    (item, option) of items before it; empty where it is always asked. `sets`: the level that any but the first option
    means at once.
    """

    code: str
    label: str
    part: str
    options: tuple[Option, ...]
    ticked: bool = False
    age_up_to: tuple[int, ...] = ()
    opened_by: frozenset[tuple[str, str]] = frozenset()
    sets: str | None = None

    def label_text(self) -> str:
        """The question, in words."""
        return gettext(self.label)

    def option(self, code: str) -> Option | None:
        """The answer with that code; None if it is none of them."""
        return next((option for option in self.options if option.code == code), None)

    def at_age(self, years: int) -> Option:
        """The answer that an age gives; only where `age_up_to` is set."""
        index = next(n for n, most in enumerate(self.age_up_to) if years <= most or n == len(self.age_up_to) - 1)
        return self.options[index]


@dataclass(frozen=True)
class Band:
    """What a total means.

    `ranges`: least and most points of each part that mean it. `rank` grows with the need for help, from 0 on.
    `reassess`: how long it holds; None where no interval is set. `marked`: the patient's row carries its mark.
    `alert`: what it raises at once. `sign` and `mark`: where they are others than those of its scale.
    """

    code: str
    label: str
    rank: int
    ranges: Mapping[str, tuple[int, int]]
    tone: Tone
    marked: bool
    actions: tuple[str, ...]
    reassess: timedelta | None
    alert: AlertCode | None = None
    sign: str | None = None
    mark: str | None = None

    def label_text(self) -> str:
        """The level, in words."""
        return gettext(self.label)

    def action_texts(self) -> tuple[str, ...]:
        """What is to be done, in words, the most urgent first."""
        return tuple(gettext(action) for action in self.actions)


@dataclass(frozen=True)
class Scale:
    """One scale with the levels that this hospital uses.

    `mark` says in a word what it watches, `sign` in two letters. `version` names its items, `cut` its table of levels;
    both are kept with each assessment. `parts` are summed apart. `untotalled`: the level where nothing was to be
    summed. `first_due`: how soon after admission it is made, `urgent_first_due` after an emergency; None where it is
    made when needed. `instead_of`: the scale that serves as well. `private`: its answers are not for everybody who may
    see its level.
    """

    code: str
    label: str
    mark: str
    sign: str
    version: str
    cut: str
    items: tuple[Item, ...]
    parts: Mapping[str, str]
    bands: tuple[Band, ...]
    untotalled: str | None
    first_due: timedelta | None
    urgent_first_due: timedelta | None
    instead_of: str | None
    private: bool
    age_years: tuple[int, int] | None

    def label_text(self) -> str:
        """Its name, in words."""
        return gettext(self.label)

    @property
    def summed(self) -> tuple[str, ...]:
        """The parts that have a total. What an item of no such part says opens other items or sets a level."""
        return tuple(self.parts) or (TOTAL,)

    def item(self, code: str) -> Item | None:
        """The question with that code."""
        return next((item for item in self.items if item.code == code), None)

    def band(self, code: str | None) -> Band | None:
        """The level with that code; None where this table of levels has none such."""
        return next((band for band in self.bands if band.code == code), None)

    def band_of(self, part: str, points: int) -> Band | None:
        """The level that the points of one part mean; None outside the scale, or where no level is defined."""
        return next((band for band in self.bands if _holds(band.ranges.get(part), points)), None)


def _holds(bounds: tuple[int, int] | None, points: int) -> bool:
    return bounds is not None and bounds[0] <= points <= bounds[1]


@cache
def scales() -> Mapping[str, Scale]:
    """Every scale by its code, with the table of levels that its data file chooses."""
    return {code: read_scale(code) for code in SCALE_CODES}


def scale_called(code: str) -> Scale | None:
    """The scale with that code; None where this software does not know it."""
    return scales().get(code)


@cache
def read_scale(code: str, cut: str | None = None) -> Scale:
    """A scale of the tables, with the levels of another table than the chosen one if `cut` names it.

    Raises:
        KeyError: there is no such table of levels.
    """
    table = load(f"assessment_{code}")
    head = table["scale"]
    used = head["cut"] if cut is None else cut
    ages = (head["age_from_years"], head["age_to_years"]) if "age_to_years" in head else None
    return Scale(
        code=code,
        label=head["label"],
        mark=head["mark"],
        sign=head["sign"],
        version=head["version"],
        cut=used,
        items=tuple(_item(name, row, table) for name, row in _rows(table["items"])),
        parts={name: row["label"] for name, row in _rows(table.get("parts", {}))},
        bands=tuple(_band(rank, name, row) for rank, (name, row) in enumerate(_rows(table["cuts"][used]))),
        untotalled=head.get("untotalled"),
        first_due=_hours(head.get("first_due_h")),
        urgent_first_due=_hours(head.get("urgent_first_due_h")),
        instead_of=head.get("instead_of"),
        private=head.get("private", False),
        age_years=ages,
    )


def _rows(table: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    return ((name, row) for name, row in table.items() if isinstance(row, Mapping))


def _hours(hours: int | None) -> timedelta | None:
    return None if hours is None else timedelta(hours=hours)


def _item(code: str, row: Mapping[str, Any], table: Mapping[str, Any]) -> Item:
    opened = frozenset(cast(tuple[str, str], tuple(answer.split(":"))) for answer in row.get("opened_by", ()))
    return Item(
        code=code,
        label=row["label"],
        part=row.get("part", TOTAL),
        options=_options(row, table),
        ticked="tick" in row,
        age_up_to=tuple(row.get("age_up_to", ())),
        opened_by=opened,
        sets=row.get("sets"),
    )


def _options(row: Mapping[str, Any], table: Mapping[str, Any]) -> tuple[Option, ...]:
    if "tick" in row:
        return (Option("no", "", 0), Option("yes", "", row["tick"]))
    said = table["answers"][row["answers"]] if "answers" in row else row
    points = said["points"]
    codes = said.get("codes", [str(value) for value in points])
    labels = said.get("choices", [""] * len(codes))
    counted = [*points, *[None] * (len(codes) - len(points))]
    return tuple(Option(*each) for each in zip(codes, labels, counted, strict=True))


def _band(rank: int, code: str, row: Mapping[str, Any]) -> Band:
    ranges = {
        name: (value[0], value[1]) for name, value in row.items() if isinstance(value, list) and name != "actions"
    }
    return Band(
        code=code,
        label=row["label"],
        rank=rank,
        ranges=ranges,
        tone=row.get("tone", "calm"),
        marked=row.get("marked", False),
        actions=tuple(row.get("actions", ())),
        reassess=_hours(row.get("reassess_h")),
        alert=row.get("alert"),
        sign=row.get("sign"),
        mark=row.get("mark"),
    )
