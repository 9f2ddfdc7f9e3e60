"""Complaints, suggestions and thanks: what can be said, how far one has come, and by when somebody owes an answer.

One table for the bed, which offers and shows them, and the server, which decides. Source: ward domain sheet 10.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Any, Literal, get_args

from wardlink.clinical.tables import load
from wardlink.clinical.working_days import end_of_working_day
from wardlink.clock import WARD_ZONE, ward_date
from wardlink.i18n import gettext

ComplaintKind = Literal["complaint", "suggestion", "praise"]
ComplaintState = Literal["submitted", "acknowledged", "assigned", "replied", "reopened", "closed"]
ComplaintAct = Literal["acknowledge", "assign", "reply", "reopen", "close"]
Level = Literal["head-nurse", "department", "office"]

KINDS: tuple[ComplaintKind, ...] = get_args(ComplaintKind)
STATES: tuple[ComplaintState, ...] = get_args(ComplaintState)
ACTS: tuple[ComplaintAct, ...] = get_args(ComplaintAct)

MOVES: dict[tuple[ComplaintState, ComplaintAct], ComplaintState] = {
    ("submitted", "acknowledge"): "acknowledged",
    ("submitted", "assign"): "assigned",
    ("submitted", "reply"): "replied",  # solved on the spot by whoever received it
    ("acknowledged", "assign"): "assigned",
    ("acknowledged", "reply"): "replied",
    ("assigned", "assign"): "assigned",  # handed on
    ("assigned", "reply"): "replied",
    ("replied", "reply"): "replied",  # something to add
    ("replied", "reopen"): "reopened",
    ("replied", "close"): "closed",
    ("reopened", "acknowledge"): "acknowledged",
    ("reopened", "assign"): "assigned",
    ("reopened", "reply"): "replied",
    ("closed", "reopen"): "reopened",  # the ward closed it, the patient is not satisfied
}
"""A move that is absent is refused."""

THANKED: dict[tuple[ComplaintState, ComplaintAct], ComplaintState] = {
    ("submitted", "acknowledge"): "acknowledged",
    ("submitted", "close"): "closed",
    ("acknowledged", "close"): "closed",
}
"""The moves of thanks: nobody owes an answer to them."""

AWAITS: frozenset[ComplaintState] = frozenset({"submitted", "acknowledged", "assigned", "reopened"})
"""States in which the patient waits for an answer."""


@dataclass(frozen=True)
class Deadlines:
    """By when, in UTC. `acknowledge_at` counts in day-time only, `reply_at` around the clock."""

    acknowledge_at: datetime
    reply_at: datetime
    close_at: datetime


@dataclass(frozen=True)
class Sentence:
    """A sentence that is ready to be ticked."""

    code: str
    text: str
    kinds: frozenset[str]
    topic: str | None

    def said(self) -> str:
        """In the language of now."""
        return gettext(self.text)


def after(kind: ComplaintKind, state: ComplaintState, act: ComplaintAct) -> ComplaintState | None:
    """The state that follows; None where this cannot be done."""
    return (MOVES if is_answered(kind) else THANKED).get((state, act))


def is_answered(kind: ComplaintKind) -> bool:
    """Whether somebody owes an answer."""
    answered: bool = load("complaints")["kinds"][kind]["answered"]
    return answered


def kind_text(kind: str) -> str:
    """What it is called."""
    return _label("kinds", kind)


@cache
def topics() -> tuple[str, ...]:
    """What it can be about."""
    return tuple(load("complaints")["topics"])


def topic_text(topic: str) -> str:
    """What it is about, in words."""
    return _label("topics", topic)


@cache
def sentences() -> dict[str, Sentence]:
    """Every sentence by its code."""
    rows = load("complaints")["sentences"].items()
    return {code: Sentence(code, row["text"], frozenset(row["kinds"]), row.get("topic")) for code, row in rows}


def offered(kind: ComplaintKind, topic: str) -> tuple[Sentence, ...]:
    """The sentences for this kind and topic."""
    return tuple(one for one in sentences().values() if kind in one.kinds and one.topic in (None, topic))


def reply_within() -> timedelta:
    """How long an answer may take, by night as by day."""
    return timedelta(hours=load("complaints")["clocks"]["reply"]["within_h"])


def deadlines(begun_at: datetime, *, submitted_at: datetime, several_departments: bool = False) -> Deadlines:
    """By when what.

    `begun_at`: when the patient last asked, which is `submitted_at` or the last "not satisfied". Closing counts
    from the first, since a second question does not give the hospital a second week.
    """
    row = load("complaints")["clocks"]["close"]
    days = row["several_departments_working_days" if several_departments else "working_days"]
    return Deadlines(
        acknowledge_at=_in_day_time(begun_at),
        reply_at=begun_at.astimezone(UTC) + reply_within(),
        close_at=end_of_working_day(submitted_at, days),
    )


def level_at(begun_at: datetime, now: datetime) -> Level | None:
    """Whose business a question without an answer has become; None while it is still its first receiver's."""
    reached: Level | None = None
    for level, hours in _levels():
        if now - begun_at >= timedelta(hours=hours):
            reached = level
    return reached


def level_text(level: str) -> str:
    """Whose business it is, in words."""
    return _label("escalation", level)


def _label(table: str, code: str) -> str:
    label: str = load("complaints")[table][code]["label"]
    return gettext(label)


@cache
def _levels() -> tuple[tuple[Level, float], ...]:
    rows: dict[Level, Any] = load("complaints")["escalation"]
    return tuple((level, row["after_h"]) for level, row in rows.items())


def _in_day_time(at: datetime) -> datetime:
    row = load("complaints")["clocks"]["acknowledge"]
    begins, ends = time.fromisoformat(row["day_begins"]), time.fromisoformat(row["day_ends"])
    left, on = timedelta(minutes=row["within_min"]), ward_date(at)
    while True:
        begin_at, end_at = (datetime.combine(on, clock, WARD_ZONE) for clock in (begins, ends))
        from_at = max(at, begin_at)
        if from_at < end_at and left <= end_at - from_at:
            return (from_at + left).astimezone(UTC)
        left -= max(end_at - from_at, timedelta())
        on += timedelta(days=1)


def number_of(complaint: str) -> str:
    """The number that patient and staff tell each other: eight digits of its id, known before the server has it."""
    digits = f"{int(complaint.rpartition('-')[2], 16) % 10**8:08d}"
    return f"{digits[:4]} {digits[4:]}"
