"""A patient's consent that family may use the screen at the bed: given, and taken back."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from wardlink.clinical.family import Relation, Scope, needs_own_consent
from wardlink.ids import Id
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.records import RecordView

Why = Literal["patient", "discharged", "moved"]


class GrantFamily(Message):
    """Request: the patient lets one of the family do so much. The consent's id is the command's.

    `number` tells two of the same relation apart. `separately`: medical information was asked for in a question of
    its own, and the patient said yes.
    """

    relation: Relation
    number: int = Field(default=1, ge=1, le=9)
    scopes: tuple[Scope, ...] = Field(min_length=1, max_length=3)
    separately: bool = False

    @model_validator(mode="after")
    def _is_consent(self) -> Self:
        if len(set(self.scopes)) != len(self.scopes):
            raise ValueError("the same thing is opened twice")
        if needs_own_consent(self.scopes) != self.separately:
            raise ValueError("medical information needs a consent of its own, and nothing else does")
        return self


class WithdrawFamily(Message):
    """Fact: the patient has taken the consent back. It holds from that moment, whenever the server hears of it."""

    consent: Id


class FamilyConsentView(RecordView):
    """Change `family-consent.changed`: who may do what, since when, and until when."""

    relation: Relation
    number: int = 1
    scopes: tuple[Scope, ...]
    granted_at: Instant
    by: Actor
    ended_at: Instant | None = None
    ended_by: Actor | None = None
    why: Why | None = None

    @property
    def is_open(self) -> bool:
        """Whether it stands."""
        return self.ended_at is None
