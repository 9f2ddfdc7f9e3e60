"""WeChat Pay: the contract of every channel, with a public key and with certificates."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.integrations.wechat_stage import WechatStage
from tests.server.payments.contract import PaymentContract


@pytest.fixture(scope="module", params=["key", "certificate"])
def standing(request: pytest.FixtureRequest) -> Iterator[WechatStage]:
    """The platform signs with its public key's pair, and with a certificate's."""
    found = WechatStage(by=request.param)
    yield found
    found.stop()


class TestWechat(PaymentContract):
    """The adapter in front of a gateway that checks signatures and makes them."""

    @pytest.fixture
    def stage(self, standing: WechatStage) -> WechatStage:
        """With nothing on it."""
        return standing.begin()
