"""Doctors' orders: what is ordered, and each step of its life. None is ever altered: it is stopped and replaced."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from wardlink.clinical.order_states import OrderState
from wardlink.ids import Id
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.records import RecordView

OrderKind = Literal[
    "standing",  # until it is stopped
    "temporary",  # within 24 hours, normally once
    "standing-prn",  # when needed, until it is stopped
    "temporary-prn",  # once within 12 hours, if needed
    "verbal",  # said in a rescue, written down afterwards
    "instruction",  # a text without a charge
]
Category = Literal[
    "drug",
    "infusion",
    "injection",
    "nebuliser",
    "skin-test",
    "nursing",
    "diet",
    "lab",
    "imaging",
    "treatment",
    "operation",
    "transfusion",
    "consultation",
    "monitoring",
    "oxygen",
    "tube",
    "rehabilitation",
    "transfer",
    "instruction",
]


class OrderItem(Message):
    """One drug of an order; those of one order go into one bag or one cup. `drug` is its code in the dictionary."""

    drug: str = Field(min_length=1, max_length=40)
    dose: float = Field(gt=0, le=1_000_000)
    unit: str = Field(min_length=1, max_length=20)


class OrderedDrug(OrderItem):
    """An item with what the dictionary knew of the drug when the order was issued."""

    name_zh: str
    name_en: str
    ingredient: str
    classes: tuple[str, ...] = ()
    strength: str
    high_alert: Literal["A", "B", "C"] | None = None
    skin_test: bool = False
    analgesic: bool = False
    gtins: tuple[str, ...] = ()


class IssueOrder(Message):
    """Request: a doctor signs an order. The order's id is that of the command.

    `items` for drugs, `text` for everything else. `volume_ml` and `rate_ml_per_h` for what drips. `indication`,
    `min_interval_min` and `max_per_day` for what is given when needed. `replaces`: the order that stops with it.
    """

    kind: OrderKind
    category: Category
    items: tuple[OrderItem, ...] = Field(default=(), max_length=10)
    text: str | None = Field(default=None, min_length=1, max_length=200)
    route: str | None = Field(default=None, max_length=20)
    frequency: str = Field(max_length=10)
    start_at: Instant
    stop_at: Instant | None = None
    first_day_count: int | None = Field(default=None, ge=0, le=25)
    volume_ml: float | None = Field(default=None, gt=0, le=5_000)
    rate_ml_per_h: float | None = Field(default=None, gt=0, le=2_000)
    indication: str | None = Field(default=None, min_length=1, max_length=100)
    min_interval_min: int | None = Field(default=None, ge=1, le=10_080)
    max_per_day: int | None = Field(default=None, ge=1, le=48)
    replaces: Id | None = None
    note: str | None = Field(default=None, max_length=200)


class ReviewOrder(Message):
    """Request: a pharmacist approves the drugs of an order, or sends it back with a reason."""

    order: Id
    accepted: bool
    reason: str | None = Field(default=None, min_length=1, max_length=200)


class CheckOrder(Message):
    """Fact: a nurse has taken an order over, a second one has checked it, or one has seen that it was stopped."""

    order: Id
    step: Literal["transcribed", "checked", "stop-seen"]


class RejectOrder(Message):
    """Request: a nurse sends an order back to the doctor, with a reason."""

    order: Id
    reason: str = Field(min_length=1, max_length=200)


class HoldOrder(Message):
    """Request: an order rests until it is resumed."""

    order: Id
    reason: str = Field(min_length=1, max_length=200)


class ResumeOrder(Message):
    """Request: an order that rests is carried out again."""

    order: Id


class StopOrder(Message):
    """Request: an order ends at this instant; a dose that is due just then is not given any more."""

    order: Id
    stop_at: Instant
    reason: str | None = Field(default=None, min_length=1, max_length=200)


class CancelOrder(Message):
    """Request: an order of which nothing has been carried out is taken back."""

    order: Id
    reason: str = Field(min_length=1, max_length=200)


class MarkOrderWrong(Message):
    """Request: an order that was carried out should never have been."""

    order: Id
    reason: str = Field(min_length=1, max_length=200)


class OrderStep(Message):
    """One thing that was done about an order. `counted` is False where it came too late to move it."""

    command: Id
    what: str
    at: Instant
    by: Actor
    by_name: str | None = None
    reason: str | None = None
    counted: bool = True


class OrderView(RecordView):
    """Change `order.changed`: an order as everybody holds it, with each of its steps.

    `frequency_label`: what the frequency means, where it is one of the hospital's own; devices know the others.
    """

    kind: OrderKind
    category: Category
    state: OrderState
    items: tuple[OrderedDrug, ...] = ()
    text: str | None = None
    route: str | None = None
    frequency: str
    frequency_label: str | None = None
    start_at: Instant
    stop_at: Instant | None = None
    first_day_count: int | None = None
    volume_ml: float | None = None
    rate_ml_per_h: float | None = None
    indication: str | None = None
    min_interval_min: int | None = None
    max_per_day: int | None = None
    replaces: Id | None = None
    replaced_by: Id | None = None
    note: str | None = None
    issued_at: Instant
    doctor: Actor
    doctor_name: str | None = None
    steps: tuple[OrderStep, ...] = ()
