"""Rehabilitation at the server: who may do what, and facts that collide are kept side by side."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from server.identity.models import Staff
from server.projection import for_bed
from server.record.service import record_called
from tests.server.orders.ward import DOCTOR
from tests.server.wards import DESK, NURSE, STAY_1, STAY_2, SmallWard
from wardlink.clock import ward_date
from wardlink.errors import Collision, InvalidInput, MessageUnreadable, NoRight, NotFound
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.bodies import parse_body
from wardlink.messages.commands import Command
from wardlink.messages.encounters import Discharge, Transfer
from wardlink.messages.rehabilitation import RehabPlanView, RehabSessionView
from wardlink.record.rehabilitation import REHAB_PLAN, REHAB_SESSION, session_id

PATIENT = Actor(kind="patient", id=STAY_1)
ON = "2026-11-25"
CONTENT: dict[str, Any] = {
    "begin_on": ON,
    "until_on": "2026-11-29",
    "goal": "扶拐走 20 米",
    "items": [{"exercise": "ankle-pump", "per_day": 2, "sets": 3, "reps": 10}],
}


def writes(ward: SmallWard, kind: str, by: Actor = DOCTOR, stay: str = STAY_1, **said: Any) -> None:
    """Something is written at the desk."""
    ward.core.execute(kind, parse_body(kind, said), ward="w1", actor=by, encounter=stay, bed="b1")


def planned(ward: SmallWard, **said: Any) -> str:
    """A plan for the first patient; its id."""
    writes(ward, "rehab-plan.start", **(CONTENT | said))
    return str(ward.changes("rehab-plan.changed")[-1]["body"]["id"])


def plan(ward: SmallWard, name: str) -> RehabPlanView:
    """It as it stands."""
    with ward.db.read() as conn:
        found = record_called(conn, REHAB_PLAN, name)
    assert found is not None
    return found[1]


def session(ward: SmallWard, plan: str, number: int = 1) -> RehabSessionView:
    """One session as it stands."""
    with ward.db.read() as conn:
        found = record_called(conn, REHAB_SESSION, session_id(plan, ward_date(ward.clock.now()), number))
    assert found is not None
    return found[1]


def says(ward: SmallWard, plan: str, by: Actor = PATIENT, **said: Any) -> Command:
    """The patient says that a session was done."""
    body = {"plan": plan, "on": ON, "number": 1, "begun_at": ward.clock.now().isoformat(), "done": 1, "asked": 1}
    return ward.terminal.command(
        "rehab-session.report", body | {"rpe": 12, "pain": 1} | said, encounter=STAY_1, actor=by
    )


def test_a_session_goes_its_whole_way(ward: SmallWard) -> None:
    """Planned at the desk, done at the bed, confirmed by a nurse at the cart; the bed hears all of it."""
    name = planned(ward)
    command = says(ward, name)
    assert [ward.answer(command).outcome for _ in range(2)] == ["applied", "already-applied"]
    assert session(ward, name).state == "reported"
    confirm = ward.cart.command(
        "rehab-session.confirm", {"session": session(ward, name).id}, encounter=STAY_1, actor=NURSE
    )
    assert ward.answer(confirm).outcome == "applied"

    found = session(ward, name)
    assert (found.state, len(found.reports), found.beside_plan) == ("confirmed", 1, False)
    rows = [*ward.changes("rehab-plan.changed"), *ward.changes("rehab-session.changed")]
    assert len(rows) == 3
    assert all(for_bed(row, "w1", "b1") is not None for row in rows)
    assert all(for_bed(row, "w1", "b2") is None for row in rows)


def test_what_was_said_twice_stands_side_by_side(ward: SmallWard) -> None:
    """Two reports of one session are both kept, and count as one session."""
    name = planned(ward)
    ward.answer(says(ward, name, pain=1))
    ward.answer(says(ward, name, pain=5))

    found = session(ward, name)
    assert [report.pain for report in found.reports] == [1, 5]
    assert (found.state, found.stops) == ("reported", ("pain",))


def test_a_session_of_a_plan_that_ended_meanwhile_is_kept(ward: SmallWard) -> None:
    """It says that nobody had planned it any more."""
    name = planned(ward)
    writes(ward, "rehab-plan.end", plan=name, reason="出院")

    assert ward.answer(says(ward, name)).outcome == "applied"
    assert session(ward, name).beside_plan
    assert plan(ward, name).end_reason == "出院"


def test_a_session_begun_before_the_end_was_planned(ward: SmallWard) -> None:
    """The patient did what was asked then."""
    name = planned(ward)
    command = says(ward, name)
    ward.clock.advance(60)
    writes(ward, "rehab-plan.end", plan=name, reason="出院")
    ward.answer(command)

    assert not session(ward, name).beside_plan


def test_a_session_of_no_known_plan_is_kept(ward: SmallWard) -> None:
    """A fact is never refused."""
    name = new_id()

    assert ward.answer(says(ward, name)).outcome == "applied"
    assert session(ward, name).beside_plan


def test_of_two_who_answer_one_is_told(ward: SmallWard) -> None:
    """Refused with a reason by the first; after another report it waits again."""
    name = planned(ward)
    ward.answer(says(ward, name))
    done = session(ward, name).id
    writes(ward, "rehab-session.refuse", session=done, reason="未见完成")
    with pytest.raises(Collision):
        writes(ward, "rehab-session.confirm", session=done)
    ward.answer(says(ward, name))

    assert session(ward, name).state == "reported"
    assert [answer.reason for answer in session(ward, name).answers] == ["未见完成"]


def test_of_two_who_change_a_plan_one_is_told(ward: SmallWard) -> None:
    """The second has looked at what is no longer so; nothing of theirs is written."""
    name = planned(ward)
    writes(ward, "rehab-plan.change", plan=name, version=1, **(CONTENT | {"goal": "上楼梯"}))
    with pytest.raises(Collision, match="else has changed"):
        writes(ward, "rehab-plan.change", plan=name, version=1, **CONTENT)

    assert [version.goal for version in plan(ward, name).versions] == [CONTENT["goal"], "上楼梯"]


def test_a_stay_has_one_plan(ward: SmallWard) -> None:
    """Until it is ended; an ended one is neither changed nor ended again."""
    name = planned(ward)
    with pytest.raises(Collision):
        planned(ward)
    writes(ward, "rehab-plan.end", plan=name, reason="完成")
    for kind, said in (("change", CONTENT | {"version": 1}), ("end", {"reason": "完成"})):
        with pytest.raises(Collision):
            writes(ward, f"rehab-plan.{kind}", plan=name, **said)

    assert planned(ward) != name


def test_only_therapists_and_doctors_plan(ward: SmallWard) -> None:
    """A nurse confirms, and does not plan; a therapist does both."""
    with pytest.raises(NoRight):
        writes(ward, "rehab-plan.start", by=NURSE, **CONTENT)
    with ward.db.write() as conn:
        conn.execute(update(Staff).where(col(Staff.id) == NURSE.id).values(role="therapist"))
    writes(ward, "rehab-plan.start", by=NURSE, **CONTENT)

    assert ward.changes("rehab-plan.changed")


@pytest.mark.parametrize(
    "said",
    [
        {"items": [{"exercise": "handstand", "reps": 1}]},
        {"begin_on": "2026-11-01", "until_on": "2026-11-24"},
    ],
)
def test_what_cannot_be_planned_is_refused(ward: SmallWard, said: dict[str, Any]) -> None:
    """An exercise that no table knows, or a plan that is over."""
    with pytest.raises(InvalidInput):
        planned(ward, **said)


@pytest.mark.parametrize(
    "said",
    [
        {"items": []},
        {"until_on": "2026-11-24"},
        {"until_on": "2027-11-24"},
        {"items": [{"exercise": "walking"}]},
        {"items": [{"exercise": "walking", "reps": 3, "rpe_low": 14, "rpe_high": 13}]},
        {"items": [{"exercise": "walking", "reps": 3}, {"exercise": "walking", "minutes": 3}]},
    ],
)
def test_what_is_no_plan_is_not_read(said: dict[str, Any]) -> None:
    """Nothing to do, the wrong way round, too long, no amount, or twice the same."""
    with pytest.raises(MessageUnreadable):
        parse_body("rehab-plan.start", CONTENT | said)


def test_nobody_speaks_for_another_patient(ward: SmallWard) -> None:
    """Neither a nurse nor the neighbour."""
    name = planned(ward)

    for by in (NURSE, Actor(kind="patient", id=STAY_2)):
        assert ward.answer(says(ward, name, by=by)).outcome != "applied"


def test_nothing_unknown_is_answered(ward: SmallWard) -> None:
    """Neither a plan nor a session that nobody knows."""
    with pytest.raises(NotFound):
        writes(ward, "rehab-session.confirm", session=new_id())
    with pytest.raises(NotFound):
        writes(ward, "rehab-plan.end", plan=new_id(), reason="x")


def test_a_plan_goes_with_its_patient(ward: SmallWard) -> None:
    """To another bed; and ends when the patient leaves."""
    name = planned(ward)
    ward.core.execute("encounter.transfer", Transfer(ward="w1", bed="b3"), ward="w1", actor=DESK, encounter=STAY_1)
    assert plan(ward, name).bed == "b3"
    ward.core.execute("encounter.discharge", Discharge(), ward="w1", actor=DESK, encounter=STAY_1)

    assert plan(ward, name).why == "discharged"
