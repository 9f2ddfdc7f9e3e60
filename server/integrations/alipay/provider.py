"""Alipay as a payment channel: what the port asks, said in the words of face-to-face precreate (domain sheet 7.4)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from server.integrations.alipay import bill, notices
from server.integrations.alipay.account import AlipayAccount
from server.integrations.alipay.client import AlipayClient, Answer
from server.integrations.alipay.reading import as_trade, instant
from server.integrations.facts import facts
from server.payments.port import (
    BillNotReady,
    BillRow,
    ChannelAway,
    ChannelRefused,
    Closing,
    Created,
    Found,
    Notice,
    NoticeAnswer,
    PayAsk,
    Refund,
    RefundAsk,
    RefundFound,
    Trade,
)
from wardlink import money
from wardlink.clock import Clock, SystemClock
from wardlink.errors import InvalidInput

MOST_SUBJECT = 256
_BILL_IN_MEMORY = 8 << 20
_NO_TRADE = "ACQ.TRADE_NOT_EXIST"

_CLOSED_AS = {Trade.PAID: Closing.PAID, Trade.CLOSED: Closing.CLOSED, Trade.ABSENT: Closing.ABSENT}


class AlipayProvider:
    """One merchant at Alipay; `shut` lets go of the connections."""

    channel: ClassVar[str] = "alipay"

    def __init__(self, account: AlipayAccount, clock: Clock | None = None) -> None:
        self._account = account
        self._clock = clock or SystemClock()
        self._client = AlipayClient(account, self._clock)

    @property
    def merchant(self) -> str:
        """Application and seller: a notice must name both."""
        return f"{self._account.app_id}/{self._account.seller_id}"

    def shut(self) -> None:
        """Let go of the connections."""
        self._client.shut()

    def create(self, ask: PayAsk) -> Created:
        """Have a code made. Its time, and the time to pay after the scan, are whole minutes, one at least."""
        now = self._clock.now()
        lives = min(ask.expires_at - now, facts("alipay").code_lives)
        minutes = f"{max(1, lives // timedelta(minutes=1))}m"
        said = self._client.precreate(
            subject=ask.subject[:MOST_SUBJECT],
            out_trade_no=ask.out_trade_no,
            total_amount=money.yuan(ask.amount_fen),
            qr_code_timeout_express=minutes,
            timeout_express=minutes,
        )
        code = said.get("qr_code")
        if not isinstance(code, str) or not code:
            raise ChannelRefused(reason=_reason(said))
        return Created(code, min(ask.expires_at, now + facts("alipay").code_lives))

    def query(self, out_trade_no: str) -> Found:
        """How a payment stands. No trade before the scan: that is no error."""
        said = self._client.query(out_trade_no)
        if _reason(said) == _NO_TRADE:
            return Found(Trade.ABSENT)
        return as_trade(said, out_trade_no)

    def close(self, out_trade_no: str) -> Closing:
        """Let nobody pay it any more; where that is refused, how it stands says why."""
        said = self._client.close(out_trade_no)
        if said.get("out_trade_no") == out_trade_no and _reason(said) is None:
            return Closing.CLOSED
        if _reason(said) == _NO_TRADE:
            return Closing.ABSENT
        return _CLOSED_AS.get(self.query(out_trade_no).state, Closing.UNKNOWN)

    def refund(self, ask: RefundAsk) -> RefundFound:
        """Give money back. Where none has moved by this very request, the refund itself is asked for."""
        said = self._client.refund(
            refund_amount=money.yuan(ask.refund_fen),
            out_trade_no=ask.out_trade_no,
            out_request_no=ask.out_refund_no,
            refund_reason=ask.reason,
        )
        reason = _reason(said)
        if reason is not None:
            return RefundFound(Refund.REFUSED, reason=reason)
        if said.get("fund_change") == "Y" and said.get("out_trade_no") == ask.out_trade_no:
            # refund_fee is what was given back of the trade in all, and not this refund.
            return RefundFound(Refund.DONE, refund_fen=ask.refund_fen)
        found = self.query_refund(ask.out_trade_no, ask.out_refund_no)
        return RefundFound(Refund.PROCESSING) if found.state is Refund.ABSENT else found

    def query_refund(self, out_trade_no: str, out_refund_no: str) -> RefundFound:
        """How a refund stands. An answer that says nothing of one means that it has not happened."""
        said = self._client.query_refund(out_trade_no, out_refund_no)
        reason = _reason(said)
        if reason == _NO_TRADE:
            return RefundFound(Refund.ABSENT)
        if reason is not None:
            return RefundFound(Refund.UNKNOWN, reason=reason)
        if said.get("refund_status") != "REFUND_SUCCESS":
            return RefundFound(Refund.ABSENT)
        if (said.get("out_trade_no"), said.get("out_request_no")) != (out_trade_no, out_refund_no):
            return RefundFound(Refund.UNKNOWN)
        return RefundFound(Refund.DONE, refund_fen=_fen(said), done_at=instant(said.get("gmt_refund_pay")))

    def read_notice(self, headers: Mapping[str, str], raw: bytes) -> Notice:
        """Signature first, over the form as it came."""
        return notices.read(self._client.key, raw)

    def answer(self, *, accepted: bool) -> NoticeAnswer:
        """Exactly these seven letters end it."""
        return NoticeAnswer(200, "text/plain", b"success" if accepted else b"fail")

    def bill(self, on: date) -> Iterable[BillRow]:
        """The lines of a day's bill.

        Raises:
            BillUnreadable: its columns or its sums are not as they should be.
        """
        said = self._client.bill(on.isoformat())
        if _reason(said) is not None:
            if str(_reason(said)).lower().endswith("bill_not_exist"):
                raise BillNotReady(on=on.isoformat())
            raise ChannelAway
        return self._lines(str(said.get("bill_download_url")))

    def _lines(self, address: str) -> Iterator[BillRow]:
        with tempfile.SpooledTemporaryFile(_BILL_IN_MEMORY) as file:
            with self._client.file(address) as pieces:
                for piece in pieces:
                    file.write(piece)
            file.seek(0)
            yield from bill.rows(file)


def _reason(said: Answer) -> str | None:
    """Why it was refused; None if it was not."""
    return None if said.get("code") == "10000" else str(said.get("sub_code") or said.get("code"))[:40]


def _fen(said: Mapping[str, Any]) -> int | None:
    try:
        return money.fen(str(said.get("refund_amount")))
    except InvalidInput:
        return None
