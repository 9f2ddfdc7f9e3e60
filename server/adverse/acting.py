"""What staff do about adverse events: report, follow up, strike out; each in a transaction, with its audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select, update

from server.adverse.models import AdverseEvent, AdverseStep
from server.adverse.service import sees
from server.core import Core
from server.identity import audit
from server.identity.roles import EVERYWHERE, demand, may
from server.identity.staff import Person
from server.patients.service import places_of
from wardlink.clinical.adverse_events import harm_of, told
from wardlink.clock import ward_date
from wardlink.errors import Collision, InvalidInput, NoRight, NotFound
from wardlink.i18n import N_
from wardlink.ids import new_id

_EVENT: Table = AdverseEvent.__table__  # type: ignore[attr-defined]
_STEP: Table = AdverseStep.__table__  # type: ignore[attr-defined]

LONGEST_WORDS = 1_000
LONGEST_PLACE = 60
_OLDEST = timedelta(days=366)

_NO_WORDS = N_("Please say it in words.")
_NO_PLACE = N_("Please say where it happened.")
_NOT_YET = N_("This time has not come yet.")
_TOO_OLD = N_("This is more than a year ago.")
_NOT_HERE = N_("This patient was not in this ward on that day.")
_STRUCK = N_("It was struck out; nothing more is written about it.")
_OTHER = N_("Something else was reported with this form already. Please open a new one.")


@dataclass(frozen=True)
class Report:
    """What somebody says has happened. `said`: the answers that its kind asks for; `encounter`: None for a visitor."""

    id: str
    ward: str
    kind: str
    happened_at: datetime
    place: str
    words: str
    said: Mapping[str, str]
    encounter: str | None = None


def report(core: Core, person: Person, told_by: Report) -> None:
    """Keep it. The same form sent twice is kept once.

    Raises:
        InvalidInput: something is missing, or the time or the patient cannot be right.
        NoRight: without the right, or in another ward.
        Collision: another event has this id.
    """
    demand(person.role, "event.report")
    if told_by.ward not in person.wards and person.role not in EVERYWHERE:
        raise NoRight
    if told_by.kind == "infection":
        demand(person.role, "event.infection")
    now = core.clock.now()
    place, words = told_by.place.strip()[:LONGEST_PLACE], told_by.words.strip()[:LONGEST_WORDS]
    answers = told(told_by.kind, told_by.said)
    if not place:
        raise InvalidInput(_NO_PLACE)
    if not words:
        raise InvalidInput(_NO_WORDS)
    if told_by.happened_at > now:
        raise InvalidInput(_NOT_YET)
    if told_by.happened_at < now - _OLDEST:
        raise InvalidInput(_TOO_OLD)
    row = {
        "id": told_by.id,
        "ward": told_by.ward,
        "encounter": told_by.encounter,
        "kind": told_by.kind,
        "happened_at": told_by.happened_at,
        "place": place,
        "words": words,
        "reported_by": str(person.actor),
        **answers,
    }
    with core.db.write() as conn:
        before = conn.execute(select(_EVENT).where(_EVENT.c.id == told_by.id)).mappings().first()
        if before is not None:
            if any(before[name] != value for name, value in row.items()):
                raise Collision(_OTHER)
            return
        bed = None if told_by.encounter is None else _bed_then(conn, told_by)
        conn.execute(insert(_EVENT).values(**row, bed=bed, reported_at=now))
        audit.note(core, conn, person, "event-reported", f"event {told_by.id}", encounter=told_by.encounter)


def follow_up(core: Core, person: Person, event: str, words: str, *, harm: str | None = None) -> None:
    """Say what was done about it; `harm`: the grade as it is known now, if it is another.

    Raises:
        InvalidInput: without words, or the kind has no such grade.
        NotFound: it is not theirs to know of.
        NoRight: without the right.
        Collision: it was struck out.
    """
    demand(person.role, "event.handle")
    said = _said(words)
    with core.db.write() as conn:
        row = _open(conn, person, event)
        graded = harm_of(row.kind, harm) if harm else row.harm
        if graded != row.harm:
            conn.execute(update(_EVENT).where(_EVENT.c.id == row.id).values(harm=graded))
        before = row.harm if graded != row.harm else None
        _step(core, conn, person, row, "follow-up", said, harm_before=before)


def strike_out(core: Core, person: Person, event: str, reason: str) -> None:
    """It was reported by mistake: it stays to be read and counts no more.

    Raises:
        InvalidInput: without a reason.
        NotFound: it is not theirs to know of.
        NoRight: neither reported by this person nor with the right.
        Collision: it was struck out before.
    """
    demand(person.role, "event.report")
    said = _said(reason)
    with core.db.write() as conn:
        row = _open(conn, person, event)
        if row.reported_by != str(person.actor) and not may(person.role, "event.handle"):
            raise NoRight
        conn.execute(update(_EVENT).where(_EVENT.c.id == row.id).values(struck_at=core.clock.now()))
        _step(core, conn, person, row, "strike-out", said)


def _said(words: str) -> str:
    said = words.strip()[:LONGEST_WORDS]
    if not said:
        raise InvalidInput(_NO_WORDS)
    return said


def _open(conn: Connection, person: Person, event: str) -> Row[Any]:
    # Locked where the engine locks rows: of two who strike it out at once, one is told.
    row = conn.execute(select(_EVENT).where(_EVENT.c.id == event).with_for_update()).first()
    if row is None or not sees(person, row):
        raise NotFound(what="adverse event", name=event[:40])
    if row.struck_at is not None:
        raise Collision(_STRUCK)
    return row


def _step(
    core: Core, conn: Connection, person: Person, row: Row[Any], act: str, words: str, *, harm_before: str | None = None
) -> None:
    done = {"act": act, "at": core.clock.now(), "actor": str(person.actor), "words": words, "harm_before": harm_before}
    conn.execute(insert(_STEP).values(id=new_id(), event=row.id, **done))
    audit.note(core, conn, person, f"event-{act}", f"event {row.id}", encounter=row.encounter)


def _bed_then(conn: Connection, told_by: Report) -> str:
    # By the day: who falls on the way out fell in the ward, an hour after the computer let the patient go.
    at, on = told_by.happened_at, ward_date(told_by.happened_at)
    here = [place for place in places_of(conn, told_by.encounter or "") if place.ward == told_by.ward]
    then = [one for one in here if one.from_at <= at and (one.until_at is None or at < one.until_at)]
    days = [
        one for one in here if ward_date(one.from_at) <= on and (one.until_at is None or on <= ward_date(one.until_at))
    ]
    if not days:
        raise InvalidInput(_NOT_HERE)
    return (then or days)[-1].bed
