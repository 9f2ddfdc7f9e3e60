"""Family at the bed: who they are to the patient, what a consent can open, who may give one, and what a PIN is.

One table for the bed, which asks, and the server, which decides. Source: ward domain sheet 10.8.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Literal, get_args

from wardlink.clinical.names import age_years
from wardlink.clinical.tables import load
from wardlink.i18n import gettext

Relation = Literal["daughter", "son", "spouse", "parent", "guardian", "other"]
Scope = Literal["daily", "money", "medical"]
Reach = Literal["anybody", "daily", "money", "medical", "patient"]
"""Whom a thing at the bed is for: anybody there, family with that scope, or the patient (a guardian) alone."""

RELATIONS: tuple[Relation, ...] = get_args(Relation)
BY_PATIENT: tuple[Relation, ...] = tuple(one for one in RELATIONS if one != "guardian")
"""Whom a patient can let in. A guardian decides for who cannot, so no patient makes one."""
SCOPES: tuple[Scope, ...] = get_args(Scope)
REACHES: tuple[Reach, ...] = get_args(Reach)


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


@dataclass(frozen=True)
class SigningIn:
    """How family sign in: a code of so many digits that lives so long, then a PIN; and when their screen locks.

    `most_open`: so many consents of a stay stand at a time.
    """

    code_digits: int
    code_lasts_min: int
    pin_digits: int
    idle_s: int
    most_open: int


@cache
def signing_in() -> SigningIn:
    """By the table."""
    row = load("family")["signing_in"]
    return SigningIn(**{name: row[name] for name in SigningIn.__dataclass_fields__})


def is_weak_pin(pin: str) -> bool:
    """Whether it is one of those that are tried first: one or two digits only, a row of digits, one half twice."""
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    half = len(pin) // 2
    return len(set(pin)) <= 2 or (len(steps) == 1) or pin[:half] == pin[half:]


@cache
def commands() -> dict[str, Reach]:
    """Whom each command of the bed is for."""
    table = load("family")["reach"]
    return {command: reach for reach in REACHES for command in table[reach]["commands"]}


def may_reach(reach: Reach, relation: Relation, opened: Iterable[Scope]) -> bool:
    """Whether family may have a thing: a guardian stands in the patient's place, others need its scope."""
    return reach == "anybody" or relation == "guardian" or reach in set(opened)


def needs_own_consent(chosen: Iterable[Scope]) -> bool:
    """Whether something of it must be asked in a question of its own. Source: PIPL, art. 29."""
    wanted = set(chosen)
    return any(row.apart and row.code in wanted for row in scopes())


def may_consent(birth_on: date, on: date) -> bool:
    """Whether the patient is old enough to consent alone; for who is younger a guardian does. Source: PIPL, art. 31."""
    return age_years(birth_on, on) >= int(load("family")["consent"]["own_from_age"])


def who_text(name: str, relation: Relation, number: int = 1) -> str:
    """The name with the relation behind it; the relation alone where no name was said."""
    said = relation_text(relation, number)
    return gettext("{name} ({relation})").format(name=name, relation=said) if name.strip() else said


def family_text(name: str, relation: Relation, number: int = 1) -> str:
    """The same, where staff read who has asked for something."""
    return gettext("family: {who}").format(who=who_text(name, relation, number))


def relation_text(relation: Relation, number: int = 1) -> str:
    """Who it is to the patient, with the number where it is not the first."""
    label: str = load("family")["relations"][relation]["label"]
    said = gettext(label)
    return said if number == 1 else f"{said} {number}"
