"""What the API demands of a request before it is carried out (ward domain sheet 7.3, K for lengths)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from workbench.gateways.wechat.book import Refused
from workbench.gateways.wechat.signing import Merchant

_NO = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")
_REFUND_NO = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")


def demand_order(ask: Mapping[str, Any], by: Merchant, now: datetime) -> datetime:
    """Let through an order of this merchant; gives when it expires.

    Raises:
        Refused: PARAM_ERROR, or APPID_MCHID_NOT_MATCH.
    """
    if (ask.get("mchid"), ask.get("appid")) != (by.mchid, by.appid):
        raise Refused(400, "APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配")
    _demand(_NO.fullmatch(str(ask.get("out_trade_no", ""))), "out_trade_no")
    description = ask.get("description")
    _demand(isinstance(description, str) and 0 < len(description.encode()) <= 127, "description")
    _demand(len(str(ask.get("attach", ""))) <= 128, "attach")
    _demand_address(ask.get("notify_url"))
    amount = ask.get("amount")
    _demand(isinstance(amount, dict) and amount.get("currency", "CNY") == "CNY", "amount.currency")
    _demand_fen(ask["amount"].get("total"), "amount.total")
    try:
        expires_at = datetime.fromisoformat(str(ask["time_expire"]))
    except (KeyError, ValueError):
        raise Refused(400, "PARAM_ERROR", "time_expire") from None
    _demand(expires_at.tzinfo is not None and expires_at > now, "time_expire")
    return expires_at


def demand_refund(ask: Mapping[str, Any]) -> None:
    """Let through a refund with everything that it needs.

    Raises:
        Refused: PARAM_ERROR.
    """
    _demand(_REFUND_NO.fullmatch(str(ask.get("out_refund_no", ""))), "out_refund_no")
    _demand(("transaction_id" in ask) != ("out_trade_no" in ask), "transaction_id")
    _demand(len(str(ask.get("reason", "")).encode()) <= 80, "reason")
    if ask.get("notify_url"):
        _demand_address(ask["notify_url"])
    amount = ask.get("amount")
    _demand(isinstance(amount, dict) and amount.get("currency") == "CNY", "amount.currency")
    _demand_fen(ask["amount"].get("refund"), "amount.refund")
    _demand_fen(ask["amount"].get("total"), "amount.total")


def _demand_address(address: object) -> None:
    parts = urlsplit(str(address or ""))
    # The real one wants https and a public host; here is only the loopback.
    is_near = parts.scheme == "http" and parts.hostname == "127.0.0.1"
    _demand((parts.scheme == "https" or is_near) and not parts.query, "notify_url")


def _demand_fen(fen: object, name: str) -> None:
    _demand(type(fen) is int and fen > 0, name)


def _demand(is_right: object, name: str) -> None:
    if not is_right:
        raise Refused(400, "PARAM_ERROR", f"参数错误：{name}")
