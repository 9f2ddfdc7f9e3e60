"""The package's own data files, read once each when first asked for.

Every row carries `source` (where the numbers come from), `as_of` (the date of that source as used here) and
`trust`: V confirmed against a primary text, V2 against a secondary one, K knowledge that the hospital must
confirm, D a default of this product that may be changed freely.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

TRUST_TAGS = ("V", "V2", "K", "D")
TABLES = (
    "compound_surnames",
    "cross_field",
    "freshness",
    "measurement_timetable",
    "news2_response",
    "nursing_levels",
    "reference_values",
    "vital_items",
)
TEXT_KEYS = frozenset({"label", "text", "monitoring"})
"""Keys whose values are message ids of the catalogue `wardlink`."""


@cache
def load(name: str) -> Mapping[str, Any]:
    """The table `data/{name}.toml`. Shared by all callers: read it, never change it."""
    return tomllib.loads(files(__package__).joinpath("data", f"{name}.toml").read_text(encoding="utf-8"))


def texts() -> Iterator[tuple[str, str]]:
    """Every (table, message id) that the tables put before a person: what a catalogue must hold."""
    for name in TABLES:
        for text in _texts_in(load(name)):
            yield name, text


def _texts_in(node: object) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key in TEXT_KEYS and isinstance(value, str):
                yield value
            else:
                yield from _texts_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts_in(value)
