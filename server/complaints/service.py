"""Reads complaints: one with its steps, those of some wards for the list, those of a stay for its bed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, or_, select

from server.complaints.models import Complaint, ComplaintStep
from server.identity.models import Staff
from wardlink.clinical.complaints import AWAITS, Deadlines, Level, deadlines, is_answered, level_at
from wardlink.messages.complaints import ComplaintAtBed

_COMPLAINT: Table = Complaint.__table__  # type: ignore[attr-defined]
_STEP: Table = ComplaintStep.__table__  # type: ignore[attr-defined]
_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]

MOST = 5_000
"""No list reads more than this."""


@dataclass(frozen=True)
class Standing:
    """A complaint and what its clock says. `steps`: in the order in which they were done; of a list none."""

    row: Row[Any]
    due: Deadlines
    steps: tuple[Row[Any], ...] = ()

    @property
    def is_waiting(self) -> bool:
        """Whether the patient still waits for an answer."""
        return self.row.state in AWAITS and is_answered(self.row.kind)

    @property
    def is_open(self) -> bool:
        """Whether something has still to be done."""
        return bool(self.row.state != "closed")

    def next_at(self) -> datetime | None:
        """The next thing that is due: the answer, or else the closing; None if nothing is."""
        if self.is_waiting:
            return self.due.reply_at
        return self.due.close_at if self.is_open and is_answered(self.row.kind) else None

    def is_overdue(self, now: datetime) -> bool:
        """Whether the next thing should have been done."""
        due_at = self.next_at()
        return due_at is not None and now > due_at

    def is_acknowledged_late(self, now: datetime) -> bool:
        """Whether nobody has taken it within the hour of day-time."""
        return self.row.state in ("submitted", "reopened") and now > self.due.acknowledge_at

    def level(self, now: datetime) -> Level | None:
        """Whose business it has become by waiting."""
        return level_at(self.row.begun_at, now) if self.is_waiting else None


def standing(conn: Connection, complaint: str) -> Standing | None:
    """One with its steps; None if there is none with this id."""
    row = conn.execute(select(_COMPLAINT).where(_COMPLAINT.c.id == complaint)).first()
    if row is None:
        return None
    steps = conn.execute(select(_STEP).where(_STEP.c.complaint == complaint).order_by(_STEP.c.at, _STEP.c.id))
    return Standing(row, _due(row), tuple(steps))


def complaints_of(
    conn: Connection, wards: Collection[str] | None, *, closed: bool, with_office_only: bool
) -> list[Standing]:
    """Those of these wards (None: of all), by what is due next; closed ones by when they were closed, newest first."""
    query: Select[Any] = select(_COMPLAINT).limit(MOST)
    if wards is not None:
        query = query.where(_COMPLAINT.c.ward.in_(wards))
    if not with_office_only:
        query = query.where(_COMPLAINT.c.office_only.is_(False))
    if closed:
        query = query.where(_COMPLAINT.c.state == "closed").order_by(_COMPLAINT.c.closed_at.desc(), _COMPLAINT.c.id)
        return [Standing(row, _due(row)) for row in conn.execute(query)]
    query = query.where(_COMPLAINT.c.state != "closed").order_by(_COMPLAINT.c.begun_at, _COMPLAINT.c.id)
    found = [Standing(row, _due(row)) for row in conn.execute(query)]
    # What the patient waits for stands before what only has to be closed, thanks come last.
    return sorted(found, key=lambda one: (not one.is_waiting, one.next_at() is None, one.next_at() or one.row.begun_at))


def of_stay(conn: Connection, encounter: str) -> tuple[ComplaintAtBed, ...]:
    """As the bed may show them, the newest first."""
    query = select(_COMPLAINT).where(_COMPLAINT.c.encounter == encounter)
    rows = conn.execute(query.order_by(_COMPLAINT.c.submitted_at.desc(), _COMPLAINT.c.id.desc())).all()
    replies = _newest_replies(conn, [row.id for row in rows])
    return tuple(_at_bed(row, replies.get(row.id)) for row in rows)


def _newest_replies(conn: Connection, complaints: Sequence[str]) -> dict[str, Any]:
    query = (
        select(_STEP.c.complaint, _STEP.c.words, _STEP.c.at, _STAFF.c.name)
        .join(_STAFF, _STEP.c.actor == "staff:" + _STAFF.c.id, isouter=True)
        .where(_STEP.c.complaint.in_(complaints), or_(_STEP.c.act == "reply", _STEP.c.act == "close"))
        .where(_STEP.c.words.is_not(None))
        .order_by(_STEP.c.at, _STEP.c.id)
    )
    return {row[0]: row for row in conn.execute(query).all()}


def _at_bed(row: Row[Any], reply: Any) -> ComplaintAtBed:
    found = Standing(row, _due(row))
    answered = is_answered(row.kind)
    return ComplaintAtBed(
        id=row.id,
        kind=row.kind,
        topic=row.topic,
        state=row.state,
        submitted_at=row.submitted_at,
        reply_by=found.due.reply_at if found.is_waiting else None,
        close_by=found.due.close_at if found.is_open and answered else None,
        reply=reply.words if reply else None,
        replied_at=reply.at if reply else None,
        replied_by=reply.name if reply else None,
        office_only=row.office_only,
    )


def _due(row: Row[Any]) -> Deadlines:
    several = row.several_departments
    return deadlines(row.begun_at, submitted_at=row.submitted_at, several_departments=several)
