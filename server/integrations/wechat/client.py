"""Asks WeChat Pay: wechatpayv3 knows paths, parameters and our signatures; the wire below it is ours.

Of wechatpayv3 2.0.4 the wire cannot be used as it is. Its address is fixed; it verifies an answer over text that was
decoded by a guessed character set instead of over the bytes, does not look at the time inside the signature, believes
errors without a signature, and waits for ever unless told. So its core gets another `request`, in this one place, and
its logger, which writes down bodies, is never set.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx2
import orjson
import structlog
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpayv3.core import Core
from wechatpayv3.type import RequestType
from wechatpayv3.utils import build_authorization

from server.integrations.facts import facts
from server.integrations.signatures import is_signed, public_key
from server.integrations.wechat.account import WechatAccount
from server.payments.port import ChannelAway
from wardlink.clock import Clock
from wardlink.errors import Misconfigured
from wardlink.i18n import N_

log = structlog.get_logger(__name__)

SCHEME = "WECHATPAY2-SHA256-RSA2048"
_BAD_KEY = N_(
    "The private key or the APIv3 key of the WeChat merchant cannot be used. The APIv3 key has 32 characters."
)
_NO_PLATFORM_KEY = N_("Name the public key of WeChat Pay, or a platform certificate, for this merchant.")

Answer = tuple[int, Mapping[str, Any]]
"""Status, and the object in the body; empty where there is none."""


class Platform:
    """The keys that WeChat Pay signs with, by the serial that it names."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        if not keys:
            raise Misconfigured(_NO_PLATFORM_KEY)
        self._keys: dict[str, RSAPublicKey] = {_plain(name): public_key(pem, name) for name, pem in keys.items()}

    def has_signed(self, headers: Mapping[str, str], raw: bytes) -> bool:
        """Whether these bytes came with its signature. Says nothing about when."""
        given = {name: headers.get(f"wechatpay-{name}", "") for name in ("timestamp", "nonce", "signature", "serial")}
        key = self._keys.get(_plain(given["serial"]))
        if key is None or headers.get("wechatpay-signature-type", SCHEME) != SCHEME:
            return False
        try:
            text = f"{given['timestamp']}\n{given['nonce']}\n".encode() + raw + b"\n"
        except UnicodeEncodeError:
            return False
        return is_signed(key, text, given["signature"])


def _plain(serial: str) -> str:
    # Certificates' serials are written with and without leading noughts, in small and in capital letters.
    return serial.strip().upper().lstrip("0")


class WechatClient:
    """The calls of one merchant. Everything raises ChannelAway unless a signed answer of the last minutes came."""

    def __init__(self, account: WechatAccount, clock: Clock) -> None:
        self._account = account
        self.platform = Platform(account.platform_keys)
        self._http = httpx2.Client(timeout=facts("wechat").timeout_s)
        core = _core(account, self._http, self.platform, clock)
        # The constructor would make a core of its own that asks the real host for certificates.
        self._api = WeChatPay.__new__(WeChatPay)
        for name, value in {
            "_type": WeChatPayType.NATIVE,
            "_mchid": account.mchid,
            "_appid": account.appid,
            "_notify_url": account.notify_url,
            "_partner_mode": False,
            "_core": core,
        }.items():
            setattr(self._api, name, value)
        self._core = core

    def pay(self, **parts: Any) -> Answer:
        """Ask for a code."""
        return _read(self._api.pay(**parts))

    def query(self, out_trade_no: str) -> Answer:
        """Ask for a trade."""
        return _read(self._api.query(out_trade_no=out_trade_no))

    def close(self, out_trade_no: str) -> Answer:
        """Close a trade that is not paid."""
        return _read(self._api.close(out_trade_no))

    def refund(self, **parts: Any) -> Answer:
        """Ask for a refund."""
        return _read(self._api.refund(**parts))

    def query_refund(self, out_refund_no: str) -> Answer:
        """Ask for a refund that was asked for."""
        return _read(self._api.query_refund(out_refund_no))

    def trade_bill(self, on: str) -> Answer:
        """Ask where the bill of a day is."""
        return _read(self._api.trade_bill(on))

    @contextmanager
    def file(self, address: str) -> Iterator[Iterator[bytes]]:
        """The bytes of a bill, a piece at a time. They come unsigned: check them against the hash that came signed.

        Raises:
            ChannelAway: not a file of this host, or it does not come.
        """
        if not address.startswith(self._account.address + "/"):
            # Our signature is only for WeChat Pay.
            raise ChannelAway
        headers = {"Authorization": self._core.authorization(address.removeprefix(self._account.address))}
        try:
            with self._http.stream("GET", address, headers=headers) as answer:
                if answer.status_code != 200:
                    log.warning("wechat.file", status=answer.status_code)
                    raise ChannelAway
                yield answer.iter_raw()
        except httpx2.HTTPError as exc:
            raise ChannelAway from exc

    def shut(self) -> None:
        """Let go of the connections."""
        self._http.close()


def _core(account: WechatAccount, http: httpx2.Client, platform: Platform, clock: Clock) -> _Core:
    if len(account.apiv3_key.encode()) != 32:
        raise Misconfigured(_BAD_KEY)
    try:
        return _Core(account, http, platform, clock)
    except Exception as exc:
        # The library knows no kinds of errors; its only work here is to read our key.
        raise Misconfigured(_BAD_KEY) from exc


class _Core(Core):  # type: ignore[misc]
    """The library's core with a wire of ours."""

    def __init__(self, account: WechatAccount, http: httpx2.Client, platform: Platform, clock: Clock) -> None:
        name, pem = next(iter(account.platform_keys.items()))
        super().__init__(
            mchid=account.mchid,
            cert_serial_no=account.serial,
            private_key=account.private_key,
            apiv3_key=account.apiv3_key,
            public_key=None if "CERTIFICATE" in pem else pem,
            public_key_id=None if "CERTIFICATE" in pem else name,
        )
        self._account, self._http, self._platform, self._clock = account, http, platform, clock
        self._named = name

    def _init_certificates(self) -> None:
        """The certificates are in the settings; none is fetched."""

    def authorization(self, path: str, method: str = "GET", body: str = "") -> str:
        """The header that signs a request of ours."""
        return str(
            build_authorization(
                path, method, self._account.mchid, self._account.serial, self._private_key, data=body or None
            )
        )

    def request(
        self, path: str, method: RequestType = RequestType.GET, data: Mapping[str, Any] | None = None, **_: Any
    ) -> tuple[int, bytes]:
        """Send one request and give the answer's status and bytes, once its signature and its time are right."""
        body = json.dumps(data, ensure_ascii=False) if data else ""
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": "wardlink",
            "Wechatpay-Serial": self._named,
            "Authorization": self.authorization(path, method.value, body),
        }
        try:
            answer = self._http.request(
                method.value, self._account.address + path, headers=headers, content=body.encode()
            )
        except httpx2.HTTPError as exc:
            raise ChannelAway from exc
        given = {name.lower(): value for name, value in answer.headers.items()}
        if not self._platform.has_signed(given, answer.content) or not self._is_of_now(given["wechatpay-timestamp"]):
            log.warning("wechat.unsigned", status=answer.status_code)
            raise ChannelAway
        if answer.status_code == 429 or answer.status_code >= 500:
            log.warning("wechat.busy", status=answer.status_code)
            raise ChannelAway
        return answer.status_code, answer.content

    def _is_of_now(self, timestamp: str) -> bool:
        skew = facts("wechat").skew
        assert skew is not None
        if not (timestamp.isascii() and timestamp.isdigit()):
            return False
        return abs(int(timestamp) - self._clock.now().timestamp()) <= skew.total_seconds()


def _read(answer: tuple[int, bytes]) -> Answer:
    status, raw = answer
    if not raw:
        return status, {}
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError as exc:
        raise ChannelAway from exc
    if not isinstance(found, dict):
        raise ChannelAway
    return status, found
