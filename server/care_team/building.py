"""The care team of a stay, as it stands in the database now. What nobody has recorded is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from server.identity.models import Staff
from server.patients.service import encounter_view
from server.record.service import open_of, record_called
from wardlink.clinical.care_team import ROLES, CareRole
from wardlink.clinical.shifts import shift_at
from wardlink.messages.care_team import CareMember, CareTeamView
from wardlink.messages.encounters import EncounterView
from wardlink.record.assignments import ASSIGNMENT, assignment_id
from wardlink.record.care_team import CARE_TEAM, care_team_id
from wardlink.record.diet_cards import DIET_CARD
from wardlink.record.rehabilitation import REHAB_PLAN

_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]

_Found = tuple[CareRole, str, datetime | None]


@dataclass(frozen=True)
class Due:
    """What is to be told, and to which ward. `is_new`: nothing was told of this stay yet."""

    view: CareTeamView
    ward: str
    is_new: bool


def due(conn: Connection, encounter: str, now: datetime) -> Due | None:
    """The team of a stay, where it is another than was told; None where there is nothing to say."""
    stay, known = encounter_view(conn, encounter), record_called(conn, CARE_TEAM, care_team_id(encounter))
    if stay is None or (known is None and stay.status == "finished"):
        return None
    is_over = stay.status == "finished"
    view = CareTeamView(
        id=care_team_id(encounter),
        encounter=encounter,
        bed=stay.bed,
        members=known[1].members if known is not None and is_over else members_of(conn, stay, now),
        ended=is_over,
        told_at=now,
    )
    if known is not None and known[0] == stay.ward and known[1].model_copy(update={"told_at": now}) == view:
        return None
    return Due(view, stay.ward, is_new=known is None)


def members_of(conn: Connection, stay: EncounterView, now: datetime) -> tuple[CareMember, ...]:
    """By role: doctor and nurse of the stay, who has taken the bed in this shift and the next, and who else plans."""
    here = {row.id: row for row in conn.execute(select(_STAFF).where(_STAFF.c.active.is_(True)))}
    found = [*_answering(stay), *_on_shift(conn, stay, now)]
    found += [("head-nurse", id, None) for id in sorted(here) if _leads(here[id], stay.ward)]
    found += _planning(conn, stay, {id: row.role for id, row in here.items()})
    members = dict.fromkeys(found)
    return tuple(
        CareMember(role=role, staff=staff, name=here[staff].name, shift_at=begins_at)
        for role, staff, begins_at in sorted(members, key=lambda member: ROLES.index(member[0]))
        if staff in here
    )


def _leads(row: Row[Any], ward: str) -> bool:
    return row.role == "head-nurse" and ward in row.wards


def _answering(stay: EncounterView) -> Iterator[_Found]:
    if stay.doctor is not None:
        yield "doctor", stay.doctor, None
    if stay.nurse is not None:
        yield "nurse", stay.nurse, None


def _on_shift(conn: Connection, stay: EncounterView, now: datetime) -> Iterator[_Found]:
    running = shift_at(now)
    for begins_at in (running.begins_at, running.ends_at):
        known = record_called(conn, ASSIGNMENT, assignment_id(stay.ward, stay.bed, begins_at))
        for step in known[1].nurses if known is not None else ():
            yield "shift-nurse", step.by.id, begins_at


def _planning(conn: Connection, stay: EncounterView, roles: dict[str, str]) -> Iterator[_Found]:
    """The therapist who wrote the plan that holds, and the dietitian who last decided how the patient eats."""
    for plan in open_of(conn, REHAB_PLAN, [stay.id]):
        writers = [version.by.id for version in plan.versions if roles.get(version.by.id) == "therapist"]
        if writers:
            yield "therapist", writers[-1], None
    for card in open_of(conn, DIET_CARD, [stay.id]):
        if roles.get(card.by.id) == "dietitian":
            yield "dietitian", card.by.id, None
