"""What the cashier's pages work with, and what they say after a form was sent."""

from __future__ import annotations

from dataclasses import dataclass, field

from server.core import Core
from server.dashboard.sayings import Sayings
from server.dashboard.visit import Visit
from server.identity.roles import Right
from server.insurance.service import Insurance
from server.patients.service import encounter_view
from server.payments.service import Payments
from server.reconcile.service import Reconciliation
from server.settlement.service import Settlements
from wardlink.errors import NoRight, NotFound
from wardlink.messages.encounters import EncounterView


@dataclass
class CashDesk:
    """Payments, settlements, reconciliation and insurance of this server."""

    core: Core
    payments: Payments
    settlements: Settlements
    reconciliation: Reconciliation
    insurance: Insurance
    _sayings: Sayings = field(default_factory=Sayings)

    def say(self, text: str) -> str:
        """Keep a sentence for the page that comes next; the word for its address."""
        return self._sayings.say(text)

    def said(self, word: str | None) -> str | None:
        """The sentence that was kept under this word."""
        return self._sayings.said(word)

    def stay(self, visit: Visit, encounter: str, right: Right = "settle.read") -> EncounterView:
        """A stay, for those who may see its money. Reads the database.

        Raises:
            NotFound: there is none.
            NoRight: they may not.
        """
        if not visit.may(right):
            raise NoRight
        with self.core.db.read() as conn:
            found = encounter_view(conn, encounter)
        if found is None:
            raise NotFound(what="stay", name=encounter[:40])
        if not visit.sees(found.ward):
            raise NoRight
        return found
