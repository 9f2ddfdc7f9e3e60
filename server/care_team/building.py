"""The care team of a stay, as it stands in the database now. What nobody has recorded is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from server.identity.models import Staff
from server.patients.service import encounter_view
from server.record.service import open_of, record_called
from server.roster.service import on_shift
from wardlink.clinical.care_team import ROLES, CareRole
from wardlink.clinical.shifts import Shift, shift_at
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
    """By role: doctor and nurse of the stay, who has taken the bed in this shift and the next, and who else plans.

    Doctors and therapists with the shift that the ward's roster gives them; while they are not there, whoever is.
    """
    here = {row.id: row for row in conn.execute(select(_STAFF).where(_STAFF.c.active.is_(True)))}
    roles, turns = {id: row.role for id, row in here.items()}, _turns(conn, stay.ward, now)
    found = [*_with_shift(_answering(stay), "doctor", roles, turns), *_on_shift(conn, stay, now)]
    found += [("head-nurse", id, None) for id in sorted(here) if _leads(here[id], stay.ward)]
    found += _with_shift(_planning(conn, stay, roles), "therapist", roles, turns)
    members = dict.fromkeys(found)
    return tuple(
        CareMember(role=role, staff=staff, name=here[staff].name, shift_at=begins_at)
        for role, staff, begins_at in sorted(members, key=lambda member: ROLES.index(member[0]))
        if staff in here
    )


def _leads(row: Row[Any], ward: str) -> bool:
    return row.role == "head-nurse" and ward in row.wards


def _turns(conn: Connection, ward: str, now: datetime) -> list[tuple[Shift, list[str]]]:
    """Who is entered for the running shift, and for the next one."""
    running = shift_at(now)
    return [(shift, on_shift(conn, ward, shift)) for shift in (running, running.after())]


def _with_shift(
    members: Iterable[_Found], role: CareRole, roles: dict[str, str], turns: list[tuple[Shift, list[str]]]
) -> list[_Found]:
    """These members, those of `role` with the shift that they have; and who else of it is there while none of them is.

    A doctor on duty is everybody's, a therapist only theirs for whom therapy is planned.
    """
    found: list[_Found] = []
    for member, staff, begins_at in members:
        entered = (shift.begins_at for shift, those in turns if staff in those)
        found.append((member, staff, next(entered, None) if member == role else begins_at))
    running, there = turns[0]
    is_asked = role == "doctor" or any(member == role for member, _staff, _at in found)
    is_here = any(at == running.begins_at for member, _staff, at in found if member == role)
    if is_asked and not is_here:
        found += [(role, staff, running.begins_at) for staff in there if roles.get(staff) == role]
    return found


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
