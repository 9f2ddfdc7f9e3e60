"""The two stages, made once a module: keys take long to make."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server.integrations.alipay_stage import AlipayStage
from tests.server.integrations.wechat_stage import WechatStage


@pytest.fixture(scope="module")
def wechat_standing() -> Iterator[WechatStage]:
    """WeChat Pay, signing with its public key's pair."""
    found = WechatStage()
    yield found
    found.stop()


@pytest.fixture
def wechat(wechat_standing: WechatStage) -> WechatStage:
    """WeChat Pay with nothing on it."""
    return wechat_standing.begin()


@pytest.fixture(scope="module")
def alipay_standing() -> Iterator[AlipayStage]:
    """Alipay."""
    found = AlipayStage()
    yield found
    found.stop()


@pytest.fixture
def alipay(alipay_standing: AlipayStage) -> AlipayStage:
    """Alipay with nothing on it."""
    return alipay_standing.begin()
