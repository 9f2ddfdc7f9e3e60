"""What the routes of stays are sent and answer."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from server.census import Place
from wardlink.ids import Id
from wardlink.messages.base import Instant
from wardlink.messages.encounters import Admit, Discharge, EncounterView, Transfer, UpdateEncounter


class Happened(BaseModel):
    """When it happened; now, if nothing is said. `command`: send the same one again after a lost answer."""

    at: Instant | None = None
    command: Id | None = None


class AdmitRequest(Happened, Admit):
    """An admission."""


class TransferRequest(Happened, Transfer):
    """A move to another bed."""


class DischargeRequest(Happened, Discharge):
    """The end of a stay."""


class UpdateRequest(Happened, UpdateEncounter):
    """Something was decided anew."""


class PlaceView(BaseModel):
    """A stretch of a stay in one bed; `until_at` is missing where the patient still lies."""

    ward: str
    bed: str
    from_at: datetime
    until_at: datetime | None = None

    @classmethod
    def of(cls, place: Place) -> PlaceView:
        """The same, for the wire."""
        return cls(ward=place.ward, bed=place.bed, from_at=place.from_at, until_at=place.until_at)


class Stay(BaseModel):
    """A stay and where it has been."""

    encounter: EncounterView
    places: list[PlaceView]


class Written(BaseModel):
    """What was done: the stay as it is now, and the number of the change. `outcome`: was it done only now?"""

    encounter: EncounterView
    outcome: str
    seq: int | None


class Page(BaseModel):
    """Part of a list; ask again with `before` = `next` while it is set."""

    items: list[EncounterView]
    next: str | None = Field(default=None)
