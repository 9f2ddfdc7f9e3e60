"""Family at a bed over HTTP: a code for a relative whom the patient lets in, and the relative's way in."""

from __future__ import annotations

from fastapi import APIRouter

from server.family import signing_in
from server.http import CoreOf, DeviceOf
from server.patients.at_bed import AtBedOf
from wardlink.ids import Id, Slug
from wardlink.messages.family import FamilyFirst, FamilyOpened, FamilyPin, NewFamilyCode

router = APIRouter(prefix="/api/v1", tags=["family"])


@router.post("/encounters/{encounter}/family/{consent}/code", summary="A code for a relative to set a PIN with")
def code(core: CoreOf, terminal: AtBedOf, encounter: Id, consent: Id) -> NewFamilyCode:
    """For the patient's own screen. Holds once and for a quarter of an hour; the one before it holds no longer."""
    with core.db.read() as conn:
        terminal.demand(conn, encounter, "patient", core.clock.now())
    return signing_in.new_code(core, terminal.device, encounter, consent)


@router.post("/wards/{ward}/beds/{bed}/family/pin", summary="Set a PIN with a code, and sign in")
def first(core: CoreOf, terminal: DeviceOf, ward: Slug, bed: Slug, body: FamilyFirst) -> FamilyOpened:
    """For the terminal of that bed only. 429 with `Retry-After` after wrong tries. Audited."""
    given = body.code.get_secret_value(), body.pin.get_secret_value()
    return signing_in.set_pin(core, terminal, ward, bed, body.relation, *given)


@router.post("/wards/{ward}/beds/{bed}/family/open", summary="Family sign in with their PIN")
def again(core: CoreOf, terminal: DeviceOf, ward: Slug, bed: Slug, body: FamilyPin) -> FamilyOpened:
    """For the terminal of that bed only. 429 with `Retry-After` after wrong tries. Audited."""
    return signing_in.open_by_pin(core, terminal, ward, bed, body.relation, body.pin.get_secret_value())
