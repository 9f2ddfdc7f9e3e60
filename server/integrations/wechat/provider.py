"""WeChat Pay as a payment channel: what the port asks, said in the words of API v3 (ward domain sheet 7.3)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, ClassVar

import structlog

from server.integrations.facts import facts
from server.integrations.wechat import bill, notices
from server.integrations.wechat.account import WechatAccount
from server.integrations.wechat.client import WechatClient
from server.integrations.wechat.reading import as_refund, as_trade
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
from wardlink.clock import Clock, SystemClock, ward_time

log = structlog.get_logger(__name__)

MOST_SUBJECT = 127
MOST_REASON_BYTES = 80
_BILL_IN_MEMORY = 8 << 20

_CLOSED_AS = {Trade.PAID: Closing.PAID, Trade.CLOSED: Closing.CLOSED, Trade.ABSENT: Closing.ABSENT}


class WechatProvider:
    """One merchant at WeChat Pay; `shut` lets go of the connections."""

    channel: ClassVar[str] = "wechat"

    def __init__(self, account: WechatAccount, clock: Clock | None = None) -> None:
        self._account = account
        self._clock = clock or SystemClock()
        self._client = WechatClient(account, self._clock)

    @property
    def merchant(self) -> str:
        """Merchant and application: a notice must name both."""
        return f"{self._account.mchid}/{self._account.appid}"

    def shut(self) -> None:
        """Let go of the connections."""
        self._client.shut()

    def create(self, ask: PayAsk) -> Created:
        """Have a code made."""
        # The limit for paying; closing afterwards is ours all the same.
        last = (self._clock.now() + facts("wechat").code_lives).replace(microsecond=0)
        expires_at = min(ask.expires_at.replace(microsecond=0), last)
        status, said = self._client.pay(
            description=ask.subject[:MOST_SUBJECT],
            out_trade_no=ask.out_trade_no,
            amount={"total": ask.amount_fen, "currency": "CNY"},
            time_expire=ward_time(expires_at).isoformat(),
        )
        code = said.get("code_url")
        if status != 200 or not isinstance(code, str) or not code:
            raise ChannelRefused(reason=_code(status, said))
        return Created(code, expires_at)

    def query(self, out_trade_no: str) -> Found:
        """How a payment stands."""
        status, said = self._client.query(out_trade_no)
        if status == 404:
            return Found(Trade.ABSENT)
        if status != 200:
            _code(status, said)
            return Found(Trade.UNKNOWN)
        return as_trade(said, out_trade_no, self._account.mchid, self._account.appid)

    def close(self, out_trade_no: str) -> Closing:
        """Let nobody pay it any more; where that is refused, how it stands says why."""
        status, said = self._client.close(out_trade_no)
        if status == 204:
            return Closing.CLOSED
        _code(status, said)
        return _CLOSED_AS.get(self.query(out_trade_no).state, Closing.UNKNOWN)

    def refund(self, ask: RefundAsk) -> RefundFound:
        """Give money back; the answer means accepted only."""
        status, said = self._client.refund(
            out_refund_no=ask.out_refund_no,
            out_trade_no=ask.out_trade_no,
            amount={"refund": ask.refund_fen, "total": ask.total_fen, "currency": "CNY"},
            reason=_short(ask.reason),
        )
        if status == 200:
            return as_refund(said, ask.out_trade_no, ask.out_refund_no)
        reason = _code(status, said)
        if status == 401:
            # Our own signature was refused: nothing has been decided about the refund.
            raise ChannelAway
        return RefundFound(Refund.REFUSED, reason=reason)

    def query_refund(self, out_trade_no: str, out_refund_no: str) -> RefundFound:
        """How a refund stands."""
        status, said = self._client.query_refund(out_refund_no)
        if status == 404:
            return RefundFound(Refund.ABSENT)
        if status != 200:
            return RefundFound(Refund.UNKNOWN, reason=_code(status, said))
        return as_refund(said, out_trade_no, out_refund_no)

    def read_notice(self, headers: Mapping[str, str], raw: bytes) -> Notice:
        """Signature first, over the bytes as they came; then it is opened and read."""
        return notices.read(self._client.platform, self._account, headers, raw)

    def answer(self, *, accepted: bool) -> NoticeAnswer:
        """204 ends it; anything from 400 on has it told again."""
        if accepted:
            return NoticeAnswer(204, None, b"")
        return NoticeAnswer(401, "application/json", b'{"code":"FAIL","message":"FAIL"}')

    def bill(self, on: date) -> Iterable[BillRow]:
        """The lines of a day's bill. No line is given before the whole file has come and its hash is right.

        Raises:
            BillUnreadable: its columns or its sums are not as they should be.
        """
        status, said = self._client.trade_bill(on.isoformat())
        if status != 200:
            if _code(status, said) in ("NO_STATEMENT_EXIST", "STATEMENT_CREATING"):
                raise BillNotReady(on=on.isoformat())
            raise ChannelAway
        return self._lines(said)

    def _lines(self, said: Mapping[str, Any]) -> Iterator[BillRow]:
        if said.get("hash_type") != "SHA1":
            raise ChannelAway
        with tempfile.SpooledTemporaryFile(_BILL_IN_MEMORY) as file:
            with self._client.file(str(said.get("download_url"))) as pieces:
                found = bill.unpack(pieces, file)
            if found != said.get("hash_value"):
                log.warning("wechat.bill", error="hash")
                raise ChannelAway
            file.seek(0)
            yield from bill.rows(file)


def _code(status: int, said: Mapping[str, Any]) -> str:
    code = str(said.get("code", status))[:40]
    if status != 404:
        log.info("wechat.refused", status=status, code=code)
    return code


def _short(text: str) -> str:
    return text.encode()[:MOST_REASON_BYTES].decode(errors="ignore")
