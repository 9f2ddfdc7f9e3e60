"""The bill of whoever lies in the terminal's bed, asked of the server; nothing of it is kept on this device."""

from __future__ import annotations

from datetime import date

from wardlink.device.reading import asked
from wardlink.device.till import Asks
from wardlink.messages.bills import BillEstimate, BillOfDay, BillView


class Bills:
    """Reads with the terminal's own credential.

    Raises, everywhere:
        Unreachable: no answer.
        NotAllowed: another patient lies in this bed now, or nobody.
    """

    def __init__(self, http: Asks) -> None:
        self._http = http

    def bill(self, encounter: str) -> BillView:
        """The days, and how far the deposit goes."""
        return asked(self._http, BillView, f"/api/v1/encounters/{encounter}/bill")

    def of_day(self, encounter: str, day: date) -> BillOfDay:
        """One day, in the language of the screen."""
        return asked(self._http, BillOfDay, f"/api/v1/encounters/{encounter}/bill/{day.isoformat()}")

    def estimate(self, encounter: str) -> BillEstimate:
        """What the insurance is expected to pay.

        Raises:
            InvalidInput: nobody has said yet how the stay is insured.
        """
        return asked(self._http, BillEstimate, f"/api/v1/encounters/{encounter}/bill/insurance/estimate")
