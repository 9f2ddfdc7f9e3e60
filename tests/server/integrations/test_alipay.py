"""Alipay: the contract of every channel."""

from __future__ import annotations

import pytest

from tests.server.integrations.alipay_stage import AlipayStage
from tests.server.payments.contract import PaymentContract


class TestAlipay(PaymentContract):
    """The adapter in front of a gateway that checks signatures and makes them."""

    @pytest.fixture
    def stage(self, alipay: AlipayStage) -> AlipayStage:
        """With nothing on it."""
        return alipay
