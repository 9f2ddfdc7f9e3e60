"""Complaints in the small ward: who works there, what patients say, what staff do."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, insert

from server.complaints.service import Standing, standing
from server.identity.models import Staff
from server.identity.staff import Person
from tests.server.wards import STAY_1, SmallWard, Speaker
from wardlink.messages.base import Actor
from wardlink.messages.commands import Command

_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]

PATIENT = Actor(kind="patient", id=STAY_1)
NURSE = Person("n1", "李静", "nurse", ("w1",))
NURSE_2 = Person("n2", "王芳", "nurse", ("w1",))
DOCTOR = Person("d1", "赵医生", "doctor", ("w1", "w2"))
HEAD = Person("h1", "孙护士长", "head-nurse", ("w1",))
OTHER_HEAD = Person("x1", "周护士", "head-nurse", ("w2",))
OFFICE = Person("r1", "何主任", "relations", ())


def staffed(ward: SmallWard) -> SmallWard:
    """The ward with a head nurse, one of another ward, and the hospital's office."""
    with ward.db.write() as conn:
        for person in (HEAD, OTHER_HEAD, OFFICE):
            row = {"id": person.id, "name": person.name, "role": person.role, "wards": list(person.wards)}
            conn.execute(insert(_STAFF).values(**row, badge=f"b-{person.id}", pin_hash="-", active=True))
    return ward


def says(speaker: Speaker, what: str = "complaint.submit", /, *, stay: str = STAY_1, **body: Any) -> Command:
    """A patient says something at the bed."""
    if what == "complaint.submit":
        body = {"kind": "complaint", "topic": "manner"} | body
    return speaker.command(what, body, encounter=stay, actor=Actor(kind="patient", id=stay))


def submitted(ward: SmallWard, **body: Any) -> str:
    """A complaint that has come in; its id."""
    command = says(ward.terminal, **body)
    assert ward.answer(command).outcome == "applied", ward.parked()
    return command.id


def seen(ward: SmallWard, complaint: str) -> Standing:
    """As it stands."""
    with ward.db.read() as conn:
        found = standing(conn, complaint)
    assert found is not None
    return found
