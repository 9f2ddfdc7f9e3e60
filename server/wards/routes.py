"""Wards and beds over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from server.http import CoreOf, StaffOf, staff_with
from server.identity import audit
from server.identity.staff import Person
from server.wards import service
from server.wards.service import WardEntry
from wardlink.messages.changes import BedView

router = APIRouter(prefix="/api/v1/wards", tags=["wards"])

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


@router.get("", summary="Wards and their beds")
def listed(core: CoreOf, _person: StaffOf) -> list[WardEntry]:
    """For everybody who works here; no patient is named."""
    with core.db.read() as conn:
        return service.wards(conn)


@router.post("", summary="Make a ward", status_code=201)
def add_ward(core: CoreOf, planner: Planner, body: NewWard) -> WardEntry:
    """With the beds that are named, in their order. All of it is made, or nothing."""
    with core.db.write() as conn:
        service.add_ward(conn, body.id, body.name)
        for bed in body.beds:
            service.add_bed(conn, body.id, bed.id, bed.label)
        audit.note(core, conn, planner, "ward-added", f"ward {body.id}", beds=len(body.beds))
        return next(entry for entry in service.wards(conn) if entry.id == body.id)


@router.post("/{ward}/beds", summary="Make a bed", status_code=201)
def add_bed(core: CoreOf, planner: Planner, ward: str, body: NewBed) -> BedView:
    """Behind the beds that are there. Carts see it with their next fresh copy of the ward."""
    with core.db.write() as conn:
        made = service.add_bed(conn, ward, body.id, body.label)
        audit.note(core, conn, planner, "bed-added", f"ward {ward} bed {body.id}")
    return made
