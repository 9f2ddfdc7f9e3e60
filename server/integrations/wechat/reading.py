"""Trades and refunds of API v3 as the port knows them. Pure; what does not fit is UNKNOWN, never yes or no."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from server.payments.port import Found, Refund, RefundFound, Trade

# The API's trade_state. REFUND: paid, and something was given back. The last three are for payment codes (K).
TRADES = {
    "SUCCESS": Trade.PAID,
    "REFUND": Trade.PAID,
    "NOTPAY": Trade.WAITING,
    "USERPAYING": Trade.WAITING,
    "PAYERROR": Trade.WAITING,
    "CLOSED": Trade.CLOSED,
    "REVOKED": Trade.CLOSED,
}

# The API's status of a refund. ABNORMAL: the money has left us and not arrived; somebody must look into it there.
REFUNDS = {
    "SUCCESS": Refund.DONE,
    "PROCESSING": Refund.PROCESSING,
    "CLOSED": Refund.REFUSED,
    "ABNORMAL": Refund.UNKNOWN,
}


def as_trade(said: Mapping[str, Any], out_trade_no: str, mchid: str, appid: str) -> Found:
    """A trade; UNKNOWN if it is not the one that was asked for, or says too little about a payment."""
    if (said.get("out_trade_no"), said.get("mchid"), said.get("appid")) != (out_trade_no, mchid, appid):
        return Found(Trade.UNKNOWN)
    state = TRADES.get(str(said.get("trade_state")), Trade.UNKNOWN)
    if state is not Trade.PAID:
        return Found(state)
    found = payment(said)
    return Found(Trade.UNKNOWN) if found is None else found


def payment(said: Mapping[str, Any]) -> Found | None:
    """The payment in a trade; None if number, amount or time is missing, or if it is in another currency."""
    amount, number, paid_at = said.get("amount"), said.get("transaction_id"), instant(said.get("success_time"))
    total = amount.get("total") if isinstance(amount, dict) else None
    if type(total) is not int or not isinstance(number, str) or not number or paid_at is None:
        return None
    if isinstance(amount, dict) and amount.get("currency", "CNY") != "CNY":
        return None
    return Found(Trade.PAID, number, total, paid_at)


def as_refund(said: Mapping[str, Any], out_trade_no: str, out_refund_no: str) -> RefundFound:
    """A refund, from an answer; UNKNOWN if it is not the one that was asked for."""
    if (said.get("out_trade_no"), said.get("out_refund_no")) != (out_trade_no, out_refund_no):
        return RefundFound(Refund.UNKNOWN)
    return refund(said, said.get("status"))


def refund(said: Mapping[str, Any], status: Any) -> RefundFound:
    """What is said of a refund; its status has another name in a notice."""
    state, amount = REFUNDS.get(str(status), Refund.UNKNOWN), said.get("amount")
    fen = amount.get("refund") if isinstance(amount, dict) else None
    return RefundFound(
        state,
        channel_refund_no=str(said["refund_id"]) if said.get("refund_id") else None,
        refund_fen=fen if type(fen) is int else None,
        done_at=instant(said.get("success_time")) if state is Refund.DONE else None,
        reason=str(status)[:40] if state in (Refund.REFUSED, Refund.UNKNOWN) else None,
    )


def instant(text: Any) -> datetime | None:
    """RFC 3339 with an offset, in UTC; None if it is something else."""
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return None if found.tzinfo is None else found.astimezone(UTC)
