"""MEWS, 0 to 14: an option beside NEWS2 for hospitals that are used to it. One function for the cart and the server.

Printed sheets that say "15" are wrong: temperature gives at most 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from wardlink.clinical.exact import half_up
from wardlink.clinical.items import Labels
from wardlink.clinical.news2_chart import ADULT_FROM_YEARS
from wardlink.clinical.tables import load
from wardlink.clinical.vitals import VitalSet
from wardlink.i18n import gettext

_SOURCES = {
    "hr_per_min": ("hr_per_min", "pulse_per_min"),
    "sbp_mmhg": ("sbp_mmhg", "abp_sbp_mmhg"),
    "rr_per_min": ("rr_per_min",),
    "temp_c": ("temp_c",),
    "acvpu": ("acvpu",),
}
"""What is scored, and what stands in where it was not measured."""


@dataclass(frozen=True)
class Step:
    """What a total asks for."""

    code: str
    label: str
    advice: str

    def text(self) -> str:
        """The range of the total, in words."""
        return gettext(self.label)

    def advice_text(self) -> str:
        """What is to be done, in words."""
        return gettext(self.advice)


@dataclass(frozen=True)
class Mews:
    """A score. `missing`: readings that were not measured; then `total` is the least that it can be."""

    points: Mapping[str, int]
    missing: tuple[str, ...]

    @property
    def total(self) -> int:
        """The sum of the known parts."""
        return sum(self.points.values())

    @property
    def is_whole(self) -> bool:
        """Whether all five were measured."""
        return not self.missing

    @property
    def step(self) -> Step | None:
        """What the total asks for; of a part only what is certain already, and None while that is nothing."""
        found = _step(self.total)
        return None if self.missing and found.code == "routine" else found

    def missing_text(self) -> str:
        """The missing readings, in words."""
        return str(Labels(self.missing))


def is_shown() -> bool:
    """Whether this hospital wants to see MEWS beside NEWS2."""
    return bool(load("mews")["shown"]["value"])


def mews(v: VitalSet | Mapping[str, Any], *, age_years: int, pregnant: bool) -> Mews | None:
    """What MEWS says about an adult's set; None where it must not be used: under 16, and in pregnancy.

    A missing reading is never taken for a normal one. Without a heart rate the pulse is scored, and without a cuff
    pressure the arterial one.

    Source: ward domain sheet 2.6 and 2.7.
    """
    if age_years < ADULT_FROM_YEARS or pregnant:
        return None
    values: Mapping[str, Any] = v.readings() if isinstance(v, VitalSet) else v
    points: dict[str, int] = {}
    for part, names in _SOURCES.items():
        value = next((values[name] for name in names if values.get(name) is not None), None)
        found = None if value is None else _points(part, value)
        if found is not None:
            points[part] = found
    return Mews(points, tuple(part for part in _SOURCES if part not in points))


def _points(part: str, value: float | str) -> int | None:
    row = load("mews")["parts"][part]
    if "answers" in row:
        answers: list[tuple[str, int]] = row["answers"]
        return dict(answers).get(str(value))
    rounded = half_up(float(value), row.get("decimals", 0))
    bounds: list[tuple[float, int]] = row["bounds"]
    return next((points for bound, points in bounds if rounded <= half_up(bound, 1)), bounds[-1][1])


@cache
def _steps() -> tuple[tuple[int, Step], ...]:
    rows = load("mews")["steps"].items()
    return tuple((row["from"], Step(code, row["label"], row["text"])) for code, row in rows)


def _step(total: int) -> Step:
    return next(step for least, step in reversed(_steps()) if total >= least)
