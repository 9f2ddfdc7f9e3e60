"""What merchants ask the gateway: every request must be signed by its merchant, every reply is signed."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.integrations.sandbox import signing
from server.integrations.sandbox.wire import BILL_COLUMNS, Code, Fault, NewRefund, NewTrade, Wire
from wardlink.clock import WARD_ZONE, from_micros, ward_date, ward_time
from workbench.gateways.sandbox.entries import Refused

if TYPE_CHECKING:
    from workbench.gateways.sandbox.gateway import Gateway

SKEW = timedelta(minutes=5)
"""A request signed longer ago, or so far ahead, is not taken: it may be an old one sent again."""


class Api:
    """The routes of the gateway's merchants."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            Route("/v1/trades", self._answer, methods=["POST"], name="create"),
            Route("/v1/trades/{no}", self._answer, methods=["GET"], name="query"),
            Route("/v1/trades/{no}/close", self._answer, methods=["POST"], name="close"),
            Route("/v1/trades/{no}/refunds/{refund}", self._answer, methods=["GET"], name="refund-query"),
            Route("/v1/refunds", self._answer, methods=["POST"], name="refund"),
            Route("/v1/bills/{on}", self._answer, methods=["GET"], name="bill"),
        ]

    async def _answer(self, request: Request) -> Response:
        raw = await request.body()
        return await run_in_threadpool(self._act, request, raw)

    def _act(self, request: Request, raw: bytes) -> Response:
        now = self._gateway.clock.now()
        status, media_type, body = 200, "application/json", b"{}"
        try:
            merchant = self._merchant(request, raw, now)
            done = self._do(request, merchant, raw, now)
            if isinstance(done, Wire):
                body = done.model_dump_json().encode()
            elif done is not None:
                media_type, body = "text/csv", done
        except Refused as exc:
            status, body = exc.status, Fault(code=exc.code).model_dump_json().encode()
        except ValidationError:
            status, body = 400, Fault(code="unreadable").model_dump_json().encode()
        if self._gateway.loses_answers:
            # The caller hears something that nobody has signed, as from a proxy on the way.
            return Response(status_code=502)
        asked = request.headers.get(signing.NONCE, "")
        signed = signing.headers(self._gateway.key, now, "reply", asked, body=body)
        return Response(body, status, signed, media_type)

    def _merchant(self, request: Request, raw: bytes, now: datetime) -> str:
        merchant = request.headers.get(signing.MERCHANT, "")
        key = self._gateway.merchant_key(merchant)
        path = request.scope["raw_path"].decode()
        at = None if key is None else signing.signed_at(key, request.headers, request.method, path, body=raw)
        if at is None or abs(now - at) > SKEW or not self._gateway.is_new(request.headers[signing.NONCE], now):
            raise Refused("signature", 401)
        return merchant

    def _do(self, request: Request, merchant: str, raw: bytes, now: datetime) -> Wire | bytes | None:
        books, at = self._gateway.books, request.path_params
        name = request.scope["route"].name
        if name == "create":
            token, expires_at = books.create(merchant, NewTrade.model_validate_json(raw), now)
            return Code(qr=self._gateway.page_of(token), expires_at=expires_at)
        if name == "query":
            return books.trade(merchant, at["no"], now)
        if name == "close":
            books.close_trade(merchant, at["no"], now)
            return None
        if name == "refund":
            return books.refund(merchant, NewRefund.model_validate_json(raw), now)
        if name == "refund-query":
            return books.refund_of(merchant, at["refund"], now)
        return self._bill(merchant, at["on"], now)

    def _bill(self, merchant: str, on: str, now: datetime) -> bytes:
        try:
            day = date.fromisoformat(on)
        except ValueError as exc:
            raise Refused("no-day", 400) from exc
        # Unlike the real channels this one gives the bill of today as well: a demonstration has no tomorrow.
        if day > ward_date(now):
            raise Refused("not-ready", 404)
        since = datetime(day.year, day.month, day.day, tzinfo=WARD_ZONE)
        trades, refunds = self._gateway.books.paid_between(merchant, since, since + timedelta(days=1))
        text = io.StringIO()
        lines = csv.writer(text)
        lines.writerow(BILL_COLUMNS)
        for row in trades:
            lines.writerow(_line("payment", row, row["amount_fen"], row["paid_at"], "", ""))
        for row in refunds:
            number, ours = row["out_refund_no"], row["refund_no"]
            lines.writerow(_line("refund", row, row["refund_fen"], row["asked_at"], number, ours))
        return text.getvalue().encode()


def _line(kind: str, row: Any, amount_fen: int, at: int, out_refund_no: str, refund_no: str) -> tuple[object, ...]:
    moment = ward_time(from_micros(at)).isoformat()
    return kind, row["out_trade_no"], row["trade_no"], out_refund_no, refund_no, amount_fen, 0, moment, "done"
