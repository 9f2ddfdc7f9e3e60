"""Consultations at the server: who may do what, no two people in one slot, and nothing of doctors' words at the bed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.consults.taken import slots
from server.projection import for_bed
from server.record.service import record_called, records_of
from tests.server.orders.ward import DOCTOR
from tests.server.wards import DESK, NURSE, STAY_1, STAY_2, SmallWard, Speaker
from wardlink.clinical.consults import MOVES, ConsultState
from wardlink.errors import Collision, InvalidInput, NotAllowed, NotFound, WardlinkError
from wardlink.messages.base import Actor
from wardlink.messages.bodies import parse_body
from wardlink.messages.commands import Command
from wardlink.messages.consults import ConsultNoteView, ConsultView
from wardlink.messages.encounters import Discharge, Transfer
from wardlink.record.consults import CONSULT, CONSULT_NOTE

SLOT = "2026-11-25T14:00:00+08:00"
LATER = "2026-11-25T15:00:00+08:00"
PATIENT = Actor(kind="patient", id=STAY_1)
OTHER_PATIENT = Actor(kind="patient", id=STAY_2)
FIELDS: dict[str, dict[str, Any]] = {
    "schedule": {"slot_at": SLOT},
    "sign": {"opinion": "继续观察"},
    "decline": {"reason": "不需要"},
}


def asks(speaker: Speaker, by: Actor = PATIENT, stay: str = STAY_1, **said: Any) -> Command:
    """A patient asks."""
    body = {"specialty": "heart", "form": "bedside"} | said
    return speaker.command("consult.request", body, encounter=stay, actor=by)


def wanted(ward: SmallWard, **said: Any) -> str:
    """A consultation that was asked for; its id."""
    command = asks(ward.terminal, **said)
    receipt = ward.answer(command)
    assert receipt.outcome == "applied", receipt
    return command.id


def act(ward: SmallWard, consult: str, act: str, by: Actor = DOCTOR, **said: Any) -> None:
    """Something is done at the desk."""
    kind = f"consult.{act}"
    body = parse_body(kind, {"consult": consult} | FIELDS.get(act, {}) | said)
    ward.core.execute(kind, body, ward="w1", actor=by, encounter=STAY_1, bed="b1")


def consult(ward: SmallWard, name: str) -> ConsultView:
    """One as it stands."""
    with ward.db.read() as conn:
        found = record_called(conn, CONSULT, name)
    assert found is not None
    return found[1]


def note(ward: SmallWard, name: str) -> ConsultNoteView | None:
    """What doctors have written."""
    with ward.db.read() as conn:
        found = record_called(conn, CONSULT_NOTE, name)
    return None if found is None else found[1]


def free(ward: SmallWard, stay: str = STAY_1, specialty: str = "heart") -> list[datetime]:
    """What is offered."""
    with ward.db.read() as conn:
        return list(slots(conn, stay, specialty, ward.clock.now()).slots)


def test_a_consultation_goes_its_whole_way(ward: SmallWard) -> None:
    """Asked for at the bed with a time, answered at the desk; the bed hears each state, and no word of the doctors."""
    name = wanted(ward, slot_at=SLOT)
    for step in ("accept", "schedule", "begin", "sign", "close"):
        act(ward, name, step, **({"consent": True, "participants": "周涛"} if step == "begin" else {}))

    found, written = consult(ward, name), note(ward, name)
    assert (found.state, found.consultant, found.consent) == ("closed", DOCTOR.id, True)
    assert [step.what for step in found.steps] == ["request", "accept", "schedule", "begin", "sign", "close"]
    assert written is not None
    assert (written.opinion, written.participants) == ("继续观察", "周涛")
    rows = [*ward.changes("consult.changed"), *ward.changes("consult-note.changed")]
    told = [str(row["body"]) for row in rows if for_bed(row, "w1", "b1") is not None]
    assert any("opinion_signed" in body for body in told)
    assert not any("继续观察" in body for body in told)


def test_a_request_that_comes_twice_is_one(ward: SmallWard) -> None:
    """The terminal sends again until it has its receipt."""
    command = asks(ward.terminal, slot_at=SLOT)

    assert [ward.answer(command).outcome for _ in range(2)] == ["applied", "already-applied"]


def test_of_two_for_one_slot_one_is_told(ward: SmallWard) -> None:
    """The first has it; the second hears it in words, and may have it once the first has taken theirs back."""
    first = wanted(ward, slot_at=SLOT)
    second = ward.answer(asks(ward.terminal_2, OTHER_PATIENT, STAY_2, slot_at=SLOT))
    assert (second.outcome, "not free any more" in (second.reason_en or "")) == ("refused", True)
    assert datetime.fromisoformat(SLOT) not in free(ward, STAY_2)

    ward.answer(ward.terminal.command("consult.withdraw", {"consult": first}, encounter=STAY_1, actor=PATIENT))

    assert (consult(ward, first).state, consult(ward, first).why) == ("declined", "patient")
    assert ward.answer(asks(ward.terminal_2, OTHER_PATIENT, STAY_2, slot_at=SLOT)).outcome == "applied"


def test_one_patient_has_one_thing_at_a_time(ward: SmallWard) -> None:
    """Another team may not come at the same time either; the same team is asked once."""
    wanted(ward, slot_at=SLOT)

    assert ward.answer(asks(ward.terminal, specialty="pain", slot_at=SLOT)).outcome == "refused"
    assert ward.answer(asks(ward.terminal, specialty="pain", slot_at=LATER)).outcome == "applied"
    assert ward.answer(asks(ward.terminal, slot_at=None)).outcome == "refused"


def test_one_doctor_is_at_one_bed_at_a_time(ward: SmallWard) -> None:
    """Also for two teams; another time is taken."""
    first = wanted(ward, slot_at=None)
    second_command = asks(ward.terminal_2, OTHER_PATIENT, STAY_2, specialty="pain")
    ward.answer(second_command)
    for name in (first, second_command.id):
        act(ward, name, "accept")
    act(ward, first, "schedule")

    with pytest.raises(Collision):
        act(ward, second_command.id, "schedule")
    act(ward, second_command.id, "schedule", slot_at=LATER)


@pytest.mark.parametrize("category", ["operation", "lab", "imaging", "rehabilitation"])
def test_nothing_is_arranged_beside_what_is_ordered(ward: SmallWard, category: str) -> None:
    """An operation takes the rest of the day, since nobody knows its end; a test takes an hour."""
    body = {"kind": "temporary", "category": category, "text": "安排", "frequency": "once", "start_at": SLOT}
    ward.core.execute("order.issue", parse_body("order.issue", body), ward="w1", actor=DOCTOR, encounter=STAY_1)

    assert ward.answer(asks(ward.terminal, slot_at=SLOT)).outcome == "refused"
    outcome = ward.answer(asks(ward.terminal, slot_at=LATER)).outcome
    assert outcome == ("refused" if category == "operation" else "applied")
    with ward.db.read() as conn:
        assert slots(conn, STAY_1, "heart", ward.clock.now()).unknown_operation == (category == "operation")


@pytest.mark.parametrize("slot_at", ["2026-11-25T12:00:00+08:00", "2026-11-25T03:00:00+08:00", "2026-11-25T09:00:00Z"])
def test_a_patient_asks_for_times_of_the_hours_only(ward: SmallWard, slot_at: str) -> None:
    """No meal, no time that is over, no quarter past the last."""
    assert ward.answer(asks(ward.terminal, slot_at=slot_at)).outcome == "refused"


def test_times_that_are_offered_can_be_asked_for(ward: SmallWard) -> None:
    """All of them lie before the deadline."""
    offered = free(ward)
    assert len(offered) == 4
    assert all(ward.clock.now() < one <= ward.clock.now() + timedelta(hours=24) for one in offered)
    assert ward.answer(asks(ward.terminal, slot_at=offered[0].isoformat())).outcome == "applied"


@pytest.mark.parametrize(
    ("by", "stay", "said"),
    [
        (OTHER_PATIENT, STAY_1, {}),
        (PATIENT, STAY_2, {}),
        (PATIENT, STAY_1, {"urgency": "emergency"}),
        (PATIENT, STAY_1, {"question": "我能出院吗"}),
        (PATIENT, STAY_1, {"specialty": "surgery"}),
        (NURSE, STAY_1, {}),
    ],
)
def test_what_may_not_be_asked(ward: SmallWard, by: Actor, stay: str, said: dict[str, Any]) -> None:
    """In another's name, an emergency or a question by a patient, a team that is none, a role without the right."""
    assert ward.answer(asks(ward.terminal, by, stay, **said)).outcome == "refused"


@pytest.mark.parametrize("step", ["accept", "schedule", "begin", "sign", "close", "decline"])
@pytest.mark.parametrize("by", [NURSE, PATIENT])
def test_only_who_may_answers(ward: SmallWard, step: str, by: Actor) -> None:
    """A nurse and the patient do not."""
    name = wanted(ward)

    with pytest.raises(NotAllowed):
        act(ward, name, step, by)
    assert consult(ward, name).state == "requested"


def test_a_doctor_asks_with_a_question(ward: SmallWard) -> None:
    """It stays with staff; a specialist who is no doctor or a consultation that is none is refused."""
    body = parse_body("consult.request", {"specialty": "heart", "urgency": "emergency", "question": "房颤？"})
    ward.core.execute("consult.request", body, ward="w1", actor=DOCTOR, encounter=STAY_1, bed="b1", command_id=STAY_2)
    written = note(ward, STAY_2)
    assert written is not None
    assert written.question == "房颤？"
    assert b"\\u623f" not in orjson.dumps(consult(ward, STAY_2).model_dump(mode="json"))
    act(ward, STAY_2, "accept")

    with pytest.raises(InvalidInput):
        act(ward, STAY_2, "schedule", consultant=NURSE.id)
    with pytest.raises(NotFound):
        act(ward, STAY_1, "accept")


def test_a_discharge_ends_what_nobody_came_for(ward: SmallWard) -> None:
    """What was begun waits for its opinion."""
    begun, waits = wanted(ward), wanted(ward, specialty="pain")
    act(ward, begun, "begin")

    ward.core.execute("encounter.discharge", Discharge(disposition="home"), ward="w1", actor=DESK, encounter=STAY_1)

    assert consult(ward, begun).state == "in_progress"
    assert (consult(ward, waits).state, consult(ward, waits).why) == ("declined", "discharged")
    assert ward.answer(asks(ward.terminal)).outcome == "refused"
    act(ward, begun, "sign")
    assert consult(ward, begun).state == "opinion_signed"


def test_it_goes_along_with_its_patient(ward: SmallWard) -> None:
    """To another bed of another ward; nobody at the old one has it any more."""
    name = wanted(ward, slot_at=SLOT)

    ward.core.execute("encounter.transfer", Transfer(ward="w2", bed="b1"), ward="w1", actor=DESK, encounter=STAY_1)

    assert (consult(ward, name).bed, consult(ward, name).state) == ("b1", "requested")
    with ward.db.read() as conn:
        assert [one.id for one in records_of(conn, CONSULT, ward="w2", only_open=True)] == [name]
        assert records_of(conn, CONSULT, ward="w1") == []


@given(st.lists(st.sampled_from(["accept", "schedule", "begin", "sign", "close", "decline"]), max_size=8))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_walk_leaves_the_moves(ward: SmallWard, walk: list[Any]) -> None:
    """Whatever is tried in whatever order; what is refused changes nothing."""
    command = asks(ward.terminal)
    ward.answer(command)
    state: ConsultState = "requested"
    for step in walk:
        then = MOVES.get((state, step))
        try:
            act(ward, command.id, step)
        except WardlinkError:
            assert then is None
        else:
            assert then is not None
            state = then
        assert consult(ward, command.id).state == state
    if state not in ("closed", "declined"):
        while state != "closed":
            step = {"requested": "begin", "accepted": "begin", "scheduled": "begin", "in_progress": "sign"}.get(state)
            act(ward, command.id, step or "close")
            state = consult(ward, command.id).state
