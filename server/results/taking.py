"""Takes a version of a report in: once, in an order that a laboratory can mean, audited."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Table, insert, select

from server.core import Core
from server.identity import audit
from server.patients.models import Encounter
from server.results.rows import RESULT
from wardlink.clinical.results.release import CHANGES
from wardlink.errors import Collision, InvalidInput, NotFound
from wardlink.i18n import N_
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.results import ReportResult

_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]

_ORDER = N_("Report {number} is {before} already: it cannot become {after}. A change is sent as corrected.")
_NO_TIME = N_("A verified report needs the time at which it was verified.")
_LATE = N_("The time of this report lies in the future.")
_EMPTY = N_("A verified report needs a value or a conclusion.")

_CONTENT = ("category", "code", "name", "status", "collected_at", "issued_at", "verified_by", "items", "conclusion")


@dataclass(frozen=True)
class Taken:
    """What became of it. `is_new` False: the same was here already. `ward`: where its patient lies."""

    id: str
    version: int
    is_new: bool
    ward: str


def take_in(core: Core, conn: Connection, encounter: str, report: ReportResult, sender: Actor) -> Taken:
    """Keep a version of a report, inside the caller's transaction; the same again changes nothing.

    Raises:
        NotFound: there is no such stay.
        InvalidInput: verified without a time or without content, or a time to come.
        Collision: a status that cannot follow the one before.
    """
    ward = conn.execute(select(_ENCOUNTER.c.ward).where(_ENCOUNTER.c.id == encounter)).scalar()
    if ward is None:
        raise NotFound(what="stay", name=encounter[:40])
    now = core.clock.now()
    if report.status in ("final", "corrected"):
        if report.issued_at is None:
            raise InvalidInput(_NO_TIME)
        if not report.items and report.conclusion is None:
            raise InvalidInput(_EMPTY)
    if report.issued_at is not None and report.issued_at > now:
        raise InvalidInput(_LATE)
    values = report.model_dump(exclude={"items"}) | {
        "items": [item.model_dump(mode="json", exclude_none=True) for item in report.items]
    }
    here = (RESULT.c.encounter == encounter) & (RESULT.c.number == report.number)
    before = conn.execute(select(RESULT).where(here).order_by(RESULT.c.version.desc()).limit(1)).first()
    if before is not None and all(getattr(before, name) == values[name] for name in _CONTENT):
        return Taken(before.id, before.version, False, ward)
    if report.status not in CHANGES[None if before is None else before.status]:
        assert before is not None
        raise Collision(_ORDER, number=report.number, before=before.status, after=report.status)
    id, version = new_id(), 1 if before is None else before.version + 1
    own = {"id": id, "encounter": encounter, "version": version, "received_at": now, "received_from": str(sender)}
    conn.execute(insert(RESULT).values(**values, **own))
    audit.append(
        conn,
        at=now,
        actor=str(sender),
        device=sender.id if sender.kind == "device" else None,
        action="result-received",
        what=f"result {id}",
        encounter=encounter,
        command=None,
        detail={"version": version, "status": report.status},
    )
    return Taken(id, version, True, ward)
