"""Notices of Alipay: a form, signed with RSA2 over its decoded fields in order; the signature is checked first."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from server.integrations.alipay.reading import PAID, instant, payment
from server.integrations.signatures import is_signed
from server.payments.port import Notice, NoticeForged

_MOST_FIELDS = 200
_OUTSIDE = ("sign", "sign_type")
_OF_REFUND = ("refund_fee", "gmt_refund")


def read(key: RSAPublicKey, raw: bytes) -> Notice:
    """A notice that Alipay has signed as it stands. Its age is for the caller to judge.

    Raises:
        NoticeForged: its signature is not right, or it cannot be read although it is.
    """
    try:
        fields = _fields(raw)
        text = "&".join(f"{name}={fields[name]}" for name in sorted(fields) if name not in _OUTSIDE)
        if fields["sign_type"] != "RSA2" or not is_signed(key, text.encode(), fields["sign"]):
            raise NoticeForged
        return _notice(fields)
    except (KeyError, ValueError) as exc:
        raise NoticeForged from exc


def _fields(raw: bytes) -> dict[str, str]:
    pairs = parse_qsl(
        raw.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=_MOST_FIELDS
    )
    fields = dict(pairs)
    if len(fields) != len(pairs):
        # Of two fields of one name, one would be signed and the other believed.
        raise ValueError("twice")
    return fields


def _notice(fields: Mapping[str, str]) -> Notice:
    sent_at = instant(fields["notify_time"])
    merchant = f"{fields['app_id']}/{fields['seller_id']}"
    if sent_at is None:
        raise ValueError("notify_time")
    said = (fields["notify_id"], sent_at, merchant, fields["out_trade_no"])
    is_payment = fields["notify_type"] == "trade_status_sync" and fields["trade_status"] in PAID
    if not is_payment or any(name in fields for name in _OF_REFUND):
        # Of refunds only the sum of all is told: which one is done is asked for.
        return Notice(said[0], "other", *said[1:])
    found = payment(fields, fields.get("gmt_payment"))
    if found is None:
        raise ValueError("trade")
    return Notice(said[0], "payment", *said[1:], found=found)
