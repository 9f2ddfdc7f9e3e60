"""The door for family of the invented bed: codes and PINs as a server would take them, in memory."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from wardlink.clinical.family import signing_in
from wardlink.errors import NotFound, SignInFailed, Unreachable, WardlinkError
from wardlink.messages.family import FamilyOpened, NewFamilyCode
from wardlink.record.family import FAMILY_CONSENT

if TYPE_CHECKING:
    from bedside.sample.terminal import SampleTerminal
    from wardlink.clinical.family import Relation

CODE = "40718236"


class SampleFamily:
    """The port of `bedside.ports.Family`. `fails_with` may be set; `acting` is by which consent the screen is open."""

    def __init__(self, terminal: SampleTerminal) -> None:
        self._terminal = terminal
        self.codes: dict[str, str] = {}
        self.pins: dict[str, str] = {}
        self.acting: str | None = None
        self.fails_with: WardlinkError | None = None

    def code(self, encounter: str, consent: str) -> NewFamilyCode:
        """Always the same, so that pictures are."""
        self._demand()
        now = self._terminal.clock.now()
        found = self._terminal.replica.record(FAMILY_CONSENT, consent)
        if found is None or not found.stands(now) or consent in self._terminal.replica.unsent_records(FAMILY_CONSENT):
            raise NotFound(what="consent", name=consent)
        self.codes[consent] = CODE
        return NewFamilyCode(code=CODE, expires_at=now + timedelta(minutes=signing_in().code_lasts_min))

    def set_pin(self, relation: Relation, code: str, pin: str) -> FamilyOpened:
        """Once with each code."""
        self._demand()
        consent = self._standing(relation, self.codes, code)
        del self.codes[consent]
        self.pins[consent] = pin
        return self.open(relation, pin)

    def open(self, relation: Relation, pin: str) -> FamilyOpened:
        """Whose PIN it is."""
        self._demand()
        consent = self._standing(relation, self.pins, pin)
        found, stay = self._terminal.replica.record(FAMILY_CONSENT, consent), self._terminal.replica.stay
        if found is None or stay is None:
            raise SignInFailed
        return FamilyOpened(encounter=stay, consent=found)

    def act_as(self, consent: str | None) -> None:
        """It is remembered."""
        self.acting = consent

    def _standing(self, relation: Relation, secrets: dict[str, str], given: str) -> str:
        now = self._terminal.clock.now()
        for consent, secret in secrets.items():
            found = self._terminal.replica.record(FAMILY_CONSENT, consent)
            if found is not None and found.relation == relation and found.stands(now) and secret == given:
                return consent
        raise SignInFailed

    def _demand(self) -> None:
        if self.fails_with is not None:
            raise self.fails_with
        if not (self._terminal.online and self._terminal.server_alive):
            raise Unreachable
