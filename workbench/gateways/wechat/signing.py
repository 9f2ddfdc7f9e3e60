"""Signatures and encryption of WeChat Pay API v3, made and checked without the library that the adapter uses.

Source: ward domain sheet 7.3 (V2; header names and AEAD V).
"""

from __future__ import annotations

import re
import secrets
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding

from workbench.gateways.keys import (
    certificate,
    digits,
    is_signed,
    private_pem,
    public_pem,
    rsa_key,
    serial_of,
    sign,
    word,
)
from workbench.gateways.wechat.book import Refused
from workbench.gateways.wire import Asked

SCHEME = "WECHATPAY2-SHA256-RSA2048"
SKEW = timedelta(minutes=5)
_FIELD = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True)
class Merchant:
    """A merchant's account with everything that it gets when it is opened."""

    mchid: str
    appid: str
    serial: str
    key: rsa.RSAPrivateKey
    apiv3_key: str

    @property
    def private_pem(self) -> str:
        """The merchant's own key, as it stands in apiclient_key.pem."""
        return private_pem(self.key)


def merchant() -> Merchant:
    """A merchant with new keys."""
    return Merchant("19" + digits(8), "wx" + secrets.token_hex(8), secrets.token_hex(20).upper(), rsa_key(), word(32))


class Seal:
    """The platform's side: its certificate and its public key, each with a serial; which of them signs.

    `by`: "key" signs as merchants of today get it (PUB_KEY_ID_…), "certificate" as those before.
    """

    def __init__(self, now: datetime, by: str = "key") -> None:
        self.key = rsa_key()
        self.certificate: x509.Certificate = certificate(self.key, "Tenpay.com sample", now)
        self.key_id = "PUB_KEY_ID_" + digits(32)
        self.by = by

    @property
    def serial(self) -> str:
        """What stands in Wechatpay-Serial."""
        return self.key_id if self.by == "key" else serial_of(self.certificate)

    @property
    def public_pem(self) -> str:
        """The platform's public key."""
        return public_pem(self.key.public_key())

    @property
    def certificate_pem(self) -> str:
        """The platform's certificate."""
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def headers(self, body: bytes, now: datetime) -> dict[str, str]:
        """The headers that sign a body."""
        at, nonce = str(int(now.timestamp())), word(32)
        signature = sign(self.key, b"%s\n%s\n%s\n" % (at.encode(), nonce.encode(), body))
        return {
            "Wechatpay-Timestamp": at,
            "Wechatpay-Nonce": nonce,
            "Wechatpay-Signature": signature,
            "Wechatpay-Serial": self.serial,
            "Wechatpay-Signature-Type": SCHEME,
        }


def demand_signed(asked: Asked, by: Merchant, now: datetime) -> None:
    """Let through a request that `by` has signed within the last five minutes.

    Raises:
        Refused: 401 SIGN_ERROR, with what is wrong.
    """
    scheme, _, rest = asked.headers.get("authorization", "").partition(" ")
    said = dict(_FIELD.findall(rest))
    if scheme != SCHEME or set(said) != {"mchid", "nonce_str", "signature", "timestamp", "serial_no"}:
        raise Refused(401, "SIGN_ERROR", "Http头Authorization值格式错误")
    if (said["mchid"], said["serial_no"]) != (by.mchid, by.serial):
        raise Refused(401, "SIGN_ERROR", "商户号或证书序列号不正确")
    if not said["timestamp"].isdigit() or abs(int(said["timestamp"]) - now.timestamp()) > SKEW.total_seconds():
        raise Refused(401, "SIGN_ERROR", "Http头Authorization中的timestamp与发起请求的时间不得超过5分钟")
    parts = (asked.method, asked.path, said["timestamp"], said["nonce_str"])
    text = "".join(part + "\n" for part in parts).encode() + asked.body + b"\n"
    if not is_signed(by.key.public_key(), text, said["signature"]):
        raise Refused(401, "SIGN_ERROR", "签名错误")


def sealed(apiv3_key: str, clear: bytes, about: str) -> dict[str, str]:
    """A resource of a notice, encrypted; the tag is the end of the ciphertext."""
    nonce = word(12)
    hidden = AESGCM(apiv3_key.encode()).encrypt(nonce.encode(), clear, about.encode())
    return {
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": b64encode(hidden).decode(),
        "nonce": nonce,
        "associated_data": about,
        "original_type": about,
    }
