"""The gateway itself: paths of API v3 over HTTP, and the acts of a payer, which tests and demos call."""

from __future__ import annotations

import gzip
import hashlib
import json
import secrets
import threading
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from wardlink.clock import Clock, SystemClock, ward_time
from workbench.gateways.notices import Made, Notices
from workbench.gateways.wechat.bill import bill
from workbench.gateways.wechat.book import Book, Order, Refund, Refused
from workbench.gateways.wechat.checks import demand_order, demand_refund
from workbench.gateways.wechat.signing import Seal, demand_signed, merchant, sealed
from workbench.gateways.wire import Answered, Asked, Wire

# Seconds between the attempts of a notice (ward domain sheet 7.3, V2).
PLAN_S = (15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10_800, 10_800, 10_800, 21_600, 21_600)
BILL_FROM = timedelta(hours=9)
_URL_LIVES = timedelta(minutes=5)
_ORDERS = "/v3/pay/transactions/out-trade-no/"
_REFUNDS = "/v3/refund/domestic/refunds"


class WechatGateway:
    """One merchant at a local WeChat Pay. `merchant` and `seal` hold what the merchant's settings need.

    `sends`: how often each notice is sent when nothing is wrong (0 loses it). `refunds_settle`: a refund is done as
    soon as it is answered; else `settle_refund` does it. `bill_at_once`: a day's bill can be had before it is over.
    `spoil_bill`: something is added to a packed bill on its way.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        plan_s: Sequence[float] = PLAN_S,
        refunds_apart: timedelta = timedelta(minutes=1),
        refunds_settle: bool = True,
        bill_at_once: bool = False,
    ) -> None:
        self.clock = clock or SystemClock()
        self.merchant = merchant()
        self.seal = Seal(self.clock.now())
        self._refunds_apart = refunds_apart
        self._refunds_settle = refunds_settle
        self._bill_at_once = bill_at_once
        self.spoil_bill = False
        self._lock = threading.RLock()
        self.forget()
        self.notices = Notices(plan_s, lambda attempt: attempt.status in (200, 204))
        self.wire = Wire(self._answer, "wechat gateway")

    @property
    def url(self) -> str:
        """Where it listens."""
        return self.wire.url

    def stop(self) -> None:
        """End."""
        self.notices.stop()
        self.wire.stop()

    def forget(self) -> None:
        """Every order and refund; the merchant and the keys stay."""
        self.book = Book(self._refunds_apart)
        self.sends = 1
        self._files: dict[str, tuple[bytes, datetime]] = {}
        self._notice_urls: dict[str, str] = {}

    def pay(self, code_url: str) -> bool:
        """Somebody scans the code and pays; False: it can no longer be paid."""
        with self._lock:
            order = next((each for each in self.book.orders.values() if each.code_url == code_url), None)
            if order is None:
                return False
            try:
                self.book.pay(order.no, self.clock.now())
            except Refused:
                return False
        for _ in range(self.sends):
            self.notices.tell(self._notice_urls[order.no], lambda: self.notice_of(order.no))
        return True

    def settle_refund(self, out_refund_no: str, status: str = "SUCCESS") -> None:
        """What becomes of a refund: SUCCESS, CLOSED or ABNORMAL; it is told where its ask named an address."""
        with self._lock:
            refund = self.book.settle(out_refund_no, status, self.clock.now())
        url = self._notice_urls.get(f"refund {out_refund_no}")
        if url is not None:
            for _ in range(self.sends):
                self.notices.tell(url, lambda: self.refund_notice_of(refund.out_refund_no))

    def notice_of(self, no: str, *, age: timedelta = timedelta(0), merchant: str | None = None) -> Made:
        """A signed notice of a payment. `age`: signed so long ago; `merchant`: of another one, with its key."""
        with self._lock:
            order = self.book.order(no)
            clear = self._trade(order) | ({"mchid": merchant} if merchant else {})
        event = {"event_type": "TRANSACTION.SUCCESS", "summary": "支付成功"}
        return self._notice(f"pay {no}", event, clear, "transaction", self.clock.now() - age)

    def refund_notice_of(self, out_refund_no: str) -> Made:
        """A signed notice of what became of a refund."""
        with self._lock:
            refund = self.book.refund_called(out_refund_no)
            amount = {"total": refund.order.total, "refund": refund.fen, "payer_total": refund.order.total}
            clear = {
                "mchid": self.merchant.mchid,
                "out_trade_no": refund.order.no,
                "transaction_id": refund.order.transaction_id,
                "out_refund_no": refund.out_refund_no,
                "refund_id": refund.refund_id,
                "refund_status": refund.status,
                "amount": amount | {"payer_refund": refund.fen},
            }
            if refund.done_at is not None:
                clear["success_time"] = _instant(refund.done_at)
        event = {"event_type": f"REFUND.{refund.status}", "summary": "退款"}
        return self._notice(f"refund {out_refund_no}", event, clear, "refund", self.clock.now())

    def _notice(self, about: str, event: Mapping[str, str], clear: Mapping[str, Any], kind: str, at: datetime) -> Made:
        body = _json(
            {
                # The same in every copy.
                "id": str(_uuid_of(f"{self.merchant.mchid} {about}")),
                "create_time": _instant(at),
                "resource_type": "encrypt-resource",
                **event,
                "resource": sealed(self.merchant.apiv3_key, _json(clear), kind),
            }
        )
        return {"Content-Type": "application/json", **self.seal.headers(body, at)}, body

    def _answer(self, asked: Asked) -> Answered:
        now = self.clock.now()
        path = urlsplit(asked.path).path
        try:
            if path == "/v3/billdownload/file":
                # Its bytes carry no signature: the hash that came signed vouches for them.
                demand_signed(asked, self.merchant, now)
                return Answered(200, self._file(asked, now), {"Content-Type": "text/plain"})
            demand_signed(asked, self.merchant, now)
            with self._lock:
                status, said = self._route(asked, path, now)
        except Refused as refused:
            status, said = refused.status, {"code": refused.code, "message": refused.message}
        body = b"" if said is None else _json(said)
        kind = {} if said is None else {"Content-Type": "application/json; charset=utf-8"}
        return Answered(status, body, kind | self.seal.headers(body, now))

    def _route(self, asked: Asked, path: str, now: datetime) -> tuple[int, Mapping[str, Any] | None]:
        if (asked.method, path) == ("POST", "/v3/pay/transactions/native"):
            return 200, self._create(_object(asked.body), now)
        if path.startswith(_ORDERS):
            no, _, act = path.removeprefix(_ORDERS).partition("/")
            if asked.method == "POST" and act == "close":
                self._demand_mchid(_object(asked.body).get("mchid"))
                self.book.close(no)
                return 204, None
            if asked.method == "GET" and not act:
                self._demand_mchid(_question(asked, "mchid"))
                return 200, self._trade(self.book.order(no))
        if path == _REFUNDS and asked.method == "POST":
            return 200, self._refund(_object(asked.body), now)
        if path.startswith(_REFUNDS + "/") and asked.method == "GET":
            return 200, self._refund_view(self.book.refund_called(path.removeprefix(_REFUNDS + "/")))
        if (asked.method, path) == ("GET", "/v3/bill/tradebill"):
            return 200, self._bill(asked, now)
        raise Refused(404, "RESOURCE_NOT_EXISTS", "请求的资源不存在")

    def _create(self, ask: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
        expires_at = demand_order(ask, self.merchant, now)
        order = self.book.create(ask, now, expires_at)
        self._notice_urls[order.no] = str(ask["notify_url"])
        return {"code_url": order.code_url}

    def _trade(self, order: Order) -> dict[str, Any]:
        found: dict[str, Any] = {
            "appid": self.merchant.appid,
            "mchid": self.merchant.mchid,
            "out_trade_no": order.no,
            "trade_state": order.state,
            "trade_state_desc": order.state,
            "amount": {"total": order.total, "currency": "CNY"},
        }
        if order.paid_at is not None:
            found |= {
                "transaction_id": order.transaction_id,
                "trade_type": "NATIVE",
                "bank_type": "OTHERS",
                "success_time": _instant(order.paid_at),
                "payer": {"openid": order.openid},
            }
            found["amount"] |= {"payer_total": order.total, "payer_currency": "CNY"}
        return found

    def _refund(self, ask: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
        demand_refund(ask)
        refund = self.book.refund(ask, now)
        if ask.get("notify_url"):
            self._notice_urls[f"refund {refund.out_refund_no}"] = str(ask["notify_url"])
        # Accepted is all that this answer says, also when the money moves at once.
        said = self._refund_view(refund)
        if self._refunds_settle and refund.status == "PROCESSING":
            self.settle_refund(refund.out_refund_no)
        return said

    def _refund_view(self, refund: Refund) -> dict[str, Any]:
        found: dict[str, Any] = {
            "refund_id": refund.refund_id,
            "out_refund_no": refund.out_refund_no,
            "transaction_id": refund.order.transaction_id,
            "out_trade_no": refund.order.no,
            "channel": "ORIGINAL",
            "status": refund.status,
            "create_time": _instant(refund.asked_at),
            "amount": {"total": refund.order.total, "refund": refund.fen, "currency": "CNY"},
        }
        return found | ({"success_time": _instant(refund.done_at)} if refund.done_at else {})

    def _bill(self, asked: Asked, now: datetime) -> Mapping[str, Any]:
        kind = _question(asked, "bill_type") or "ALL"
        try:
            on = date.fromisoformat(_question(asked, "bill_date") or "")
        except ValueError:
            raise Refused(400, "PARAM_ERROR", "账单日期格式不正确") from None
        made_at = datetime.combine(on, datetime.min.time(), ward_time(now).tzinfo) + timedelta(days=1) + BILL_FROM
        if now < made_at and not self._bill_at_once:
            raise Refused(400, "NO_STATEMENT_EXIST", "账单文件不存在")
        if now > made_at + timedelta(days=92):
            raise Refused(400, "INVALID_REQUEST", "账单日期超出查询范围")
        data = bill(self.book, on, kind)
        token = secrets.token_urlsafe(24)
        is_packed = _question(asked, "tar_type") == "GZIP"
        self._files[token] = (gzip.compress(data) if is_packed else data, now + _URL_LIVES)
        # The hash is that of the file itself, unpacked.
        address = f"{self.url}/v3/billdownload/file?token={token}"
        return {"hash_type": "SHA1", "hash_value": hashlib.sha1(data).hexdigest(), "download_url": address}

    def _file(self, asked: Asked, now: datetime) -> bytes:
        data, until = self._files.get(_question(asked, "token") or "", (b"", now))
        if now >= until:
            raise Refused(400, "INVALID_REQUEST", "下载链接已失效")
        return gzip.compress(gzip.decompress(data) + b" ") if self.spoil_bill else data

    def _demand_mchid(self, said: object) -> None:
        if said != self.merchant.mchid:
            raise Refused(400, "PARAM_ERROR", "商户号不正确")


def _question(asked: Asked, name: str) -> str | None:
    return next(iter(parse_qs(urlsplit(asked.path).query).get(name, [])), None)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        raise Refused(400, "PARAM_ERROR", "请求体不是JSON") from None
    if not isinstance(found, dict):
        raise Refused(400, "PARAM_ERROR", "请求体不是JSON对象")
    return found


def _json(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode()


def _instant(at: datetime) -> str:
    return ward_time(at).isoformat(timespec="seconds")


def _uuid_of(text: str) -> str:
    made = hashlib.sha256(text.encode()).hexdigest()
    return f"{made[:8]}-{made[8:12]}-{made[12:16]}-{made[16:20]}-{made[20:32]}"
