"""A person's word: what was done about a difference, and that a day is right."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select, update

from server.core import Core
from server.identity import audit
from server.identity.roles import demand
from server.identity.staff import Person
from server.reconcile.resolving import Resolution, Working, book
from server.reconcile.rows import DIFFERENCE, RUN, DifferenceView, RunView, difference_called, run_of
from wardlink.errors import Collision
from wardlink.i18n import N_

_ENDED = N_("This difference was dealt with already: {outcome}")
_OPEN = N_("{count} differences of this day are still open. Deal with them first.")
_NOT_DONE = N_("The bill of this day was not compared yet.")


def close(
    core: Core, person: Person, id: str, reason: str, *, way: Resolution = "explained", admission_no: str = ""
) -> DifferenceView:
    """Say what was done about a difference, and book what that means. The same again by the same person changes
    nothing. Only who may write money off writes it off.

    Raises:
        NotFound: there is none with this id, or no stay with this number.
        NotAllowed: this person may not write it off.
        Collision: somebody has dealt with it already, it has settled by itself, or it cannot be worked off so.
    """
    if way == "written-off":
        demand(person.role, "pay.write-off")
    now, actor = core.clock.now(), str(person.actor)
    with core.db.write() as conn:
        before = difference_called(conn, id, now)
        if (before.state, before.ended_by, before.outcome, before.resolution) == ("closed", actor, reason, way):
            return before
        still = (DIFFERENCE.c.id == id) & DIFFERENCE.c.state.in_(("waiting", "open"))
        ended = {"state": "closed", "outcome": reason, "resolution": way, "ended_at": now, "ended_by": actor}
        if conn.execute(update(DIFFERENCE).where(still).values(ended)).rowcount == 0:
            raise Collision(_ENDED, outcome=before.outcome or "")
        encounter = book(conn, before, way, Working(actor, now, admission_no))
        told = {"kind": before.kind, "channel": before.channel, "resolution": way}
        audit.note(core, conn, person, "reconcile-close", f"difference {id}", encounter=encounter, **told)
        return difference_called(conn, id, now)


def sign(core: Core, person: Person, channel: str, on: date) -> RunView:
    """Say that a day is right. Who signed first stands.

    Raises:
        NotFound: it was not compared.
        Collision: it could not be compared, or differences of it are open.
    """
    with core.db.write() as conn:
        found = run_of(conn, channel, on)
        if found.signed_by is not None:
            return found
        if found.status != "done":
            raise Collision(_NOT_DONE)
        c = DIFFERENCE.c
        still = (c.channel == channel) & (c.on == on) & c.state.in_(("waiting", "open"))
        count = conn.execute(select(func.count()).where(still)).scalar_one()
        if count:
            raise Collision(_OPEN, count=count)
        signed = {"signed_by": str(person.actor), "signed_at": core.clock.now()}
        conn.execute(update(RUN).where(RUN.c.channel == channel, RUN.c.on == on).values(signed))
        audit.note(core, conn, person, "reconcile-sign", f"bill {channel} {on}")
        return run_of(conn, channel, on)
