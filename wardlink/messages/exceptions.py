"""Facts that collide: kept as they happened, and put before a person who closes them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from wardlink.ids import Id
from wardlink.messages.base import Actor, Instant, Message

ExceptionKind = Literal[
    "after-discharge",  # measured after the stay was over
    "other-ward",  # the patient had been moved to another ward
    "unknown-actor",  # a member of staff whom the server does not know
    "unknown-encounter",  # no such stay, or a monitor's value without a patient
    "clock-off",  # measured in the future, by the server's clock
    "struck-unknown",  # struck out what nobody has recorded
    "score-differs",  # the score on the device's screen was another one
    "bed-taken",  # two stays in one bed
    "stream-gap",  # numbers of a device's commands are missing for ever
    "stream-rewound",  # a device used a number twice for two commands
]


class ExceptionView(Message):
    """Changes `exception.opened` and `exception.closed`: what happened, by which clock, and who closed it."""

    id: Id
    kind: ExceptionKind
    opened_at: Instant
    command: Id | None = None
    encounter: Id | None = None
    bed: str | None = None
    device: str | None = None
    actor: Actor | None = None
    measured_at: Instant | None = None
    entered_at: Instant | None = None
    received_at: Instant | None = None
    detail: dict[str, str] = Field(default_factory=dict)
    closed_at: Instant | None = None
    closed_by: Actor | None = None
    closed_reason: str | None = None


class CloseException(Message):
    """Fact: a person has looked at both stories and says what was done."""

    exception: Id
    reason: str = Field(min_length=1, max_length=500)
