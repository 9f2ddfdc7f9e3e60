"""The dictionary of readings: what each is called, its unit, codes, precision and limits.

The keys are the names that travel on the wire, stand in `VitalSet` and name the columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from wardlink.clinical.codes import CODES_OF, Coded
from wardlink.clinical.tables import load
from wardlink.i18n import gettext

Kind = Literal["number", "integer", "code", "flag", "text"]


@dataclass(frozen=True)
class Range:
    """Both bounds belong to the range."""

    low: float
    high: float
    trust: str

    def holds(self, value: float) -> bool:
        """Whether `value` lies inside, bounds included."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Loinc:
    """One LOINC code and what exactly it stands for."""

    code: str
    of: str
    trust: str


@dataclass(frozen=True)
class Item:
    """One reading. `soft` asks for a confirmation, `hard` refuses the entry; both are for adults."""

    key: str
    label: str
    kind: Kind
    unit: str
    ucum: str | None
    decimals: int
    decimals_under_1y: int
    step: Decimal | None
    soft: Range | None
    hard: Range | None
    codes: type[Coded] | None
    pattern: str | None
    loinc: tuple[Loinc, ...]
    zero_is_lead_off: bool
    source: str
    as_of: date
    trust: str

    def text(self) -> str:
        """The name of the reading, in the language of this context."""
        return gettext(self.label)

    def quantity(self, value: float) -> str:
        """`value` as `show` writes it, with its unit."""
        return f"{self.show(value)} {self.unit}".rstrip()

    def show(self, value: float) -> str:
        """`value` with at least the digits of its precision, and never fewer than were measured."""
        plain = f"{value:.6f}".rstrip("0")
        return f"{value:.{max(self.decimals, len(plain.partition('.')[2]))}f}"


def _range(row: Mapping[str, Any] | None) -> Range | None:
    return None if row is None else Range(float(row["low"]), float(row["high"]), row["trust"])


def _item(key: str, row: Mapping[str, Any]) -> Item:
    return Item(
        key=key,
        label=row["label"],
        kind=row["kind"],
        unit=row.get("unit", ""),
        ucum=row.get("ucum"),
        decimals=row.get("decimals", 0),
        decimals_under_1y=row.get("decimals_under_1y", row.get("decimals", 0)),
        step=Decimal(str(row["step"])) if "step" in row else None,
        soft=_range(row.get("soft")),
        hard=_range(row.get("hard")),
        codes=CODES_OF.get(key),
        pattern=row.get("pattern"),
        loinc=tuple(Loinc(**code) for code in row.get("loinc", ())),
        zero_is_lead_off=row.get("zero_is_lead_off", False),
        source=row["source"],
        as_of=row["as_of"],
        trust=row["trust"],
    )


@cache
def _items() -> dict[str, Item]:
    return {key: _item(key, row) for key, row in load("vital_items").items()}


class _Items(Mapping[str, Item]):
    """Reads the table when first asked, so that importing this module touches no disk."""

    def __getitem__(self, key: str) -> Item:
        return _items()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(_items())

    def __len__(self) -> int:
        return len(_items())


ITEMS: Mapping[str, Item] = _Items()
"""Every reading by its key, in the order of the form."""


class Labels(tuple[str, ...]):
    """Names of readings that become words only when they are shown, in the reader's language."""

    __slots__ = ()

    def __str__(self) -> str:
        return gettext(", ").join(ITEMS[key].text() for key in self)
