"""The released results of whoever lies in the terminal's bed, asked of the server; nothing of them is kept here."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from wardlink.device.till import Asks
from wardlink.errors import MessageUnreadable
from wardlink.messages.commands import faults
from wardlink.messages.results import NewResults, ResultPage, Results

V = TypeVar("V", bound=BaseModel)


class MyResults:
    """Reads with the terminal's own credential.

    Raises, everywhere:
        Unreachable: no answer.
        NotAllowed: another patient lies in this bed now, or nobody.
    """

    def __init__(self, http: Asks) -> None:
        self._http = http

    def of_stay(self, encounter: str) -> Results:
        """Everything released."""
        return self._get(Results, f"/api/v1/encounters/{encounter}/results")

    def one(self, encounter: str, result: str) -> ResultPage:
        """One of them; from then on it is not new.

        Raises:
            NotFound: it is not released, or not any more.
        """
        return self._get(ResultPage, f"/api/v1/encounters/{encounter}/results/{result}")

    def news(self, encounter: str) -> int:
        """How many nobody has opened yet."""
        return self._get(NewResults, f"/api/v1/encounters/{encounter}/results/new").new

    def _get(self, view: type[V], path: str) -> V:
        content = self._http.ask("GET", path)
        try:
            return view.model_validate_json(content)
        except ValidationError as exc:
            raise MessageUnreadable(detail=faults(exc)) from exc
