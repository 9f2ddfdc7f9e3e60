"""Trades of Alipay as the port knows them. Pure; what does not fit is UNKNOWN, never yes or no."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from server.payments.port import Found, Trade
from wardlink import money
from wardlink.clock import WARD_ZONE
from wardlink.errors import InvalidInput

PAID = frozenset({"TRADE_SUCCESS", "TRADE_FINISHED"})
"""Both are paid; the second can no longer be given back."""


def as_trade(said: Mapping[str, Any], out_trade_no: str) -> Found:
    """A trade; UNKNOWN if it is not the one that was asked for, or says too little about a payment."""
    state = said.get("trade_status")
    if said.get("out_trade_no") != out_trade_no:
        return Found(Trade.UNKNOWN)
    if state == "WAIT_BUYER_PAY":
        return Found(Trade.WAITING)
    # Closed is what was never paid, and also what was paid and given back whole: only that has a time of payment (K).
    if state in PAID or (state == "TRADE_CLOSED" and said.get("send_pay_date")):
        found = payment(said, said.get("send_pay_date"))
        return Found(Trade.UNKNOWN) if found is None else found
    return Found(Trade.CLOSED if state == "TRADE_CLOSED" else Trade.UNKNOWN)


def payment(said: Mapping[str, Any], paid_at: Any) -> Found | None:
    """The payment in a trade; None if number, amount or time is missing."""
    number, at = said.get("trade_no"), instant(paid_at)
    try:
        total = money.fen(str(said.get("total_amount")))
    except InvalidInput:
        return None
    if not isinstance(number, str) or not number or at is None:
        return None
    return Found(Trade.PAID, number, total, at)


def instant(text: Any) -> datetime | None:
    """A time as Alipay writes it, in its own zone; None if it is something else."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=WARD_ZONE).astimezone(UTC)
    except (TypeError, ValueError):
        return None
