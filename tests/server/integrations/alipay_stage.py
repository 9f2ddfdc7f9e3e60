"""The Alipay adapter in front of the local gateway, for the contract and for its own tests."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from server.integrations.alipay.account import AlipayAccount
from server.integrations.alipay.provider import AlipayProvider
from tests.server.integrations.ears import Ears
from tests.server.payments.contract import Told
from workbench.gateways.alipay.gateway import AlipayGateway


class AlipayStage:
    """One merchant, one gateway, and a person with a telephone."""

    def __init__(self) -> None:
        self.gateway = AlipayGateway(bill_at_once=True)
        self.ears = Ears(lambda: self.provider.answer(accepted=True))
        self.provider = AlipayProvider(self.account())

    def account(self, **other: object) -> AlipayAccount:
        """The merchant's account, with something else in it."""
        at = self.gateway.merchant
        parts: dict[str, object] = {
            "app_id": at.app_id,
            "seller_id": at.seller_id,
            "private_key": at.private_pem,
            "alipay_key": at.alipay_pem,
            "notify_url": self.ears.url,
            "address": self.gateway.url,
        }
        return AlipayAccount(**(parts | other))  # type: ignore[arg-type]

    def stop(self) -> None:
        """End everything."""
        self.provider.shut()
        self.gateway.stop()
        self.ears.stop()

    def begin(self) -> AlipayStage:
        """The stage for another test: the same keys and sockets, and nothing of what was before."""
        self.gateway.notices.wait()
        self.gateway.forget()
        self.ears.forget()
        return self

    def now(self) -> datetime:
        """The time by which the gateway works."""
        return self.gateway.clock.now()

    def scan(self, qr: str) -> None:
        """Somebody scans: from here on there is a trade."""
        self.gateway.scan(qr)

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
