"""Payments as a whole: orders, refunds and notices over the channels that are switched on."""

from __future__ import annotations

from collections.abc import Mapping

from server.core import Core
from server.payments.notices import Notices
from server.payments.orders import Orders
from server.payments.port import Provider
from server.payments.refunds import Refunds


class Payments:
    """What routes, the settlement and the watch work with. `providers`: by the names of their channels."""

    def __init__(self, core: Core, providers: Mapping[str, Provider]) -> None:
        self.core = core
        self.providers = dict(providers)
        self.orders = Orders(core, self.providers)
        self.refunds = Refunds(core, self.orders)
        self.notices = Notices(core, self.orders)

    def shut(self) -> None:
        """Let go of the channels: the server ends."""
        for provider in self.providers.values():
            provider.shut()

    @property
    def channels(self) -> tuple[str, ...]:
        """The ways to pay that are switched on here."""
        return tuple(sorted(self.providers))
