"""The sandbox channel behind the payment port, over HTTP."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import ClassVar, TypeVar
from urllib.parse import quote

import httpx2
from pydantic import ValidationError

from server.integrations.sandbox import signing
from server.integrations.sandbox.wire import (
    BILL_COLUMNS,
    Code,
    Fault,
    NewRefund,
    NewTrade,
    NoticeBody,
    RefundView,
    TradeView,
    Wire,
)
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
    NoticeForged,
    PayAsk,
    Refund,
    RefundAsk,
    RefundFound,
    Trade,
)
from wardlink.clock import Clock, SystemClock

W = TypeVar("W", bound=Wire)

TIMEOUT_S = 8.0
"""A person waits for the code."""


@dataclass(frozen=True)
class SandboxSettings:
    """Where the gateway is, who we are there, our key, the gateway's public key, and where it shall send notices."""

    url: str
    merchant: str
    key: Path
    gateway_key: Path
    notify_url: str | None = None
    timeout_s: float = TIMEOUT_S


class SandboxProvider:
    """Speaks to the sandbox gateway; every request and every reply is signed.

    Raises:
        Misconfigured: a key cannot be read.
    """

    channel: ClassVar[str] = "sandbox"

    def __init__(self, settings: SandboxSettings, clock: Clock | None = None) -> None:
        self._settings = settings
        self._clock = clock or SystemClock()
        self._key = signing.private_key(settings.key)
        self._gateway_key = signing.public_key(settings.gateway_key)
        # The hospital's proxy is for the outside world; the sandbox is in the house.
        self._client = httpx2.Client(base_url=settings.url, timeout=settings.timeout_s, trust_env=False)

    @property
    def merchant(self) -> str:
        """Our name at the gateway."""
        return self._settings.merchant

    def shut(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def create(self, ask: PayAsk) -> Created:
        """Have a code made."""
        trade = NewTrade(
            out_trade_no=ask.out_trade_no,
            amount_fen=ask.amount_fen,
            currency="CNY",
            subject=ask.subject,
            expires_at=ask.expires_at,
            notify_url=self._settings.notify_url,
        )
        status, body = self._send("POST", "/v1/trades", trade)
        if status >= 400:
            raise ChannelRefused(reason=_code(body))
        made = _read(Code, body)
        return Created(made.qr, made.expires_at)

    def query(self, out_trade_no: str) -> Found:
        """How a payment stands."""
        status, body = self._send("GET", f"/v1/trades/{quote(out_trade_no)}")
        if status == 404:
            return Found(Trade.ABSENT)
        if status >= 400:
            return Found(Trade.UNKNOWN)
        return _found(_read(TradeView, body))

    def close(self, out_trade_no: str) -> Closing:
        """Let nobody pay it any more."""
        status, body = self._send("POST", f"/v1/trades/{quote(out_trade_no)}/close")
        if status < 300:
            return Closing.CLOSED
        return {"no-trade": Closing.ABSENT, "paid": Closing.PAID}.get(_code(body), Closing.UNKNOWN)

    def refund(self, ask: RefundAsk) -> RefundFound:
        """Give money back."""
        refund = NewRefund(
            out_trade_no=ask.out_trade_no,
            out_refund_no=ask.out_refund_no,
            refund_fen=ask.refund_fen,
            total_fen=ask.total_fen,
            reason=ask.reason[:80],
        )
        status, body = self._send("POST", "/v1/refunds", refund)
        if status >= 400:
            return RefundFound(Refund.REFUSED, reason=_code(body))
        return _refund(_read(RefundView, body))

    def query_refund(self, out_trade_no: str, out_refund_no: str) -> RefundFound:
        """How a refund stands."""
        status, body = self._send("GET", f"/v1/trades/{quote(out_trade_no)}/refunds/{quote(out_refund_no)}")
        if status == 404:
            return RefundFound(Refund.ABSENT)
        if status >= 400:
            return RefundFound(Refund.UNKNOWN)
        return _refund(_read(RefundView, body))

    def read_notice(self, headers: Mapping[str, str], raw: bytes) -> Notice:
        """Check the signature of the bytes as they came, then read them."""
        sent_at = signing.signed_at(self._gateway_key, headers, "notice", body=raw)
        if sent_at is None:
            raise NoticeForged
        try:
            told = NoticeBody.model_validate_json(raw)
        except ValidationError as exc:
            raise NoticeForged from exc
        if told.refund is not None:
            return Notice(
                told.id,
                "refund",
                sent_at,
                told.merchant,
                told.refund.out_trade_no,
                out_refund_no=told.refund.out_refund_no,
                refund=_refund(told.refund),
            )
        if told.trade is None:
            return Notice(told.id, "other", sent_at, told.merchant, "")
        trade = told.trade
        return Notice(
            told.id, "payment", sent_at, told.merchant, trade.out_trade_no, trade.currency, found=_found(trade)
        )

    def answer(self, *, accepted: bool) -> NoticeAnswer:
        """204, or 400 for once more."""
        return NoticeAnswer(204, None, b"") if accepted else NoticeAnswer(400, "text/plain", b"again")

    def bill(self, on: date) -> Iterator[BillRow]:
        """The lines of the bill of one day."""
        status, body = self._send("GET", f"/v1/bills/{on.isoformat()}")
        if status >= 400:
            raise BillNotReady(on=on.isoformat())
        for row in csv.DictReader(io.StringIO(body.decode()), BILL_COLUMNS):
            if row["kind"] == "kind":
                continue
            yield BillRow(
                kind="refund" if row["kind"] == "refund" else "payment",
                out_trade_no=row["out_trade_no"],
                channel_trade_no=row["trade_no"],
                amount_fen=int(row["amount_fen"]),
                fee_fen=int(row["fee_fen"]),
                at=datetime.fromisoformat(row["at"]),
                state=row["state"],
                out_refund_no=row["out_refund_no"] or None,
                channel_refund_no=row["refund_no"] or None,
            )

    def _send(self, method: str, path: str, message: Wire | None = None) -> tuple[int, bytes]:
        body = b"" if message is None else message.model_dump_json().encode()
        signed = signing.headers(self._key, self._clock.now(), method, path, body=body)
        named = {signing.MERCHANT: self.merchant, "content-type": "application/json"}
        try:
            reply = self._client.request(method, path, content=body, headers=signed | named)
        except httpx2.HTTPError as exc:
            raise ChannelAway from exc
        # A reply that is not signed may come from anything on the way: then nothing is known.
        if (
            signing.signed_at(self._gateway_key, reply.headers, "reply", signed[signing.NONCE], body=reply.content)
            is None
        ):
            raise ChannelAway
        if reply.status_code >= 500:
            raise ChannelAway
        return reply.status_code, reply.content


def _found(view: TradeView) -> Found:
    if view.state != "paid":
        return Found(Trade.WAITING if view.state == "waiting" else Trade.CLOSED)
    return Found(Trade.PAID, view.trade_no, view.amount_fen, view.paid_at)


def _refund(view: RefundView) -> RefundFound:
    state = Refund.DONE if view.state == "done" else Refund.PROCESSING
    return RefundFound(state, view.refund_no, view.refund_fen, view.done_at)


def _read(model: type[W], body: bytes) -> W:
    try:
        return model.model_validate_json(body)
    except ValidationError as exc:
        raise ChannelAway from exc


def _code(body: bytes) -> str:
    try:
        return Fault.model_validate_json(body).code
    except ValidationError:
        return "unreadable"
