"""When a stay is in arrears and what may then be refused: `policy.toml`. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, get_args

from server.money.tables import load
from wardlink.money import share

ArrearsLevel = Literal["none", "notice", "warning"]
Purpose = Literal["emergency", "treatment", "therapeutic-meal", "discharge-drug", "self-chosen"]
AgreementKind = Literal["treat-first", "release"]
Ground = Literal["rescue", "assistance", "credit", "doctor", "head-nurse"]

LEVELS: tuple[ArrearsLevel, ...] = get_args(ArrearsLevel)
"""From none to the gravest."""


def level_of(
    available_fen: int, deposit_fen: int, *, credit_fen: int = 0, agreed: Collection[str] = ()
) -> ArrearsLevel:
    """How grave the arrears of a stay are.

    `credit_fen`: how much more than the deposit may be used. `agreed`: the kinds of agreements that hold; one without
    levels and without a credit takes every level away.
    """
    if credit_fen == 0 and any(load("policy")["agreements"][kind]["no_levels"] for kind in agreed):
        return "none"
    left = available_fen + credit_fen
    found: ArrearsLevel = "none"
    for level in LEVELS[1:]:
        rule = load("policy")["levels"][level]
        if left < rule["below_fen"] or left < share(deposit_fen, rule.get("below_deposit_bp", 0)):
            found = level
    return found


def may_go_on(purpose: Purpose, level: ArrearsLevel, agreed: Collection[str] = ()) -> bool:
    """Whether something for this purpose goes on whatever is owed. Emergencies and treatment always do."""
    refused_from = load("policy")["purposes"][purpose].get("refused_from")
    if refused_from is None or any(load("policy")["agreements"][kind]["nothing_refused"] for kind in agreed):
        return True
    return LEVELS.index(level) < LEVELS.index(refused_from)


def estimate_counts() -> bool:
    """Whether what an insurance is expected to pay counts as not owed by the patient."""
    found: bool = load("policy")["insurance"]["estimate_counts"]
    return found


def grounds_of(kind: AgreementKind) -> tuple[str, ...]:
    """The grounds on which this may be agreed."""
    return tuple(load("policy")["agreements"][kind]["grounds"])


def runway_over_days() -> int:
    """How many days that are over say what a day costs."""
    found: int = load("policy")["runway"]["days"]
    return found
