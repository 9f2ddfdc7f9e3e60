"""Stays of patients: admitted to a bed, moved, discharged. Commands of the server's own entrances."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from wardlink.ids import Id, Slug
from wardlink.messages.base import Instant, Message

Sex = Literal["male", "female", "other", "unknown"]  # FHIR administrative-gender
Level = Literal["special", "level1", "level2", "level3"]
EncounterStatus = Literal["in-progress", "finished"]  # FHIR EncounterStatus


class Admit(Message):
    """Fact: a person begins a stay in a bed. The envelope's `encounter` is the id of the new stay."""

    admission_no: str = Field(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z-]+$")
    mrn: str = Field(min_length=1, max_length=32)
    name: str = Field(min_length=1, max_length=60)
    sex: Sex
    birth_on: date
    id_last4: str | None = Field(default=None, pattern=r"^[0-9]{3}[0-9X]$")
    bed: Slug
    level: Level = "level2"
    diet: str = Field(default="regular", max_length=30)
    allergies: tuple[str, ...] = ()
    spo2_scale: Literal[1, 2] = 1
    pregnant: bool = False
    nurse: Slug | None = None
    doctor: Slug | None = None


class Transfer(Message):
    """Fact: the patient lies in another bed now, here or in another ward."""

    ward: Slug
    bed: Slug


class Discharge(Message):
    """Fact: the stay is over."""

    disposition: str | None = Field(default=None, max_length=60)


class UpdateEncounter(Message):
    """Fact: something about the stay was decided anew; a field left out stays as it is."""

    level: Level | None = None
    diet: str | None = Field(default=None, max_length=30)
    allergies: tuple[str, ...] | None = None
    spo2_scale: Literal[1, 2] | None = None
    spo2_scale_reason: str | None = Field(default=None, max_length=200)
    pregnant: bool | None = None
    nurse: Slug | None = None
    doctor: Slug | None = None


class PlaceLain(Message):
    """A bed in which a stay has lain, from `since` until the next one."""

    ward: Slug
    ward_name: str
    bed: Slug
    since: Instant


class EncounterView(Message):
    """A stay as carts and the board hold it: change `encounter.changed`, and a row of the snapshot.

    `bed` and `ward` are where the patient lies now. A ward that a patient has left hears it once more, with
    the new ward in it, and drops the stay from its census. `places`: every bed of a stay that has moved, in order.
    """

    id: Id
    admission_no: str
    mrn: str
    name: str
    sex: Sex
    birth_on: date
    ward: Slug
    bed: Slug
    status: EncounterStatus
    level: Level
    diet: str
    allergies: tuple[str, ...] = ()
    spo2_scale: Literal[1, 2] = 1
    pregnant: bool = False
    nurse: str | None = None
    nurse_name: str | None = None
    doctor: str | None = None
    doctor_name: str | None = None
    admitted_at: Instant
    discharged_at: Instant | None = None
    places: tuple[PlaceLain, ...] = ()
