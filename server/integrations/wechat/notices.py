"""Notices of API v3: the signature over the raw bytes first, then the encrypted part, then its fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from wechatpayv3.utils import aes_decrypt

from server.integrations.wechat.account import WechatAccount
from server.integrations.wechat.client import Platform
from server.integrations.wechat.reading import payment, refund
from server.payments.port import Notice, NoticeForged

_AEAD = "AEAD_AES_256_GCM"


def read(platform: Platform, account: WechatAccount, headers: Mapping[str, str], raw: bytes) -> Notice:
    """A notice that WeChat Pay has signed as it stands. Its age is for the caller to judge.

    Raises:
        NoticeForged: its signature is not right, or it cannot be opened or read although it is.
    """
    if not platform.has_signed(headers, raw):
        raise NoticeForged
    try:
        sent_at = datetime.fromtimestamp(int(headers["wechatpay-timestamp"]), UTC)
        outer = orjson.loads(raw)
        inner = _opened(outer["resource"], account.apiv3_key)
        return _notice(outer, inner, sent_at, account)
    except (KeyError, TypeError, ValueError, OverflowError, OSError) as exc:
        raise NoticeForged from exc


def _opened(resource: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    if resource["algorithm"] != _AEAD:
        raise ValueError(_AEAD)
    clear = aes_decrypt(
        nonce=resource["nonce"],
        ciphertext=resource["ciphertext"],
        associated_data=resource.get("associated_data") or "",
        apiv3_key=key,
    )
    if clear is None:
        raise ValueError("tag")
    found = orjson.loads(clear)
    if not isinstance(found, dict):
        raise TypeError("object")
    return found


def _notice(outer: Mapping[str, Any], inner: Mapping[str, Any], sent_at: datetime, account: WechatAccount) -> Notice:
    event, currency = str(outer["event_type"]), "CNY"
    # What is said of a refund names no application: the merchant alone can be compared.
    merchant = f"{inner['mchid']}/{inner.get('appid', account.appid if event.startswith('REFUND.') else '')}"
    number = str(inner["out_trade_no"])
    if event == "TRANSACTION.SUCCESS":
        currency = str(inner["amount"].get("currency", currency))
        found = payment({**inner, "amount": {**inner["amount"], "currency": "CNY"}})
        if inner["trade_state"] != "SUCCESS" or found is None:
            raise ValueError("trade")
        return Notice(str(outer["id"]), "payment", sent_at, merchant, number, currency, found)
    if event.startswith("REFUND."):
        told = refund(inner, inner["refund_status"])
        return Notice(
            str(outer["id"]),
            "refund",
            sent_at,
            merchant,
            number,
            out_refund_no=str(inner["out_refund_no"]),
            refund=told,
        )
    return Notice(str(outer["id"]), "other", sent_at, merchant, number)
