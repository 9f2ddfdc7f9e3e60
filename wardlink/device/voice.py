"""How stands what the patient of the terminal's bed has said to the hospital.

What they say goes by the outbox; how it stands is asked here.
"""

from __future__ import annotations

from wardlink.device.reading import asked
from wardlink.device.till import Asks
from wardlink.messages.complaints import ComplaintsAtBed
from wardlink.messages.surveys import SurveyAtBed


class Voice:
    """Asks with the terminal's own credential.

    Raises, everywhere:
        Unreachable: no answer.
        NotAllowed: another patient lies in this bed now, or nobody.
    """

    def __init__(self, http: Asks) -> None:
        self._http = http

    def complaints(self, encounter: str) -> ComplaintsAtBed:
        """How those of this stay stand."""
        return asked(self._http, ComplaintsAtBed, f"/api/v1/encounters/{encounter}/complaints")

    def survey(self, encounter: str) -> SurveyAtBed:
        """Whether this stay has answered the survey."""
        return asked(self._http, SurveyAtBed, f"/api/v1/encounters/{encounter}/survey")
