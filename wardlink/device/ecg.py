"""The ECG strips that whoever lies in the terminal's bed may see, asked of the server; nothing of them is kept here."""

from __future__ import annotations

from wardlink.device.reading import asked
from wardlink.device.till import Asks
from wardlink.messages.ecg_at_bed import EcgAtBed, EcgsAtBed


class MyEcg:
    """Reads with the terminal's own credential. Raises as `asked` does."""

    def __init__(self, http: Asks) -> None:
        self._http = http

    def of_stay(self, encounter: str) -> EcgsAtBed:
        """Every strip that may be seen, without its curve."""
        return asked(self._http, EcgsAtBed, f"/api/v1/encounters/{encounter}/ecg/released")

    def one(self, encounter: str, strip: str) -> EcgAtBed:
        """One of them with its curve.

        Raises:
            NotFound: it may not be seen, or not any more.
        """
        return asked(self._http, EcgAtBed, f"/api/v1/encounters/{encounter}/ecg/released/{strip}")
