"""Puts settlements together from the parts of the server. Called once, where the application is made."""

from __future__ import annotations

from server.config import Settings
from server.core import Core
from server.insurance.book import read_book
from server.insurance.codes import Level
from server.money.prices import PriceList
from server.payments.service import Payments
from server.settlement.insurer import LocalRules
from server.settlement.moves import Tools
from server.settlement.service import Settlements


def settlements_of(settings: Settings, core: Core, payments: Payments, prices: PriceList) -> Settlements:
    """The settlements of a server with these settings.

    Raises:
        RulesRejected: a file of insurance rules is wrong.
    """
    rules = LocalRules(read_book(), area=settings.insurance_area, level=Level(settings.hospital_level))
    return Settlements(Tools(core, payments, prices, rules, None))
