"""The way in for family at the terminal's bed. Codes and PINs go to the server and are kept nowhere here."""

from __future__ import annotations

from typing import Protocol, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from wardlink.clinical.family import Relation
from wardlink.credential import Credential
from wardlink.device.till import Asks
from wardlink.errors import MessageUnreadable
from wardlink.messages.commands import faults
from wardlink.messages.family import FamilyOpened, NewFamilyCode

V = TypeVar("V", bound=BaseModel)


class AsksAs(Asks, Protocol):
    """Asks the server; from `act_as` on for family by that consent, until it is None."""

    def act_as(self, consent: str | None) -> None:
        """Who sits in front of the screen now."""


class FamilyDoor:
    """Asks with the terminal's own credential.

    Raises, everywhere:
        Unreachable: no answer; only the server lets family in.
        NotAllowed: another patient lies in this bed now, or nobody.
    """

    def __init__(self, http: AsksAs, credential: Credential) -> None:
        self._http = http
        self._bed = f"/api/v1/wards/{credential.ward}/beds/{credential.bed}/family"

    def code(self, encounter: str, consent: str) -> NewFamilyCode:
        """A code to set a PIN with, once.

        Raises:
            NotFound: the server has no such consent, or not any more.
        """
        return self._say(NewFamilyCode, f"/api/v1/encounters/{encounter}/family/{consent}/code")

    def set_pin(self, relation: Relation, code: str, pin: str) -> FamilyOpened:
        """Set a PIN with a code, and come in.

        Raises:
            SignInFailed: it is no code that holds, or slowed after wrong tries.
            InvalidInput: another PIN has to be chosen.
        """
        return self._say(FamilyOpened, f"{self._bed}/pin", relation=relation, code=code, pin=pin)

    def open(self, relation: Relation, pin: str) -> FamilyOpened:
        """Come in.

        Raises:
            SignInFailed: it is nobody's PIN, or slowed after wrong tries.
        """
        return self._say(FamilyOpened, f"{self._bed}/open", relation=relation, pin=pin)

    def act_as(self, consent: str | None) -> None:
        """By which consent the screen is open now; the server is told with each question."""
        self._http.act_as(consent)

    def _say(self, view: type[V], path: str, **said: str) -> V:
        content = self._http.ask("POST", path, orjson.dumps(said).decode())
        try:
            return view.model_validate_json(content)
        except ValidationError as exc:
            raise MessageUnreadable(detail=faults(exc)) from exc
