"""What the sandbox channel and its merchants say to each other."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from wardlink.messages.base import Instant

Number = Annotated[str, Field(pattern=r"^[0-9A-Za-z]{6,64}$")]
Fen = Annotated[int, Field(strict=True, ge=1, le=10_000_000_000)]


class Wire(BaseModel):
    """Frozen, and nothing in it that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NewTrade(Wire):
    """A payment to be made. A notice goes to `notify_url` when it has been paid; without one nothing is told."""

    out_trade_no: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{6,32}$")]
    amount_fen: Fen
    currency: Literal["CNY"]
    subject: Annotated[str, Field(min_length=1, max_length=127)]
    expires_at: Instant
    notify_url: Annotated[str, Field(max_length=256)] | None = None


class Code(Wire):
    """What the payer scans."""

    qr: str
    expires_at: Instant


class TradeView(Wire):
    """How a payment stands."""

    out_trade_no: str
    state: Literal["waiting", "paid", "closed"]
    amount_fen: Fen
    currency: str
    trade_no: str | None = None
    paid_at: Instant | None = None


class NewRefund(Wire):
    """Money to be given back."""

    out_trade_no: Number
    out_refund_no: Number
    refund_fen: Fen
    total_fen: Fen
    reason: Annotated[str, Field(max_length=80)]


class RefundView(Wire):
    """How a refund stands."""

    out_trade_no: str
    out_refund_no: str
    refund_no: str
    state: Literal["processing", "done"]
    refund_fen: Fen
    done_at: Instant | None = None


class NoticeBody(Wire):
    """What the channel says by itself: of a payment `trade` is set, of a refund `refund`."""

    id: str
    merchant: str
    trade: TradeView | None = None
    refund: RefundView | None = None


class Fault(Wire):
    """Why not, as one word."""

    code: str


BILL_COLUMNS = (
    "kind",
    "out_trade_no",
    "trade_no",
    "out_refund_no",
    "refund_no",
    "amount_fen",
    "fee_fen",
    "at",
    "state",
)
"""The first line of a bill: CSV in UTF-8, instants in ISO 8601 with their zone."""
