"""When specialists could come to whoever lies in the terminal's bed, asked of the server; nothing of it is kept."""

from __future__ import annotations

from wardlink.device.reading import asked
from wardlink.device.till import Asks
from wardlink.messages.consults import ConsultSlots


class ConsultTimes:
    """Reads with the terminal's own credential. Raises as `asked` does."""

    def __init__(self, http: Asks) -> None:
        self._http = http

    def of_team(self, encounter: str, specialty: str) -> ConsultSlots:
        """A few free times of one team."""
        return asked(self._http, ConsultSlots, f"/api/v1/encounters/{encounter}/consult-slots/{specialty}")
