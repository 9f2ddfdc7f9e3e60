"""A patient's own bill over HTTP, for the terminal of the bed. Every look is audited."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from server.http import CoreOf, language_of
from server.money.bill import bill_of, bill_of_day
from server.money.routes import Day, Expected
from server.patients.at_bed import AtBedOf
from wardlink.i18n import speaking
from wardlink.ids import Id
from wardlink.messages.bills import BillOfDay, BillView

router = APIRouter(prefix="/api/v1/encounters/{encounter}/bill", tags=["money"])

Language = Annotated[str, Depends(language_of)]


@router.get("", summary="The bill of whoever lies in the bed")
def bill(core: CoreOf, terminal: AtBedOf, expected: Expected, encounter: Id) -> BillView:
    """Its days, and how far the deposit goes."""
    with core.db.read() as conn:
        terminal.demand(conn, encounter, "money", core.clock.now())
        from_insurance_fen = expected(conn, encounter)
        found = bill_of(conn, encounter, core.clock.now(), from_insurance_fen=from_insurance_fen)
    core.audit("view", actor=terminal.actor, device=terminal.device.id, what="bill", encounter=encounter)
    return found


@router.get("/{day}", summary="A day of it")
def one_day(core: CoreOf, terminal: AtBedOf, language: Language, encounter: Id, day: Day) -> BillOfDay:
    """By category, each line with who did it."""
    with core.db.read() as conn, speaking(language):
        terminal.demand(conn, encounter, "money", core.clock.now())
        found = bill_of_day(conn, encounter, day, core.clock.now())
    core.audit("view", actor=terminal.actor, device=terminal.device.id, what=f"bill of {day}", encounter=encounter)
    return found
