"""A patient's own results, for the terminal of the bed: released ones only. Every look is audited."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import update

from server.core import Core
from server.http import CoreOf
from server.patients.at_bed import AtBed, AtBedOf
from server.results.rows import RESULT, versions_of_stay
from server.results.shown import lines, page
from wardlink.errors import NotFound
from wardlink.ids import Id
from wardlink.messages.results import NewResults, ResultLine, ResultPage, Results

router = APIRouter(prefix="/api/v1/encounters/{encounter}/results", tags=["results"])


@router.get("", summary="The released results of whoever lies in the bed")
def released(core: CoreOf, terminal: AtBedOf, encounter: Id) -> Results:
    """The newest first; without values."""
    found = _lines(core, terminal, encounter)
    _note(core, terminal, encounter, "list", "results")
    return Results(lines=found)


@router.get("/new", summary="How many of them nobody has opened")
def news(core: CoreOf, terminal: AtBedOf, encounter: Id) -> NewResults:
    """For a quiet line on the home page; tells nothing of any of them."""
    found = _lines(core, terminal, encounter)
    _note(core, terminal, encounter, "list", "number of new results")
    return NewResults(new=sum(line.is_new for line in found))


@router.get("/{result}", summary="One of them whole")
def one(core: CoreOf, terminal: AtBedOf, encounter: Id, result: Id) -> ResultPage:
    """With its former values; from then on it is not new."""
    now = core.clock.now()
    with core.db.read() as conn:
        terminal.demand(conn, encounter, "medical", core.clock.now())
        found = page(versions_of_stay(conn, encounter), result, now, core.results_delay)
    if found is None:
        raise NotFound(what="entry", name=result)
    with core.db.write() as conn:
        conn.execute(update(RESULT).where(RESULT.c.id == result, RESULT.c.opened_at.is_(None)).values(opened_at=now))
    _note(core, terminal, encounter, "view", f"result {result}")
    return found


def _lines(core: Core, terminal: AtBed, encounter: str) -> tuple[ResultLine, ...]:
    with core.db.read() as conn:
        terminal.demand(conn, encounter, "medical", core.clock.now())
        return lines(versions_of_stay(conn, encounter), core.clock.now(), core.results_delay)


def _note(core: Core, terminal: AtBed, encounter: str, action: str, what: str) -> None:
    core.audit(action, actor=terminal.actor, device=terminal.device.id, what=what, encounter=encounter)
