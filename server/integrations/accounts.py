"""Accounts of payment channels from the settings: numbers from the environment, keys from files.

A private key lies in a file that only the server's own user can read; else the server does not start with it.
"""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from cryptography.x509 import load_pem_x509_certificate

from server.config import Settings
from server.integrations.alipay.account import AlipayAccount
from server.integrations.facts import facts
from server.integrations.wechat.account import WechatAccount
from wardlink.errors import Misconfigured
from wardlink.i18n import N_

_INCOMPLETE = N_("The payment channel {channel} needs {setting} as well.")
_UNREADABLE = N_("The file {path} cannot be read: {reason}.")
_OPEN = N_("Others can read the key in {path}. Run: chmod 600 {path}")
_NO_CERTIFICATE = N_("{name} holds no RSA key or certificate in PEM.")
_NO_ADDRESS = N_(
    "{channel} reaches this server only at a public https address without a question mark. Set WARDLINK_PAY_NOTIFY_URL."
)
_MOST_BYTES = 64 * 1024

T = TypeVar("T")


def wechat_account(settings: Settings, notify_url: str) -> WechatAccount:
    """The merchant's account at WeChat Pay.

    Raises:
        Misconfigured: a setting is missing, a file cannot be read or can be read by others.
    """
    s = settings
    return WechatAccount(
        mchid=_given(s.pay_wechat_mchid, "wechat", "MCHID"),
        appid=_given(s.pay_wechat_appid, "wechat", "APPID"),
        serial=_given(s.pay_wechat_serial, "wechat", "SERIAL"),
        private_key=_secret(_given(s.pay_wechat_key, "wechat", "KEY")),
        apiv3_key=_secret(_given(s.pay_wechat_apiv3_key, "wechat", "APIV3_KEY")),
        platform_keys=_platform_keys(s),
        notify_url=_public(notify_url, s.pay_wechat_address, "WeChat Pay"),
        address=(s.pay_wechat_address or facts("wechat").address).rstrip("/"),
    )


def alipay_account(settings: Settings, notify_url: str) -> AlipayAccount:
    """The merchant's account at Alipay.

    Raises:
        Misconfigured: a setting is missing, a file cannot be read or can be read by others.
    """
    s = settings
    return AlipayAccount(
        app_id=_given(s.pay_alipay_app_id, "alipay", "APP_ID"),
        seller_id=_given(s.pay_alipay_seller_id, "alipay", "SELLER_ID"),
        private_key=_secret(_given(s.pay_alipay_key, "alipay", "KEY")),
        alipay_key=_text(_given(s.pay_alipay_public_key, "alipay", "PUBLIC_KEY")),
        notify_url=_public(notify_url, s.pay_alipay_address, "Alipay"),
        address=s.pay_alipay_address or facts("alipay").address,
    )


def _platform_keys(s: Settings) -> dict[str, str]:
    keys: dict[str, str] = {}
    if s.pay_wechat_public_key is not None:
        keys[_given(s.pay_wechat_public_key_id, "wechat", "PUBLIC_KEY_ID")] = _text(s.pay_wechat_public_key)
    if s.pay_wechat_certificates is not None:
        for path in sorted(s.pay_wechat_certificates.glob("*.pem")):
            pem = _text(path)
            keys[_serial(pem, path)] = pem
    if not keys:
        raise Misconfigured(_INCOMPLETE, channel="wechat", setting="WARDLINK_PAY_WECHAT_PUBLIC_KEY")
    return keys


def _serial(pem: str, path: Path) -> str:
    try:
        return f"{load_pem_x509_certificate(pem.encode()).serial_number:X}"
    except ValueError as exc:
        raise Misconfigured(_NO_CERTIFICATE, name=path) from exc


def _given(value: T | None, channel: str, name: str) -> T:
    if value is None:
        raise Misconfigured(_INCOMPLETE, channel=channel, setting=f"WARDLINK_PAY_{channel.upper()}_{name}")
    return value


def _public(notify_url: str, other_gateway: str | None, channel: str) -> str:
    # A gateway of one's own, as the tests have, may be told a near address; the real one cannot reach it.
    parts = urlsplit(notify_url)
    if parts.query or (parts.scheme != "https" and other_gateway is None):
        raise Misconfigured(_NO_ADDRESS, channel=channel)
    return notify_url


def _secret(path: Path) -> str:
    try:
        mode = path.stat().st_mode
    except OSError as exc:
        raise Misconfigured(_UNREADABLE, path=path, reason=exc.strerror) from exc
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Misconfigured(_OPEN, path=path)
    return _text(path)


def _text(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(_MOST_BYTES).strip()
    except OSError as exc:
        raise Misconfigured(_UNREADABLE, path=path, reason=exc.strerror) from exc
    except UnicodeDecodeError as exc:
        raise Misconfigured(_UNREADABLE, path=path, reason="UTF-8") from exc
