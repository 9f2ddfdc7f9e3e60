"""What raises an alert, how urgent it is and who is asked in which order: one table for server, carts and pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from functools import cache
from typing import Any, Literal, cast, get_args

from wardlink.clinical.news2 import Band
from wardlink.clinical.tables import load
from wardlink.i18n import gettext

Priority = Literal["high", "medium", "low"]
"""IEC 60601-1-8, the most urgent first."""

AlertCode = Literal[
    "news2-high",
    "value-critical",
    "news2-medium",
    "value-severe",
    "news2-red",
    "self-harm",
    "critical-result",
    "infusion-ending",
    "vitals-overdue",
    "dose-overdue",
    "exception-open",
    "device-silent",
    "call-P1",
    "call-P2",
    "call-P3",
    "call-P4",
]
"""What has happened; of two about one patient's vital signs the one named first here stands."""

CODES: tuple[AlertCode, ...] = get_args(AlertCode)
BY_BAND: Mapping[Band, AlertCode] = {
    Band.HIGH: "news2-high",
    Band.MEDIUM: "news2-medium",
    Band.LOW_MEDIUM: "news2-red",
}

PRIORITIES: tuple[Priority, ...] = get_args(Priority)
MARKS: Mapping[Priority, str] = {"high": "***", "medium": "**", "low": "*"}
"""How a text marks a priority, so that colour is not the only sign."""


@dataclass(frozen=True)
class AlertRule:
    """What holds for every alert of one code. `gathers`: many at once become one. `after`: it must last so long."""

    code: AlertCode
    label: str
    priority: Priority
    chain: str
    answer_within: timedelta
    arrive_within: timedelta
    again_after: timedelta
    holds: timedelta
    gathers: bool
    after: timedelta

    def text(self) -> str:
        """What has happened, in a few words."""
        return gettext(self.label)


@dataclass(frozen=True)
class Step:
    """One step of a chain: a role, and between which hours of the ward's day it is there; None for always."""

    role: str
    hours: tuple[time, time] | None

    def is_there(self, at: time) -> bool:
        """Whether this step counts at that time of the ward's day."""
        return self.hours is None or self.hours[0] <= at < self.hours[1]


@cache
def alert_rule(code: AlertCode) -> AlertRule:
    """The rule of a code."""
    row: Mapping[str, Any] = load("alert_rules")["codes"][code]
    return AlertRule(
        code=code,
        label=row["label"],
        priority=cast(Priority, row["priority"]),
        chain=row["chain"],
        answer_within=timedelta(seconds=row["answer_within_s"]),
        arrive_within=timedelta(seconds=row["arrive_within_s"]),
        again_after=timedelta(minutes=row["again_after_min"]),
        holds=timedelta(seconds=row.get("holds_s", 0)),
        gathers=row.get("gathers", False),
        after=timedelta(minutes=row.get("after_min", 0)),
    )


@cache
def chain(name: str) -> Sequence[Step]:
    """Who is asked, in order."""
    return tuple(_step(role, row) for role, row in load("alert_rules")["chains"][name].items())


@cache
def gathers_from() -> int:
    """How many open alerts of one kind in a ward are shown as one."""
    return int(load("alert_rules")["gathering"]["any"]["from_count"])


def is_call(code: AlertCode) -> bool:
    """Whether it is the alert of a patient's call."""
    return code.startswith("call-")


def code_of_value(reading: str, value: float) -> AlertCode | None:
    """What a single reading raises, whatever the score says; None for nothing."""
    for row in load("alert_rules")["values"].values():
        if row["reading"] == reading and (value < row.get("below", value) or value > row.get("above", value)):
            return cast(AlertCode, row["code"])
    return None


def worst(codes: Sequence[AlertCode]) -> AlertCode:
    """Which of several stands for all. Needs at least one."""
    return min(codes, key=CODES.index)


def is_higher(one: Priority, other: Priority) -> bool:
    """Whether the first priority is the more urgent."""
    return PRIORITIES.index(one) < PRIORITIES.index(other)


def _step(role: str, row: Mapping[str, Any]) -> Step:
    hours = row.get("hours")
    return Step(role, None if hours is None else (time.fromisoformat(hours[0]), time.fromisoformat(hours[1])))
