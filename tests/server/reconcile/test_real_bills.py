"""From a payment at each local gateway to its line in the bill and in our books, over real sockets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from server.payments.orders import By, Wanted
from server.payments.service import Payments
from server.reconcile.service import Reconciliation
from tests.server.integrations.alipay_stage import AlipayStage
from tests.server.integrations.orders import ask
from tests.server.integrations.wechat_stage import WechatStage
from tests.server.reconcile.books_of_a_day import found
from tests.server.wards import STAY_1, SmallWard
from wardlink.clock import SystemClock, ward_date
from wardlink.ids import new_id

BY = By("staff:n1")


@pytest.fixture(params=["wechat", "alipay"])
def stage(request: pytest.FixtureRequest) -> Iterator[WechatStage | AlipayStage]:
    """Each channel."""
    made = WechatStage() if request.param == "wechat" else AlipayStage()
    yield made
    made.stop()


def test_three_paid_one_theirs_one_lost_notice(ward: SmallWard, stage: WechatStage | AlipayStage) -> None:
    """What was paid and never told is credited by the bill; what we never asked for waits for a person."""
    ward.core.clock = SystemClock()
    provider = stage.provider
    payments = Payments(ward.core, {provider.channel: provider})
    orders = [
        payments.orders.create(Wanted(new_id(), STAY_1, "deposit", 10_000 + n, provider.channel), BY) for n in range(4)
    ]
    for order in orders:
        assert order.qr is not None
        assert stage.pay(order.qr)
    for order in orders[:3]:
        payments.orders.look(order.id)
    foreign = provider.create(ask(777))
    assert stage.pay(foreign.qr)

    reconciliation = Reconciliation(ward.core, {provider.channel: provider})
    run = reconciliation.run(provider.channel, ward_date(stage.now()))
    again = reconciliation.run(provider.channel, ward_date(stage.now()))

    assert (run.status, run.lines, run.matched, again.matched) == ("done", 5, 3, 4)
    assert run.income_fen == 40_006 + 777
    states = {number: (kind, state) for kind, number, state in found(ward.db)}
    assert sorted(states.values()) == [("channel_only", "open"), ("channel_only", "settled")]
    assert states[orders[3].out_trade_no] == ("channel_only", "settled")
    assert payments.orders.called(orders[3].id).status == "paid"
