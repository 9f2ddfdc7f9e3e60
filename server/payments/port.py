"""What the server asks of a payment channel, and what it is told. WeChat Pay, Alipay and the sandbox are behind this.

    PaymentFault
    ├── ChannelAway      no answer came: what was asked may or may not have happened
    ├── ChannelRefused   the channel answered, and will not do it
    ├── NoticeForged     a notice that the channel has not signed as it stands
    └── BillNotReady     the channel has no bill for this day yet

Every method waits for the channel's answer; none is called inside a database transaction. Amounts are integer fen,
instants are aware and in UTC. Whatever a provider cannot make out it calls UNKNOWN: nobody takes it for yes or no.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import IO, ClassVar, Literal, Protocol

from wardlink.errors import WardlinkError
from wardlink.i18n import N_


class Trade(StrEnum):
    """How a payment stands with the channel."""

    ABSENT = "absent"
    """The channel knows no such trade, as Alipay before the scan: not paid, and no error."""
    WAITING = "waiting"
    PAID = "paid"
    """Paid, whatever has been given back of it since."""
    CLOSED = "closed"
    """Never paid, and it can no longer be."""
    UNKNOWN = "unknown"


class Closing(StrEnum):
    """What became of closing a payment."""

    CLOSED = "closed"
    """It can no longer be paid."""
    ABSENT = "absent"
    """The channel knows no such trade. Whoever has the code can pay until it expires."""
    PAID = "paid"
    """Too late: it has been paid."""
    UNKNOWN = "unknown"


class Refund(StrEnum):
    """How a refund stands with the channel."""

    ABSENT = "absent"
    """The channel has not heard of this refund number: it may be sent again under the same number."""
    PROCESSING = "processing"
    DONE = "done"
    REFUSED = "refused"
    """It will not happen under this number."""
    UNKNOWN = "unknown"


class PaymentFault(WardlinkError):
    """Something about a payment that can be said to a person."""

    code = "payment-fault"
    sentence = N_("The payment could not be worked on. Nothing was paid twice.")


class ChannelAway(PaymentFault):
    """No answer from the channel: whether it happened is unknown until it is asked again."""

    status = 503
    code = "channel-away"
    sentence = N_("The payment channel does not answer. The result is being confirmed; please do not pay again.")


class ChannelRefused(PaymentFault):
    """The channel answered that it will not do this; `reason` is its own short code."""

    status = 409
    code = "channel-refused"
    sentence = N_(
        "The payment channel has refused this ({reason}). Please try another way to pay, or tell the cashier."
    )


class NoticeForged(PaymentFault):
    """The channel has not signed these bytes; nothing in them is believed."""

    status = 401
    code = "notice-forged"
    sentence = N_("This notice does not come from the payment channel.")


class BillNotReady(PaymentFault):
    """The channel has no bill for this day yet."""

    status = 404
    code = "bill-not-ready"
    sentence = N_("The payment channel has no bill for {on} yet. Try again later.")


@dataclass(frozen=True)
class PayAsk:
    """A payment to be made. `out_trade_no`: ours, digits and letters, at most 32. `subject`: without personal data."""

    out_trade_no: str
    amount_fen: int
    subject: str
    expires_at: datetime


@dataclass(frozen=True)
class Created:
    """What the payer scans, and until when. `expires_at` is never later than what was asked."""

    qr: str
    expires_at: datetime


@dataclass(frozen=True)
class Found:
    """A payment as the channel knows it. The last three are set where `state` is PAID.

    `paid_fen` is the amount of the trade, not less what was refunded.
    """

    state: Trade
    channel_trade_no: str | None = None
    paid_fen: int | None = None
    paid_at: datetime | None = None


@dataclass(frozen=True)
class RefundAsk:
    """Money to be given back. The same `out_refund_no` again is the same refund; `total_fen` is what had been paid."""

    out_trade_no: str
    out_refund_no: str
    refund_fen: int
    total_fen: int
    reason: str


@dataclass(frozen=True)
class RefundFound:
    """A refund as the channel knows it. `reason`: the channel's short code where it is REFUSED."""

    state: Refund
    channel_refund_no: str | None = None
    refund_fen: int | None = None
    done_at: datetime | None = None
    reason: str | None = None


NoticeKind = Literal["payment", "refund", "other"]


@dataclass(frozen=True)
class Notice:
    """What a channel says by itself, after its signature was found right. The caller checks the rest.

    `id` is the same in every copy. `sent_at` is inside what was signed. `merchant` is to be compared with the
    provider's. Of a payment `found` is set, of a refund `out_refund_no` and `refund`; other notices are answered and
    left alone. `currency`: three letters.
    """

    id: str
    kind: NoticeKind
    sent_at: datetime
    merchant: str
    out_trade_no: str
    currency: str = "CNY"
    found: Found | None = None
    out_refund_no: str | None = None
    refund: RefundFound | None = None


@dataclass(frozen=True)
class NoticeAnswer:
    """What the channel must hear so that it stops, or so that it tells it again."""

    status: int
    media_type: str | None
    body: bytes


@dataclass(frozen=True)
class BillRow:
    """One line of a channel's bill of a day. `out_refund_no` is set on a refund, whose amount is positive as well.

    `state`: the channel's own word. `fee_fen` is negative where the channel gives a fee back.
    """

    kind: Literal["payment", "refund"]
    out_trade_no: str
    channel_trade_no: str
    amount_fen: int
    fee_fen: int
    at: datetime
    state: str
    out_refund_no: str | None = None
    channel_refund_no: str | None = None


BillReader = Callable[[IO[bytes]], Iterable[BillRow]]
"""Reads the lines of a bill file. Raises a `PaymentFault` where it is none, or not whole."""


class Provider(Protocol):
    """One channel with one merchant's account.

    `channel` is its name in our tables. `merchant`: as the notices name us; every part that must be right, in one
    text. Raises everywhere: ChannelAway where no answer came, whatever the cause.
    """

    channel: ClassVar[str]

    @property
    def merchant(self) -> str:
        """Who we are to this channel, as `Notice.merchant` says it."""

    def create(self, ask: PayAsk) -> Created:
        """Have a code made. The same ask again gives a code for the same trade.

        Raises:
            ChannelRefused: already paid or closed, or another amount under the same number.
        """

    def query(self, out_trade_no: str) -> Found:
        """How a payment stands."""

    def close(self, out_trade_no: str) -> Closing:
        """Let nobody pay it any more. Never gives money back."""

    def refund(self, ask: RefundAsk) -> RefundFound:
        """Give money back, wholly or in part. The same number again gives nothing more.

        More than is left is REFUSED.
        """

    def query_refund(self, out_trade_no: str, out_refund_no: str) -> RefundFound:
        """How a refund stands."""

    def read_notice(self, headers: Mapping[str, str], raw: bytes) -> Notice:
        """Check the signature of the bytes as they came, then read them. Header names are in lower case.

        Raises:
            NoticeForged: not signed by the channel, or not to be read although signed.
        """

    def answer(self, *, accepted: bool) -> NoticeAnswer:
        """What to answer to a notice."""

    def shut(self) -> None:
        """Let go of the connections: the server ends."""

    def bill(self, on: date) -> Iterable[BillRow]:
        """The lines of the bill of one day in the ward's time zone, one after another.

        Raises:
            BillNotReady: there is none yet.
        """
