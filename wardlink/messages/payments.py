"""What a terminal and the server say to each other about a payment at the bed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from wardlink.ids import Id
from wardlink.messages.base import Instant
from wardlink.money import Fen, PositiveFen

Channel = Annotated[str, Field(min_length=1, max_length=20)]


class NewPayment(BaseModel):
    """A deposit that somebody pays by themselves. `key`: made by the client; the same again is the same payment."""

    key: Id
    purpose: Literal["deposit"] = "deposit"
    amount_fen: PositiveFen
    channel: Channel


class PaymentView(BaseModel):
    """A payment. `qr` is set while it can be paid; `unknown` and `closing` mean that the result is being confirmed.

    `number`: ours, as the payer reads it in the channel's own app. `late`: paid after closing, so it goes back.
    """

    id: Id
    encounter: Id
    number: str
    purpose: str
    amount_fen: Fen
    channel: str
    status: str
    qr: str | None
    expires_at: Instant
    paid_fen: Fen | None
    paid_at: Instant | None
    refunded_fen: Fen
    late: bool
    fault: str | None
    created_at: Instant
    version: int


class Ways(BaseModel):
    """The ways to pay that are switched on."""

    channels: list[str]
