"""Skin tests: what was injected is a dose; what two nurses then read at the arm is told here."""

from __future__ import annotations

from pydantic import Field

from wardlink.clinical.skin_test import Result
from wardlink.ids import Id, Slug
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.orders import OrderedDrug
from wardlink.messages.records import RecordView


class ReadSkinTest(Message):
    """Fact: a skin test was read, by the actor and by `second_reader`. When stands in the envelope.

    `dose` is the one that was injected; `order`, `items` and `injected_at` say what it was, should nobody else know
    it any more. Sizes are those of the wheal, across. `reason`: why it counts although its time to be read was over.
    """

    dose: Id
    order: Id
    items: tuple[OrderedDrug, ...] = Field(min_length=1, max_length=10)
    injected_at: Instant
    result: Result
    before_mm: float = Field(ge=0, le=100)
    after_mm: float = Field(ge=0, le=200)
    itch_or_redness: bool = False
    second_reader: Slug | None = None
    reason: str | None = Field(default=None, min_length=1, max_length=200)
    note: str | None = Field(default=None, max_length=200)


class StrikeSkinTest(Message):
    """Fact: this result was entered by mistake; it stays readable."""

    test: Id
    reason: str = Field(min_length=1, max_length=200)


class SkinTestView(RecordView):
    """Change `skin-test.changed`: a result as everybody holds it."""

    dose: Id
    order: Id
    items: tuple[OrderedDrug, ...]
    injected_at: Instant
    read_at: Instant
    result: Result
    before_mm: float
    after_mm: float
    itch_or_redness: bool = False
    by: Actor
    by_name: str | None = None
    second_reader: Slug | None = None
    reason: str | None = None
    note: str | None = None
    device: str
    received_at: Instant | None = None
    struck_at: Instant | None = None
    struck_by: Actor | None = None
    struck_reason: str | None = None
