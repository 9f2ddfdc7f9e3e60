"""Groups, weights and rates by the day they hold on: `drg.toml`. Pure.

Source: ward domain sheet 8.6. Money is whole fen, rounded once and half up.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeVar

_E4 = _BP = 10_000

_Row = TypeVar("_Row", "Group", "Rate")
Outlier = Literal["low", "high", ""]


@dataclass(frozen=True)
class Group:
    """A group as it holds from a day on. `weight_e4`: in ten-thousandths; `days`: the standard length of stay."""

    code: str
    since: date
    name_zh: str
    name_en: str
    weight_e4: int
    days: int


@dataclass(frozen=True)
class Rate:
    """What one point of weight pays from a day on, and the hospital's own coefficient."""

    since: date
    rate_fen: int
    coefficient_bp: int


@dataclass(frozen=True)
class Tables:
    """Everything that the file says. Rows of one name never begin on the same day."""

    groups: Mapping[str, tuple[Group, ...]]
    rates: tuple[Rate, ...]
    low_bp: int
    high_bp: int
    trust: str

    def group(self, code: str, on: date) -> Group | None:
        """The group of this code on that day."""
        return _last(self.groups.get(code, ()), on)

    def rate(self, on: date) -> Rate | None:
        """What a point of weight pays on that day; None: nothing was published for it."""
        return _last(self.rates, on)

    def expected_fen(self, weight_e4: int, on: date) -> int | None:
        """What is paid for a case of this weight: weight, rate and coefficient, rounded once, half up."""
        rate = self.rate(on)
        if rate is None:
            return None
        product = weight_e4 * rate.rate_fen * rate.coefficient_bp
        return (product + _E4 * _BP // 2) // (_E4 * _BP)

    def outlier(self, cost_fen: int, expected_fen: int) -> Outlier:
        """Whether a case costs far less, or far more, than is paid for it."""
        if cost_fen * _BP < expected_fen * self.low_bp:
            return "low"
        return "high" if cost_fen * _BP > expected_fen * self.high_bp else ""


def read(table: Mapping[str, Any]) -> Tables:
    """The tables of a file.

    Raises:
        ValueError: two rows of one name begin on the same day, or a figure is not above nothing; it names the row.
    """
    groups: dict[str, list[Group]] = {}
    for row in table["groups"]:
        group = Group(row["code"], row["from"], row["name_zh"], row["name_en"], row["weight_e4"], row["days"])
        _check(f"group {group.code}", group.since, (group.weight_e4, group.days), groups.get(group.code, ()))
        groups.setdefault(group.code, []).append(group)
    rates: list[Rate] = []
    for row in table["rates"]:
        rate = Rate(row["from"], row["rate_fen"], row["coefficient_bp"])
        _check("rate", rate.since, (rate.rate_fen, rate.coefficient_bp), rates)
        rates.append(rate)
    limits = table["outliers"]
    ordered = {code: tuple(sorted(rows, key=lambda row: row.since)) for code, rows in groups.items()}
    return Tables(
        ordered, tuple(sorted(rates, key=lambda row: row.since)), limits["low_bp"], limits["high_bp"], table["trust"]
    )


@cache
def tables() -> Tables:
    """The tables of this installation."""
    return read(tomllib.loads(files(__package__).joinpath("drg.toml").read_text("utf-8")))


def _check(name: str, since: date, figures: Iterable[int], before: Iterable[Group | Rate]) -> None:
    if any(type(figure) is not int or figure <= 0 for figure in figures):
        raise ValueError(f"{name} from {since}: a figure is not above nothing")
    if any(row.since == since for row in before):
        raise ValueError(f"{name} begins twice on {since}")


def _last(rows: Iterable[_Row], on: date) -> _Row | None:
    return max((row for row in rows if row.since <= on), key=lambda row: row.since, default=None)
