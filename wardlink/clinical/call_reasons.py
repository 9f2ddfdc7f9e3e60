"""Why a patient calls and how urgent that is: one table for the bed, the cart, the server and the board.

The bedside offers the reasons, the cart and the board name them, the server classes a call by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, Literal, cast

from wardlink.clinical.tables import load
from wardlink.i18n import gettext

CallClass = Literal["P1", "P2", "P3", "P4"]

UNKNOWN_CLASS: CallClass = "P2"
"""What a call counts as whose reason nobody has said, or that no table knows (ward domain sheet 10.1)."""


@dataclass(frozen=True)
class CallReason:
    """One reason, with the class it gives a call and how soon somebody should take the call and be there."""

    code: str
    cls: CallClass
    label: str
    text: str
    acknowledge_within: timedelta
    arrive_within: timedelta

    def label_text(self) -> str:
        """The reason as a nurse reads it."""
        return gettext(self.label)

    def patient_text(self) -> str:
        """The reason as a patient says it."""
        return gettext(self.text)


@dataclass(frozen=True)
class ClassRule:
    """What holds for every call of a class.

    `cancel_within`: how long after the call the patient may take it back; zero for never.
    `escalate_after`: how long it may stay unanswered before it goes to the next person.
    """

    cls: CallClass
    acknowledge_within: timedelta
    escalate_after: timedelta
    cancel_within: timedelta


@cache
def call_reasons() -> Mapping[str, CallReason]:
    """The reasons by their code, the most urgent first."""
    return {code: _reason(code, row) for code, row in load("call_reasons")["reasons"].items()}


@cache
def class_rules() -> Mapping[CallClass, ClassRule]:
    """The rules of each class, the most urgent first."""
    return {cast(CallClass, cls): _rule(cls, row) for cls, row in load("call_reasons")["classes"].items()}


def class_of(reason: str | None) -> CallClass:
    """How urgent a call with this reason is."""
    found = None if reason is None else call_reasons().get(reason)
    return UNKNOWN_CLASS if found is None else found.cls


def higher(one: CallClass, other: CallClass) -> CallClass:
    """The more urgent of two classes: of calls that merge, the highest wins."""
    return min(one, other)


def refined_class(cls: CallClass, reason: str, *, former: str | None, count: int = 1) -> CallClass:
    """The class of a call of class `cls` once its reason is said; `former` is the reason it had until now.

    The guess that stands for a call without a reason gives way to what the patient says, up or down. A class that
    a reason has given, or that several calls were merged into, is never lowered.
    """
    return class_of(reason) if former is None and count == 1 else higher(cls, class_of(reason))


def refined_reason(cls: CallClass, reason: str, *, former: str | None) -> str:
    """The reason that stands once `reason` is said of a call that has the class `cls` now.

    Of reasons that are as urgent as the call the one said last; a small wish does not hide a grave reason.
    """
    return reason if former is None or class_of(reason) == cls else former


def may_cancel(cls: CallClass, age: timedelta) -> bool:
    """Whether a patient may still take back a call of this class that is so old."""
    within = class_rules()[cls].cancel_within
    return bool(within) and age <= within


def _reason(code: str, row: Mapping[str, Any]) -> CallReason:
    return CallReason(
        code=code,
        cls=row["class"],
        label=row["label"],
        text=row["text"],
        acknowledge_within=timedelta(seconds=row["acknowledge_within_s"]),
        arrive_within=timedelta(seconds=row["arrive_within_s"]),
    )


def _rule(cls: str, row: Mapping[str, Any]) -> ClassRule:
    return ClassRule(
        cls=cast(CallClass, cls),
        acknowledge_within=timedelta(seconds=row["acknowledge_within_s"]),
        escalate_after=timedelta(seconds=row["escalate_after_s"]),
        cancel_within=timedelta(seconds=row["cancel_within_s"]),
    )
