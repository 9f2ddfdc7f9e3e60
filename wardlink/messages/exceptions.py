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
    "pairing-unsure",  # wristband and monitor were scanned too far apart
    "unknown-encounter",  # no such stay, or a monitor's value without a patient
    "values-claimed-twice",  # a monitor's values were given to two patients
    "clock-off",  # measured in the future, by the server's clock
    "unknown-record",  # changed what nobody has recorded
    "struck-unknown",  # struck out what nobody has recorded
    "score-differs",  # the score on the device's screen was another one
    "unknown-order",  # given on an order that nobody knows
    "given-twice",  # the same dose on two carts
    "given-after-stop",
    "given-superseded",  # the order had been replaced by another
    "given-cancelled",  # the order had been taken back or sent back
    "given-on-hold",
    "given-unchecked",  # before two nurses had checked the order
    "given-too-soon",  # before the interval of a dose when needed was over, or once too often
    "given-against-allergy",
    "given-without-skin-test",  # a drug that needs a negative one
    "given-against-skin-test",  # given since the test was injected that turned out positive
    "skin-test-untimely",  # read too early, or too late without a reason
    "skin-test-one-reader",  # read by one nurse alone
    "skin-test-contradicts",  # one test, two results
    "given-without-witness",  # a high-alert drug with one pair of eyes
    "given-unscanned",  # without the codes, and without a reason for it
    "given-without-right",  # by somebody who gives no drugs
    "runs-after-stop",  # an infusion drips on although its order has ended
    "dose-contradicts",  # given by one account and not given by another
    "queried-at-bed",  # the patient has a question about a dose
    "order-unwritten",  # given on a doctor's word; the order is to be written afterwards
    "order-overdue",  # and was not written in time
    "isolation-differs",  # isolated twice in one way, or ended twice: two people tell two stories
    "meal-contradicts",  # brought or sent back although it was not under way
    "bed-taken",  # two stays in one bed
    "bed-closed",  # a stay in a bed that was out of service
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
