"""A patient's consent that family may use the screen at the bed: given, and taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, Field, SecretStr, StringConstraints, model_validator

from wardlink.clinical.family import Relation, Scope, needs_own_consent
from wardlink.ids import Id, Slug
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.encounters import EncounterView
from wardlink.messages.records import RecordView

HEADER = "Wardlink-Family"
"""What a terminal says with each question whose screen family have opened: the consent."""

LONGEST_NAME = 20


def _readable(name: str) -> str:
    # One line that can be shown: what is no character to be read is none of a name.
    if not all(c.isprintable() for c in name):
        raise ValueError("characters that cannot be shown")
    return name


PersonName = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=LONGEST_NAME), AfterValidator(_readable)
]
Digits = Annotated[SecretStr, Field(min_length=1, max_length=20)]

Why = Literal["patient", "staff", "discharged", "moved"]


class GrantFamily(Message):
    """Request: the patient lets one of the family do so much. The consent's id is the command's.

    `number` tells two of the same relation apart. `name`: as the patient calls them; empty where it was not said.
    `until`: None for as long as the stay. `separately`: medical information was asked for in a question of its own,
    and the patient said yes.
    """

    relation: Relation
    name: PersonName = ""
    number: int = Field(default=1, ge=1, le=9)
    scopes: tuple[Scope, ...] = Field(min_length=1, max_length=3)
    until: Instant | None = None
    separately: bool = False

    @model_validator(mode="after")
    def _is_consent(self) -> Self:
        if len(set(self.scopes)) != len(self.scopes):
            raise ValueError("the same thing is opened twice")
        if needs_own_consent(self.scopes) != self.separately:
            raise ValueError("medical information needs a consent of its own, and nothing else does")
        return self


class AppointGuardian(Message):
    """Request: staff enter who decides for a patient who cannot. The consent's id is the command's.

    `second`: the other member of staff who has looked at the papers.
    """

    name: Annotated[PersonName, StringConstraints(min_length=1)]
    reason: str = Field(min_length=1, max_length=200)
    second: Slug


class EndFamily(Message):
    """Request: staff end a consent, for the patient or because it must not stand."""

    consent: Id
    reason: str = Field(min_length=1, max_length=200)


class WithdrawFamily(Message):
    """Fact: the patient has taken the consent back. It holds from that moment, whenever the server hears of it."""

    consent: Id


class FamilyConsentView(RecordView):
    """Change `family-consent.changed`: who may do what, since when, and until when."""

    relation: Relation
    name: str = ""
    number: int = 1
    scopes: tuple[Scope, ...]
    granted_at: Instant
    until: Instant | None = None
    by: Actor
    reason: str | None = None
    second: Slug | None = None
    ended_at: Instant | None = None
    ended_by: Actor | None = None
    why: Why | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has ended it."""
        return self.ended_at is None

    def stands(self, at: datetime) -> bool:
        """Whether it holds at this moment."""
        return self.is_open and (self.until is None or at < self.until)

    def stood(self, at: datetime) -> bool:
        """Whether it held at a moment that may be past: what was done then was rightly done."""
        ends = [end for end in (self.ended_at, self.until) if end is not None]
        return self.granted_at <= at and all(at < end for end in ends)


class NewFamilyCode(BaseModel):
    """The server's answer to the bed: the code that a relative sets a PIN with. Shown once, kept nowhere."""

    code: str
    expires_at: Instant


class FamilyPin(BaseModel):
    """What a relative types at the bed: who they are to the patient, and their PIN."""

    relation: Relation
    pin: Digits


class FamilyFirst(FamilyPin):
    """The first time: with the code from the patient, which is worth nothing afterwards."""

    code: Digits


class FamilyOpened(BaseModel):
    """Whose stay it is, and by which consent the screen is open."""

    encounter: EncounterView
    consent: FamilyConsentView
