"""A patient's own ECG strips, for the terminal of the bed: those that may be seen only. Every look is audited."""

from __future__ import annotations

from fastapi import APIRouter

from server.core import Core
from server.ecg.rows import curve_of
from server.ecg.shown import birth_of, listed, whole, why_not
from server.http import CoreOf
from server.patients.at_bed import AtBed, AtBedOf
from server.record.service import record_called, records_of
from server.refusals import REFUSED
from wardlink.clock import ward_date
from wardlink.errors import NotFound
from wardlink.ids import Id
from wardlink.messages.ecg_at_bed import EcgAtBed, EcgsAtBed
from wardlink.record.ecg import ECG

router = APIRouter(prefix="/api/v1/encounters/{encounter}/ecg/released", tags=["ecg"])


@router.get("", summary="The ECG strips that whoever lies in the bed may see")
def released(core: CoreOf, terminal: AtBedOf, encounter: Id) -> EcgsAtBed:
    """The newest first; without their curves."""
    with core.db.read() as conn:
        terminal.demand(conn, encounter, "medical", core.clock.now())
        views = records_of(conn, ECG, encounter=encounter)
        found = listed(views, birth_of(conn, encounter), ward_date(core.clock.now()))
    _note(core, terminal, encounter, "list", "ecg")
    return found


@router.get("/{strip}", summary="One of them with its curve")
def one(core: CoreOf, terminal: AtBedOf, encounter: Id, strip: Id) -> EcgAtBed:
    """404 where it may not be seen, or not any more; that somebody asked for it stands in the audit."""
    found = _may_see(core, terminal, encounter, strip)
    _note(core, terminal, encounter, REFUSED if found is None else "view", f"ecg {strip}")
    if found is None:
        raise NotFound(what="entry", name=strip)
    return found


def _may_see(core: Core, terminal: AtBed, encounter: str, strip: str) -> EcgAtBed | None:
    with core.db.read() as conn:
        terminal.demand(conn, encounter, "medical", core.clock.now())
        known = record_called(conn, ECG, strip)
        if known is None or known[1].encounter != encounter:
            return None
        view = known[1]
        if why_not(view, birth_of(conn, encounter), ward_date(core.clock.now())):
            return None
        curve = curve_of(conn, view)
    return None if curve is None else whole(view, curve)


def _note(core: Core, terminal: AtBed, encounter: str, action: str, what: str) -> None:
    core.audit(action, actor=terminal.actor, device=terminal.device.id, what=what, encounter=encounter)
