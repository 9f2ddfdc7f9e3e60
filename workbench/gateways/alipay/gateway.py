"""The gateway itself: gateway.do over HTTP, and the acts of a payer, which tests and demos call."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import threading
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from wardlink.clock import WARD_ZONE, Clock, SystemClock, ward_time
from workbench.gateways.alipay.bill import bill
from workbench.gateways.alipay.book import Book, Code, Refused, Trade
from workbench.gateways.alipay.signing import is_request_signed, merchant, parameters, signed_notice
from workbench.gateways.keys import sign
from workbench.gateways.notices import Made, Notices
from workbench.gateways.wire import Answered, Asked, Wire

# Seconds between the attempts of a notice (ward domain sheet 7.4, V2).
PLAN_S = (240, 600, 600, 3600, 7200, 21_600, 54_000)
SKEW = timedelta(minutes=15)
_CODE_LIVES = timedelta(hours=2)
_URL_LIVES = timedelta(seconds=30)
_SHOWN = "%Y-%m-%d %H:%M:%S"
_NO = re.compile(r"[0-9A-Za-z_]{1,64}")
_YUAN = re.compile(r"(0|[1-9]\d{0,8})\.(\d\d)", re.ASCII)
_MINUTES = re.compile(r"([1-9]\d{0,4})m", re.ASCII)


class AlipayGateway:
    """One merchant at a local Alipay. `merchant` holds what the merchant's settings need.

    `sends`: how often each notice is sent when nothing is wrong (0 loses it). `bill_at_once`: a day's bill can be had
    before it is over.
    """

    def __init__(
        self, clock: Clock | None = None, *, plan_s: Sequence[float] = PLAN_S, bill_at_once: bool = False
    ) -> None:
        self.clock = clock or SystemClock()
        self.merchant = merchant()
        self._bill_at_once = bill_at_once
        self._lock = threading.RLock()
        self._methods = {
            "alipay.trade.precreate": self._precreate,
            "alipay.trade.query": self._query,
            "alipay.trade.close": self._close,
            "alipay.trade.cancel": self._cancel,
            "alipay.trade.refund": self._refund,
            "alipay.trade.fastpay.refund.query": self._refund_query,
            "alipay.data.dataservice.bill.downloadurl.query": self._bill,
        }
        self.forget()
        self.notices = Notices(plan_s, lambda attempt: (attempt.status, attempt.body) == (200, b"success"))
        self.wire = Wire(self._answer, "alipay gateway")

    @property
    def url(self) -> str:
        """The address of gateway.do."""
        return f"{self.wire.url}/gateway.do"

    def stop(self) -> None:
        """End."""
        self.notices.stop()
        self.wire.stop()

    def forget(self) -> None:
        """Every code, trade and refund; the merchant and the keys stay."""
        self.book = Book()
        self.sends = 1
        self._files: dict[str, tuple[bytes, datetime]] = {}

    def scan(self, qr: str) -> None:
        """Somebody scans the code, and does not pay yet: from here on there is a trade."""
        with self._lock:
            self.book.scan(qr, self.clock.now())

    def pay(self, qr: str) -> bool:
        """Somebody scans the code and pays; False: they are not let."""
        with self._lock:
            trade = self.book.pay(qr, self.clock.now())
        if trade is None:
            return False
        for _ in range(self.sends):
            self.notices.tell(trade.code.notify_url, lambda: self.notice_of(trade.code.no))
        return True

    def notice_of(self, no: str, *, age: timedelta = timedelta(0), merchant: str | None = None) -> Made:
        """A signed notice of a trade as it stands. `age`: sent so long ago; `merchant`: to another seller."""
        with self._lock:
            trade = self.book.trade(no)
            total = _yuan(trade.code.fen)
            said = {
                "notify_time": _wall(self.clock.now() - age),
                "notify_type": "trade_status_sync",
                # The same in every copy.
                "notify_id": hashlib.sha256(f"{trade.trade_no} {trade.state}".encode()).hexdigest()[:34],
                "charset": "utf-8",
                "version": "1.0",
                "app_id": self.merchant.app_id,
                "seller_id": merchant or self.merchant.seller_id,
                "trade_no": trade.trade_no,
                "out_trade_no": trade.code.no,
                "trade_status": trade.state,
                "total_amount": total,
                "receipt_amount": total,
                "subject": trade.code.subject,
                "gmt_create": _wall(trade.made_at),
            }
            if trade.paid_at is not None:
                said["gmt_payment"] = _wall(trade.paid_at)
        form = urlencode(signed_notice(self.merchant, said))
        return {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}, form.encode()

    def _answer(self, asked: Asked) -> Answered:
        parts = urlsplit(asked.path)
        if parts.path == "/bill":
            data, until = self._files.get(parameters(parts.query).get("token", ""), (b"", self.clock.now()))
            if self.clock.now() >= until:
                return Answered(404)
            return Answered(200, data, {"Content-Type": "application/octet-stream"})
        given = parameters(parts.query) | parameters(asked.body.decode(errors="replace"))
        name = given.get("method", "").replace(".", "_") + "_response"
        try:
            self._demand(given)
            with self._lock:
                said = {"code": "10000", "msg": "Success", **self._methods[given["method"]](_biz(given), given)}
        except Refused as refused:
            said = {
                "code": refused.code,
                "msg": "Business Failed",
                "sub_code": refused.sub_code,
                "sub_msg": refused.message,
            }
        inner = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        # The signature is over the very characters of the object in the answer.
        body = f'{{"{name}":{inner},"sign":"{sign(self.merchant.alipay, inner.encode())}"}}'
        return Answered(200, body.encode(), {"Content-Type": "text/html;charset=utf-8"})

    def _demand(self, given: Mapping[str, str]) -> None:
        if given.get("app_id") != self.merchant.app_id:
            raise Refused("isv.invalid-app-id", "无效的AppID参数", "40002")
        if given.get("sign_type") != "RSA2" or not is_request_signed(self.merchant, given):
            raise Refused("isv.invalid-signature", "验签出错", "40002")
        if (given.get("version"), given.get("charset")) != ("1.0", "utf-8"):
            raise Refused("isv.invalid-parameter", "version、charset", "40002")
        try:
            at = datetime.strptime(given.get("timestamp", ""), _SHOWN).replace(tzinfo=WARD_ZONE)
        except ValueError:
            raise Refused("isv.invalid-timestamp", "非法的时间戳参数", "40002") from None
        if abs(at - self.clock.now()) > SKEW:
            raise Refused("isv.invalid-timestamp", "非法的时间戳参数", "40002")
        if given.get("method") not in self._methods:
            raise Refused("isv.invalid-method", "不存在的方法名", "40002")

    def _precreate(self, biz: Mapping[str, Any], given: Mapping[str, str]) -> Mapping[str, str]:
        now = self.clock.now()
        subject = biz.get("subject")
        if not isinstance(subject, str) or not 0 < len(subject) <= 256:
            raise Refused("ACQ.INVALID_PARAMETER", "subject")
        lives = min(_minutes(biz, "qr_code_timeout_express") or _CODE_LIVES, _CODE_LIVES)
        within = _minutes(biz, "timeout_express") or timedelta(days=15)
        address = given.get("notify_url", "")
        code = self.book.precreate(Code(_no(biz), _fen(biz, "total_amount"), subject, now + lives, within, address))
        return {"out_trade_no": code.no, "qr_code": code.qr}

    def _query(self, biz: Mapping[str, Any], _given: Mapping[str, str]) -> Mapping[str, str]:
        trade = self.book.trade(_no(biz))
        found = {**_names(trade), "trade_status": trade.state, "total_amount": _yuan(trade.code.fen)}
        if trade.paid_at is not None:
            found |= {"send_pay_date": _wall(trade.paid_at), "buyer_pay_amount": _yuan(trade.code.fen)}
        return found

    def _close(self, biz: Mapping[str, Any], _given: Mapping[str, str]) -> Mapping[str, str]:
        return _names(self.book.close(_no(biz), self.clock.now()))

    def _cancel(self, biz: Mapping[str, Any], _given: Mapping[str, str]) -> Mapping[str, str]:
        trade, action = self.book.cancel(_no(biz), self.clock.now())
        return {**_names(trade), "retry_flag": "N", "action": action}

    def _refund(self, biz: Mapping[str, Any], _given: Mapping[str, str]) -> Mapping[str, str]:
        fen, no = _fen(biz, "refund_amount"), _no(biz)
        request = str(biz.get("out_request_no") or "")
        if not request and fen != self.book.trade(no).code.fen:
            raise Refused("ACQ.INVALID_PARAMETER", "部分退款需要out_request_no")
        refund, has_moved = self.book.refund(no, request or no, fen, self.clock.now())
        # The fee is what was given back of the trade in all.
        given_back = _yuan(self.book.given_back(refund.trade))
        return {**_names(refund.trade), "fund_change": "Y" if has_moved else "N", "refund_fee": given_back}

    def _refund_query(self, biz: Mapping[str, Any], _given: Mapping[str, str]) -> Mapping[str, str]:
        trade = self.book.trade(_no(biz))
        refund = self.book.refunds.get((trade.code.no, str(biz.get("out_request_no"))))
        if refund is None:
            # Asked for a refund that nobody asked for: success, and nothing about any refund.
            return {}
        return {
            **_names(trade),
            "out_request_no": refund.out_request_no,
            "refund_amount": _yuan(refund.fen),
            "total_amount": _yuan(trade.code.fen),
            "refund_status": "REFUND_SUCCESS",
            "gmt_refund_pay": _wall(refund.at),
        }

    def _bill(self, biz: Mapping[str, Any], _given: Mapping[str, str]) -> Mapping[str, str]:
        try:
            on = date.fromisoformat(str(biz.get("bill_date")))
        except ValueError:
            raise Refused("isp.invalid-parameter", "bill_date") from None
        if biz.get("bill_type") != "trade":
            raise Refused("isp.invalid-parameter", "bill_type")
        if on >= ward_time(self.clock.now()).date() and not self._bill_at_once:
            raise Refused("isp.bill_not_exist", "账单不存在")
        token = secrets.token_urlsafe(24)
        self._files[token] = (bill(self.book, self.merchant.seller_id, on), self.clock.now() + _URL_LIVES)
        return {"bill_download_url": f"{self.wire.url}/bill?token={token}"}


def _biz(given: Mapping[str, str]) -> Mapping[str, Any]:
    try:
        found = json.loads(given.get("biz_content", ""))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Refused("ACQ.INVALID_PARAMETER", "biz_content")
    return found


def _no(biz: Mapping[str, Any]) -> str:
    no = biz.get("out_trade_no")
    if not isinstance(no, str) or not _NO.fullmatch(no):
        raise Refused("ACQ.INVALID_PARAMETER", "out_trade_no")
    return no


def _fen(biz: Mapping[str, Any], name: str) -> int:
    # Yuan as text with two decimals; a number would be one that somebody has rounded.
    found = _YUAN.fullmatch(biz[name]) if isinstance(biz.get(name), str) else None
    fen = int(found[1]) * 100 + int(found[2]) if found else 0
    if not 1 <= fen <= 10_000_000_000:
        raise Refused("ACQ.INVALID_PARAMETER", name)
    return fen


def _minutes(biz: Mapping[str, Any], name: str) -> timedelta | None:
    if name not in biz:
        return None
    found = _MINUTES.fullmatch(str(biz[name]))
    if found is None:
        raise Refused("ACQ.INVALID_PARAMETER", name)
    return timedelta(minutes=int(found[1]))


def _names(trade: Trade) -> dict[str, str]:
    return {"out_trade_no": trade.code.no, "trade_no": trade.trade_no}


def _wall(at: datetime) -> str:
    return ward_time(at).strftime(_SHOWN)


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
