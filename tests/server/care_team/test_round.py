"""The care team at the bed: who is known, told to that bed alone, anew whenever it changes, on both engines."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, update

from server.care_team.round import CareTeamRound
from server.changes import read_range
from server.identity.models import Staff
from server.identity.staff import Person
from server.projection import for_bed
from server.roster.acts import Change, enter
from server.snapshot import render_snapshot
from tests.server.wards import DESK, NOW, STAY_1, STAY_2, SmallWard
from wardlink.clinical.shifts import shift_at
from wardlink.clock import ward_date
from wardlink.messages.base import Actor
from wardlink.messages.care_team import CareTeamView
from wardlink.messages.encounters import Discharge, Transfer, UpdateEncounter
from wardlink.messages.meals import SetDietCard
from wardlink.messages.rehabilitation import PlannedExercise, StartPlan

_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]
SHIFT = shift_at(NOW)
PEOPLE = [
    ("h1", "孙护士长", "head-nurse", ["w1"], True),
    ("h2", "别处护士长", "head-nurse", ["w2"], True),
    ("h3", "离职护士长", "head-nurse", ["w1"], False),
    ("r1", "吴治疗师", "therapist", [], True),
    ("r2", "何治疗师", "therapist", [], True),
    ("e1", "林营养师", "dietitian", [], True),
    ("d8", "何医生", "doctor", ["w1"], True),
]


@pytest.fixture
def ward(ward: SmallWard) -> SmallWard:
    """The small ward, with those who lead it and who plan."""
    ward.hire(PEOPLE)
    ward.core.devices_changed()
    return ward


@pytest.fixture
def teams(ward: SmallWard) -> CareTeamRound:
    """The round, without its thread."""
    return CareTeamRound(ward.core)


def told(ward: SmallWard, name: str = "w1") -> list[CareTeamView]:
    """What beds were told, the newest last."""
    return [CareTeamView.model_validate(row["body"]) for row in ward.changes("care-team.changed", name)]


def team(ward: SmallWard) -> list[tuple[str, str]]:
    """Role and name of the newest team."""
    return [(member.role, member.name) for member in told(ward)[-1].members]


def takes(ward: SmallWard, nurse: str = "n1", *, bed: str = "b1", next_one: bool = False, leaves: bool = False) -> None:
    """A nurse takes a bed on her cart, or leaves it."""
    begins_at = SHIFT.ends_at if next_one else SHIFT.begins_at
    body = {"shift_at": begins_at.isoformat(), "bed": bed}
    kind = "assignment.leave" if leaves else "assignment.take"
    command = ward.cart.command(kind, body, actor=Actor(kind="staff", id=nurse), bed=bed)
    assert ward.answer(command).outcome == "applied"


def says(ward: SmallWard, kind: str, body: Any, actor: Actor = DESK) -> None:
    """Something is decided at the desk about the first stay."""
    ward.core.execute(kind, body, ward="w1", actor=actor, encounter=STAY_1, bed="b1")


def test_only_what_is_known_is_told(ward: SmallWard, teams: CareTeamRound) -> None:
    """Without a doctor, a nurse or a shift: the head nurse of this ward, and nobody else's."""
    says(ward, "encounter.update", UpdateEncounter.model_validate({"nurse": None}))
    assert teams.look(STAY_1) == 1

    assert [found for found in team(ward) if found[0] not in ("doctor", "nurse")] == [("head-nurse", "孙护士长")]


def test_everybody_has_a_role_and_a_shift_where_it_is_known(ward: SmallWard, teams: CareTeamRound) -> None:
    """In the order in which a patient reads them."""
    says(ward, "encounter.update", UpdateEncounter(nurse="n1", doctor="d1"))
    takes(ward, "n1")
    takes(ward, "n2", next_one=True)
    today = ward_date(NOW)
    items = (PlannedExercise(exercise="ankle-pump", sets=2, reps=10),)
    plan = StartPlan(begin_on=today, until_on=today + timedelta(days=3), goal="x", items=items)
    says(ward, "rehab-plan.start", plan, Actor(kind="staff", id="r1"))
    says(ward, "diet-card.set", SetDietCard(), Actor(kind="staff", id="e1"))
    teams.look(STAY_1)
    members = told(ward)[-1].members

    assert [(member.role, member.staff, member.shift_at) for member in members] == [
        ("doctor", "d1", None),
        ("nurse", "n1", None),
        ("shift-nurse", "n1", SHIFT.begins_at),
        ("shift-nurse", "n2", SHIFT.ends_at),
        ("head-nurse", "h1", None),
        ("therapist", "r1", None),
        ("dietitian", "e1", None),
    ]


def test_a_change_is_told_once_and_to_its_bed_alone(ward: SmallWard, teams: CareTeamRound) -> None:
    """Taken, left, taken by another; what has not changed is not told again."""
    takes(ward)
    assert [teams.look(STAY_1) for _ in range(2)] == [1, 0]
    takes(ward, leaves=True)
    takes(ward, "n2")
    assert teams.look(STAY_1) == 1
    assert ("shift-nurse", "王芳") in team(ward)
    assert ("shift-nurse", "李静") not in team(ward)
    (row,) = ward.changes("care-team.changed")[-1:]

    assert for_bed(row, "w1", "b1") is not None
    assert for_bed(row, "w1", "b2") is None
    with ward.db.read() as conn:
        assert "王芳" in render_snapshot(conn, "w1", NOW, bed="b1").decode()
        assert "王芳" not in render_snapshot(conn, "w1", NOW, bed="b2").decode()


def test_an_assignment_is_heard_of_by_its_bed(ward: SmallWard, teams: CareTeamRound) -> None:
    """The round looks at whoever lies there, without being asked; an empty bed is nobody's."""
    teams.look_at_everything()
    teams.note_due()
    teams.look_at_noted()
    before = len(told(ward))
    with ward.db.read() as conn:
        head = ward.core.head_of(conn, "w1")
    takes(ward)
    takes(ward, bed="b4")
    with ward.db.read() as conn:
        teams.hear(read_range(conn, "w1", head))
    teams.note_due()
    teams.look_at_noted()

    assert [view.encounter for view in told(ward)[before:]] == [STAY_1]


def test_the_team_goes_with_its_patient(ward: SmallWard, teams: CareTeamRound) -> None:
    """Into another bed and another ward, with whom that has; when they leave it ends, and nothing more is told."""
    takes(ward)
    teams.look(STAY_1)
    says(ward, "encounter.transfer", Transfer(ward="w1", bed="b3"))
    assert teams.look(STAY_1) == 1
    assert (told(ward)[-1].bed, ("shift-nurse", "李静") in team(ward)) == ("b3", False)
    says(ward, "encounter.transfer", Transfer(ward="w2", bed="b1"))
    teams.look(STAY_1)
    assert [m.name for m in told(ward, "w2")[-1].members if m.role == "head-nurse"] == ["别处护士长"]
    ward.core.execute("encounter.discharge", Discharge(), ward="w2", actor=DESK, encounter=STAY_1)
    assert [teams.look(STAY_1) for _ in range(2)] == [1, 0]

    assert told(ward, "w2")[-1].ended
    assert STAY_1 not in teams.stays()


def test_who_has_left_the_house_is_in_no_team(ward: SmallWard, teams: CareTeamRound) -> None:
    """From the next look at everything on."""
    says(ward, "encounter.update", UpdateEncounter(doctor="d1"))
    teams.look(STAY_1)
    assert ("doctor", "赵医生") in team(ward)
    with ward.db.write() as conn:
        conn.execute(update(_STAFF).where(_STAFF.c.id == "d1").values(active=False))
    teams.look(STAY_1)

    assert ("doctor", "赵医生") not in team(ward)


def test_a_stay_that_nobody_knows_has_no_team(ward: SmallWard, teams: CareTeamRound) -> None:
    """Nor one that ended before there was any."""
    assert teams.look("00000000-0000-7000-8000-00000000dead") == 0
    ward.core.execute("encounter.discharge", Discharge(), ward="w1", actor=DESK, encounter=STAY_2, bed="b2")
    assert teams.look(STAY_2) == 0


def planned(ward: SmallWard, staff: str, *, next_one: bool = False, code: str | None = None) -> None:
    """Somebody is entered in the roster for this shift or the next."""
    shift = SHIFT.after() if next_one else SHIFT
    by = Person("h1", "孙护士长", "head-nurse", ("w1",))
    enter(ward.core, by, "w1", [Change(staff, ward_date(shift.begins_at), None, code or shift.code)])


def hours(ward: SmallWard, teams: CareTeamRound, role: str) -> list[tuple[str, Any]]:
    """Who of a role is told now, with the beginning of their shift."""
    teams.look(STAY_1)
    return [(member.staff, member.shift_at) for member in told(ward)[-1].members if member.role == role]


def test_a_doctor_is_there_by_the_roster(ward: SmallWard, teams: CareTeamRound) -> None:
    """In the running shift, else in the next; off and on call say no hours, and neither does another ward."""
    says(ward, "encounter.update", UpdateEncounter(doctor="d1"))
    assert hours(ward, teams, "doctor") == [("d1", None)]
    planned(ward, "d1", code="on-call")
    assert hours(ward, teams, "doctor") == [("d1", None)]
    planned(ward, "d1", next_one=True)
    assert hours(ward, teams, "doctor") == [("d1", SHIFT.ends_at)]
    planned(ward, "d8")
    assert hours(ward, teams, "doctor") == [("d1", SHIFT.ends_at), ("d8", SHIFT.begins_at)]
    ward.clock.advance((SHIFT.ends_at - NOW).total_seconds())

    assert hours(ward, teams, "doctor") == [("d1", SHIFT.ends_at)]


def test_a_therapist_on_duty_is_only_theirs_who_have_therapy(ward: SmallWard, teams: CareTeamRound) -> None:
    """Their own with the hours that they have, and while they are away another."""
    planned(ward, "r2")
    assert hours(ward, teams, "therapist") == []
    items = (PlannedExercise(exercise="ankle-pump", sets=2, reps=10),)
    today = ward_date(NOW)
    plan = StartPlan(begin_on=today, until_on=today + timedelta(days=3), goal="x", items=items)
    says(ward, "rehab-plan.start", plan, Actor(kind="staff", id="r1"))

    assert hours(ward, teams, "therapist") == [("r1", None), ("r2", SHIFT.begins_at)]
    planned(ward, "r1")
    assert hours(ward, teams, "therapist") == [("r1", SHIFT.begins_at)]


def test_a_roster_and_a_shift_that_begins_are_noticed_at_once(ward: SmallWard, teams: CareTeamRound) -> None:
    """The beds are told without waiting for the next look at everything."""
    teams.note_due()
    teams.look_at_noted()
    before = len(told(ward))
    planned(ward, "d8", next_one=True)
    teams.note_due()
    teams.look_at_noted()
    ward.clock.advance((SHIFT.ends_at - NOW).total_seconds())
    teams.note_due()
    teams.look_at_noted()

    assert ("doctor", "何医生") in team(ward)
    assert len(told(ward)) > before
