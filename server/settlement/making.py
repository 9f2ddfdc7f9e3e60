"""Puts settlements together from the parts of the server. Called once, where the application is made."""

from __future__ import annotations

from collections.abc import Callable

from server.core import Core
from server.insurance.book import RuleBook
from server.insurance.dealings import Dealings
from server.insurance.settings import InsuranceSettings
from server.money.prices import PriceList
from server.payments.service import Payments
from server.settlement.insurer import LocalRules
from server.settlement.moves import Tools
from server.settlement.platform import PlatformInsurer
from server.settlement.service import Settlements


def settlements_of(
    settings: InsuranceSettings,
    core: Core,
    payments: Payments,
    prices: Callable[[], PriceList],
    book: Callable[[], RuleBook],
    dealings: Dealings | None,
) -> Settlements:
    """The settlements of a server whose insurance has these settings. `prices`, `book`: the list and the rules that
    hold now; `dealings`: None where there is no platform.
    """
    rules = LocalRules(book, area=settings.area, level=settings.level)
    insurer = None if dealings is None else PlatformInsurer(dealings, discharge_first=settings.discharge_first)
    return Settlements(Tools(core, payments, prices, rules, insurer))
