"""Wards and beds over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from server.http import CoreOf, StaffOf, staff_with
from server.identity.staff import Person
from server.record.service import record_called
from server.wards import acts, deciding, service
from server.wards.service import WardEntry
from wardlink.ids import Id, Slug
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
