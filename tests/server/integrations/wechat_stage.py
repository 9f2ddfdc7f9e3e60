"""The WeChat adapter in front of the local gateway, for the contract and for its own tests."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from server.integrations.wechat.account import WechatAccount
from server.integrations.wechat.provider import WechatProvider
from tests.server.integrations.ears import Ears
from tests.server.payments.contract import Told
from workbench.gateways.wechat.gateway import WechatGateway
from workbench.gateways.wechat.signing import serial_of


class WechatStage:
    """One merchant, one gateway, and a person with a telephone."""

    def __init__(self, *, by: str = "key") -> None:
        self.gateway = WechatGateway(refunds_apart=timedelta(0), bill_at_once=True)
        self.gateway.seal.by = by
        self.ears = Ears(lambda: self.provider.answer(accepted=True))
        self.provider = WechatProvider(self.account())

    def account(self, **other: object) -> WechatAccount:
        """The merchant's account, with something else in it."""
        at, seal = self.gateway.merchant, self.gateway.seal
        keys = {seal.key_id: seal.public_pem, serial_of(seal.certificate): seal.certificate_pem}
        parts: dict[str, object] = {
            "mchid": at.mchid,
            "appid": at.appid,
            "serial": at.serial,
            "private_key": at.private_pem,
            "apiv3_key": at.apiv3_key,
            "platform_keys": keys,
            "notify_url": self.ears.url,
            "address": self.gateway.url,
        }
        return WechatAccount(**(parts | other))  # type: ignore[arg-type]

    def stop(self) -> None:
        """End everything."""
        self.provider.shut()
        self.gateway.stop()
        self.ears.stop()

    def begin(self) -> WechatStage:
        """The stage for another test: the same keys and sockets, and nothing of what was before."""
        self.gateway.notices.wait()
        self.gateway.forget()
        self.ears.forget()
        return self

    def now(self) -> datetime:
        """The time by which the gateway works."""
        return self.gateway.clock.now()

    def scan(self, qr: str) -> None:
        """With Native a scan changes nothing that a merchant could see."""

    def pay(self, qr: str) -> bool:
        """Somebody scans and pays."""
        return self.gateway.pay(qr)

    def wish_notices(self, times: int) -> None:
        """How often each notice is sent."""
        self.gateway.sends = times

    def notices(self, count: int) -> Sequence[Told]:
        """What came."""
        return self.ears.heard(count)

    def notice_of(self, out_trade_no: str, *, age: timedelta = timedelta(0), merchant: str | None = None) -> Told:
        """A genuine notice, as it would come over the wire."""
        headers, raw = self.gateway.notice_of(out_trade_no, age=age, merchant=merchant)
        return Told({name.lower(): value for name, value in headers.items()}, raw)

    def lost_answers(self) -> AbstractContextManager[None]:
        """Answers are lost."""
        return self.gateway.wire.lost_answers()
