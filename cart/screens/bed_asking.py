"""On the page of a medication round: the dose that is begun with is shown to the patient, and what they answer."""

from __future__ import annotations

from asyncio import to_thread
from dataclasses import replace
from typing import TYPE_CHECKING

from cart.usecases import dose_asks
from cart.usecases.dose_words import drugs_text
from wardlink.i18n import domain

if TYPE_CHECKING:
    from cart.screens.medication import MedicationScreen
    from cart.usecases.medication import BedRound, Due

_ = domain("cart").gettext

QUERY_SHOWN_S = 20.0


class BedAsking:
    """Asks once for each dose that is begun with here. Nothing waits for it."""

    def __init__(self, page: MedicationScreen) -> None:
        self._page = page
        self._begun: set[str] = set()
        self._heard: set[str] | None = None

    def begin(self, line: Due | None) -> None:
        """Somebody begins with this dose."""
        if line is not None and line.is_waiting and line.items and line.key not in self._begun:
            self._begun.add(line.key)
            self._page.app.run_worker(self._ask(line), exit_on_error=False)

    async def _ask(self, line: Due) -> None:
        page = self._page
        asked = await to_thread(dose_asks.ask, page.desk.ward, page.session, page.bed, line)
        if page.is_attached:
            page.keep(line.key, replace(page.at_hand(line), unasked=asked is None))
            page.ward_changed()

    def heard(self, bed: BedRound) -> None:
        """Questions that have come since the page was read last are said at once, in red."""
        queries = {ask.id: ask for ask in bed.asks if ask.answer == "query"}
        if self._heard is not None:
            for id in queries.keys() - self._heard:
                said = _("The patient has a question about {drugs}").format(drugs=drugs_text(queries[id].items))
                self._page.notify(said, severity="error", timeout=QUERY_SHOWN_S, markup=False)
        self._heard = set(queries)
