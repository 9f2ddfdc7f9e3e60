"""Payments of the tests of both channels."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from server.payments.port import PayAsk, RefundAsk
from tests.server.integrations.alipay_stage import AlipayStage
from tests.server.integrations.wechat_stage import WechatStage
from tests.server.payments.contract import number


def ask(amount_fen: int = 10_000) -> PayAsk:
    """A payment that nobody has asked for yet."""
    return PayAsk(number(), amount_fen, "预交金", datetime.now(UTC) + timedelta(minutes=5))


def paid(stage: WechatStage | AlipayStage, amount_fen: int = 10_000) -> PayAsk:
    """A payment that somebody has paid."""
    asked = ask(amount_fen)
    assert stage.pay(stage.provider.create(asked).qr)
    return asked


def refund(of: PayAsk, refund_fen: int) -> RefundAsk:
    """Some of it back."""
    return RefundAsk(of.out_trade_no, number(), refund_fen, of.amount_fen, "退款")
