"""Asks Alipay: python-alipay-sdk knows methods, parameters and our signatures; the wire below it is ours.

Of python-alipay-sdk 3.4.0 the wire cannot be used as it is. Its address is fixed; it sends everything, the order too,
in the address of a GET, where proxies write it down; the time in a request is that of the machine's zone and not of
Alipay's; and an error without a signature is raised like one with. So one class here puts another wire under it, and
signatures of notices are checked by our own strict rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx2
import structlog
from alipay import AliPay
from alipay.exceptions import AliPayException, AliPayValidationError
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from server.integrations.alipay.account import AlipayAccount
from server.integrations.facts import facts
from server.integrations.signatures import public_key
from server.payments.port import ChannelAway
from wardlink.clock import Clock, ward_time
from wardlink.errors import Misconfigured
from wardlink.i18n import N_

log = structlog.get_logger(__name__)

_BAD_KEY = N_("The private key of the Alipay application cannot be used.")
_DONE, _BUSINESS = "10000", "40004"

Answer = Mapping[str, Any]
"""The object inside an answer whose signature was right."""


class AlipayClient:
    """The calls of one merchant. Everything raises ChannelAway unless a signed answer came."""

    def __init__(self, account: AlipayAccount, clock: Clock) -> None:
        self.key: RSAPublicKey = public_key(_pem(account.alipay_key, "PUBLIC KEY"), "alipay_key")
        self._http = httpx2.Client(timeout=facts("alipay").timeout_s)
        try:
            self._api = _Api(account, self._http, clock)
        except (ValueError, IndexError, TypeError) as exc:
            raise Misconfigured(_BAD_KEY) from exc

    def precreate(self, **parts: Any) -> Answer:
        """Ask for a code."""
        return self._said(self._api.api_alipay_trade_precreate, **parts)

    def query(self, out_trade_no: str) -> Answer:
        """Ask for a trade."""
        return self._said(self._api.api_alipay_trade_query, out_trade_no=out_trade_no)

    def close(self, out_trade_no: str) -> Answer:
        """Close a trade that is not paid. Never `cancel`, which gives back what was paid."""
        return self._said(self._api.api_alipay_trade_close, out_trade_no=out_trade_no)

    def refund(self, **parts: Any) -> Answer:
        """Give money back."""
        return self._said(self._api.api_alipay_trade_refund, **parts)

    def query_refund(self, out_trade_no: str, out_request_no: str) -> Answer:
        """Ask for a refund that was asked for."""
        return self._said(
            self._api.api_alipay_trade_fastpay_refund_query, out_request_no=out_request_no, out_trade_no=out_trade_no
        )

    def bill(self, on: str) -> Answer:
        """Ask where the bill of a day is."""
        biz = {"bill_type": "trade", "bill_date": on}
        return self._said(
            self._api.server_api, api_name="alipay.data.dataservice.bill.downloadurl.query", biz_content=biz
        )

    @contextmanager
    def file(self, address: str) -> Iterator[Iterator[bytes]]:
        """The bytes of a bill, a piece at a time; they lie on another host than the gateway.

        Raises:
            ChannelAway: it does not come, or would come unprotected.
        """
        parts = urlsplit(address)
        if parts.scheme != "https" and parts.hostname != "127.0.0.1":
            raise ChannelAway
        try:
            with self._http.stream("GET", address) as answer:
                if answer.status_code != 200:
                    log.warning("alipay.file", status=answer.status_code)
                    raise ChannelAway
                yield answer.iter_raw()
        except httpx2.HTTPError as exc:
            raise ChannelAway from exc

    def shut(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _said(self, call: Any, **parts: Any) -> Answer:
        try:
            said = call(**parts)
        except (AliPayException, AliPayValidationError, ValueError) as exc:
            # No signature, a wrong one, or no JSON: whoever said that, it decides nothing.
            log.warning("alipay.unsigned", error=type(exc).__name__)
            raise ChannelAway from exc
        if not isinstance(said, dict):
            raise ChannelAway
        code, sub_code = str(said.get("code")), str(said.get("sub_code", ""))
        if code != _DONE and sub_code != "ACQ.TRADE_NOT_EXIST":
            log.info("alipay.refused", code=code, sub_code=sub_code[:60])
        if code not in (_DONE, _BUSINESS) or sub_code.upper().endswith("SYSTEM_ERROR"):
            # 2xxxx: busy. 4000x: our settings are wrong. Neither says anything about the trade.
            raise ChannelAway
        return said


class _Api(AliPay):  # type: ignore[misc]
    """The library with a wire of ours."""

    def __init__(self, account: AlipayAccount, http: httpx2.Client, clock: Clock) -> None:
        super().__init__(
            appid=account.app_id,
            app_notify_url=account.notify_url,
            app_private_key_string=_pem(account.private_key, "PRIVATE KEY"),
            alipay_public_key_string=_pem(account.alipay_key, "PUBLIC KEY"),
            sign_type="RSA2",
        )
        self._address, self._http, self._clock = account.address, http, clock

    def build_body(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The parameters of a request, with the time of Alipay's zone."""
        body: dict[str, Any] = super().build_body(*args, **kwargs)
        return body | {"format": "JSON", "timestamp": ward_time(self._clock.now()).strftime("%Y-%m-%d %H:%M:%S")}

    def verified_sync_response(self, data: dict[str, Any], response_type: str) -> Any:
        """Send one request as a form and give the object in the answer, once its signature is right."""
        headers = {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"}
        try:
            answer = self._http.post(
                self._address, params={"charset": "utf-8"}, content=self.sign_data(data).encode(), headers=headers
            )
        except httpx2.HTTPError as exc:
            raise ChannelAway from exc
        if answer.status_code != 200:
            log.warning("alipay.busy", status=answer.status_code)
            raise ChannelAway
        return self._verify_and_return_sync_response(answer.content.decode(), response_type)


def _pem(key: str, kind: str) -> str:
    key = key.strip()
    return key if key.startswith("-----") else f"-----BEGIN {kind}-----\n{key}\n-----END {kind}-----"
