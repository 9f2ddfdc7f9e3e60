"""Family at the bed: who they are to the patient, what a consent can open, and who may give one.

One table for the bed, which asks, and the server, which decides. Source: ward domain sheet 10.8.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal, get_args

from wardlink.clinical.names import age_years
from wardlink.clinical.tables import load
from wardlink.i18n import gettext

Relation = Literal["daughter", "son", "spouse", "parent", "guardian", "other"]
Scope = Literal["daily", "money", "medical"]

RELATIONS: tuple[Relation, ...] = get_args(Relation)
SCOPES: tuple[Scope, ...] = get_args(Scope)


@dataclass(frozen=True)
class ScopeRow:
    """What a patient may open to family. `by_default`: chosen to begin with; `apart`: needs a consent of its own."""

    code: Scope
    label: str
    text: str
    by_default: bool
    apart: bool

    def label_text(self) -> str:
        """What it is called."""
        return gettext(self.label)

    def open_text(self) -> str:
        """What it opens, in a plain sentence."""
        return gettext(self.text)


@cache
def scopes() -> tuple[ScopeRow, ...]:
    """All of them, in the order in which they are shown."""
    table = load("family")["scopes"]
    return tuple(
        ScopeRow(code, row["label"], row["text"], row["by_default"], row["apart"])
        for code, row in ((code, table[code]) for code in SCOPES)
    )


def needs_own_consent(chosen: Iterable[Scope]) -> bool:
    """Whether something of it must be asked in a question of its own. Source: PIPL, art. 29."""
    wanted = set(chosen)
    return any(row.apart and row.code in wanted for row in scopes())


def may_consent(birth_on: date, on: date) -> bool:
    """Whether the patient is old enough to consent alone; for who is younger a guardian does. Source: PIPL, art. 31."""
    return age_years(birth_on, on) >= int(load("family")["consent"]["own_from_age"])


def relation_text(relation: Relation, number: int = 1) -> str:
    """Who it is to the patient, with the number where it is not the first."""
    label: str = load("family")["relations"][relation]["label"]
    said = gettext(label)
    return said if number == 1 else f"{said} {number}"
