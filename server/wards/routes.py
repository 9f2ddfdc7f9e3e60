"""Wards and beds over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from server.http import CoreOf, StaffOf, staff_with
from server.identity.staff import Person
from server.record.service import record_called
from server.wards import acts, closures, deciding, service
from server.wards.service import WardEntry
from wardlink.clinical.bed_closing import status_of
from wardlink.ids import Id, Slug
from wardlink.messages.base import Instant
from wardlink.messages.changes import BedView
from wardlink.messages.ward_settings import SetWard, WardSettingView
from wardlink.record.ward_settings import WARD_SETTING, ward_setting_id

router = APIRouter(prefix="/api/v1/wards", tags=["wards"])

Founder = Annotated[Person, Depends(staff_with("hospital.manage"))]
Planner = Annotated[Person, Depends(staff_with("ward.manage"))]


class NewBed(BaseModel):
    """A bed: its id, and what stands on the wall."""

    id: str = Field(max_length=40)
    label: str = Field(max_length=200)


class NewWard(BaseModel):
    """A ward, perhaps with its beds."""

    id: str = Field(max_length=40)
    name: str = Field(max_length=200)
    beds: tuple[NewBed, ...] = Field(default=(), max_length=200)


class Settings(SetWard):
    """What the ward decides. `command`: send the same one again after a lost answer."""

    command: Id | None = None


class ClosingRequest(BaseModel):
    """`from_at` left out: from now; `until_at` left out: until it is given back."""

    reason: str = Field(max_length=12)
    words: str = Field(default="", max_length=100)
    from_at: Instant | None = None
    until_at: Instant | None = None


class GivingBack(BaseModel):
    """Which closing ends."""

    closure: Id


class ClosureView(BaseModel):
    """A closing; `status`: the code of FHIR's Location.operationalStatus."""

    id: Id
    bed: Slug
    from_at: Instant
    until_at: Instant | None
    reason: str
    words: str
    status: str

    @classmethod
    def of(cls, closure: closures.Closure) -> ClosureView:
        """As it goes out."""
        known = {name: getattr(closure, name) for name in cls.model_fields.keys() - {"status"}}
        return cls(**known, status=status_of(closure.reason))


@router.get("", summary="Wards and their beds")
def listed(core: CoreOf, _person: StaffOf) -> list[WardEntry]:
    """For everybody who works here; no patient is named."""
    with core.db.read() as conn:
        return service.wards(conn)


@router.post("", summary="Make a ward", status_code=201)
def add_ward(core: CoreOf, founder: Founder, body: NewWard) -> WardEntry:
    """With the beds that are named, in their order. All of it is made, or nothing."""
    return acts.add_ward(core, founder, body.id, body.name, [BedView(id=bed.id, label=bed.label) for bed in body.beds])


@router.post("/{ward}/beds", summary="Make a bed", status_code=201)
def add_bed(core: CoreOf, planner: Planner, ward: str, body: NewBed) -> BedView:
    """Behind the beds that are there. Carts see it with their next fresh copy of the ward."""
    return acts.add_bed(core, planner, ward, body.id, body.label)


@router.get("/{ward}/closures", summary="Beds that are out of service, or will be")
def closed(core: CoreOf, _person: StaffOf, ward: Slug) -> list[ClosureView]:
    """By bed, the first first; no patient is named."""
    with core.db.read() as conn:
        service.known_ward(conn, ward)
        found = closures.not_over(conn, ward, core.clock.now())
    return [ClosureView.of(each) for beds in found.values() for each in beds]


@router.post("/{ward}/beds/{bed}/close", summary="Take a bed out of service", status_code=201)
def close(core: CoreOf, planner: Planner, ward: Slug, bed: Slug, body: ClosingRequest) -> ClosureView:
    """Not while a patient lies there, and not where it is closed already."""
    planner.demand("ward.manage", ward)
    with core.db.read() as conn:
        seen = closures.mark(closures.history(conn, ward, bed))
    asked = closures.Closing(body.from_at, body.until_at, body.reason, body.words.strip())
    return ClosureView.of(acts.close_bed(core, planner, ward, bed, asked, seen=seen))


@router.post("/{ward}/beds/{bed}/give-back", summary="Give a bed back", status_code=204)
def give_back(core: CoreOf, planner: Planner, ward: Slug, bed: Slug, body: GivingBack) -> None:
    """Now; a closing that has not begun is called off."""
    planner.demand("ward.manage", ward)
    with core.db.read() as conn:
        seen = closures.mark(closures.history(conn, ward, bed))
    acts.give_back_bed(core, planner, ward, bed, body.closure, seen=seen)


@router.get("/{ward}/settings", summary="What a ward has decided for itself")
def settings(core: CoreOf, _person: StaffOf, ward: Slug) -> WardSettingView | None:
    """Nothing where it has decided nothing: then the hospital's tables hold."""
    with core.db.read() as conn:
        service.known_ward(conn, ward)
        found = record_called(conn, WARD_SETTING, ward_setting_id(ward))
    return found[1] if found else None


@router.patch("/{ward}/settings", summary="Decide something for a ward")
def decide(core: CoreOf, planner: Planner, ward: Slug, body: Settings) -> WardSettingView | None:
    """Its carts hear it at once, and keep it without a network; a field left out stays as it is."""
    deciding.decide(core, planner, ward, SetWard(shows_mews=body.shows_mews), body.command)
    return settings(core, planner, ward)
