"""Complaints from the bed: kept once, told to no cart, of the patient of this bed alone, and then the answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server.complaints import acting
from server.complaints.service import of_stay
from tests.server.complaints.ward import HEAD, says, seen, staffed, submitted
from tests.server.wards import NOW, STAY_1, STAY_2, SmallWard
from wardlink.messages.base import Actor

NAUGHTY = "<script>alert(1)</script> '; DROP TABLE complaint; -- =1+1 [b]x[/b] 王\u0301 \U0001f600 \u202e"


def test_what_was_said_is_kept_once_however_often_it_comes(ward: SmallWard) -> None:
    """The same message twice in one batch, again alone, and again under a new number."""
    command = says(ward.terminal, sentences=["manner-1"], words=NAUGHTY, talk=True)
    ward.take(command, command)
    ward.take(command)
    again = says(ward.terminal).model_copy(update={"id": command.id})
    ward.take(again)

    with ward.db.read() as conn:
        (kept,) = of_stay(conn, STAY_1)
    row = seen(ward, command.id).row
    assert (kept.id, kept.state, kept.reply_by) == (command.id, "submitted", NOW + timedelta(hours=24))
    assert (row.sentences, row.words, row.talk, row.ward, row.bed) == (["manner-1"], NAUGHTY, True, "w1", "b1")


def test_no_change_tells_of_it(ward: SmallWard) -> None:
    """Carts hold the changes of their ward: what is said about it must not be among them."""
    before = len(ward.changes())
    complaint = submitted(ward, words="秘密")
    acting.reply(staffed(ward).core, HEAD, complaint, "对不起")
    ward.take(says(ward.terminal, "complaint.reopen", complaint=complaint))

    assert len(ward.changes()) == before


def test_the_clock_runs_from_the_press_and_never_from_the_future(ward: SmallWard) -> None:
    """Three hours without a connection are the hospital's, a clock that is ahead is not the patient's."""
    late = says(ward.terminal).model_copy(update={"measured_at": NOW - timedelta(hours=3)})
    ahead = says(ward.terminal).model_copy(update={"measured_at": NOW + timedelta(hours=3)})
    ward.take(late, ahead)

    assert seen(ward, late.id).due.reply_at == NOW + timedelta(hours=21)
    assert seen(ward, ahead.id).due.reply_at == NOW + timedelta(hours=24)
    assert seen(ward, late.id).row.received_at == NOW


@pytest.mark.parametrize(
    "envelope",
    [
        {"actor": Actor(kind="staff", id="n1")},
        {"actor": Actor(kind="patient", id=STAY_2)},
        {"actor": Actor(kind="patient", id=STAY_2), "encounter": STAY_2},
    ],
)
def test_nobody_complains_in_the_name_of_another(ward: SmallWard, envelope: dict[str, Any]) -> None:
    """Neither staff, nor in the name of the patient of the next bed; it is set aside, not lost."""
    command = says(ward.terminal).model_copy(update=envelope)

    assert ward.answer(command).outcome == "parked"


def test_a_cart_cannot_complain(ward: SmallWard) -> None:
    """It comes from a bed."""
    assert ward.answer(says(ward.cart)).outcome == "parked"


def test_what_waited_over_a_discharge_is_kept(ward: SmallWard) -> None:
    """The patient pressed before they left; the connection came back afterwards."""
    command = says(ward.terminal)
    ward.core.execute(
        "encounter.discharge", _gone(), ward="w1", actor=Actor(kind="system", id="desk"), encounter=STAY_1
    )

    assert ward.answer(command).outcome == "applied"
    assert seen(ward, command.id).row.encounter == STAY_1


def test_whom_it_is_about_is_looked_up(ward: SmallWard) -> None:
    """ "My nurse" is the nurse of the stay, on the server's word."""
    _set_team(ward, nurse="n1", doctor="d1")

    assert seen(ward, submitted(ward, about=["nurse", "nurse"])).row.about == ["n1"]
    assert seen(ward, submitted(ward, about=["doctor", "nurse"])).row.about == ["d1", "n1"]
    assert seen(ward, submitted(ward)).row.about == []


def test_a_patient_who_is_not_satisfied_gets_a_new_clock(ward: SmallWard) -> None:
    """Not before there is an answer; then 24 hours anew, and a thank-you closes it."""
    complaint = submitted(staffed(ward))
    assert ward.answer(says(ward.terminal, "complaint.reopen", complaint=complaint)).outcome == "refused"
    ward.clock.advance(3600)
    acting.reply(ward.core, HEAD, complaint, "我们马上改。")
    assert seen(ward, complaint).next_at() == seen(ward, complaint).due.close_at
    ward.clock.advance(3600)
    again = says(ward.terminal, "complaint.reopen", complaint=complaint, talk=True)
    ward.take(again, again)

    found = seen(ward, complaint)
    assert (found.row.state, found.row.talk, found.due.reply_at) == ("reopened", True, NOW + timedelta(hours=26))
    acting.reply(ward.core, HEAD, complaint, "改好了。")
    assert ward.answer(says(ward.terminal, "complaint.thank", complaint=complaint)).outcome == "applied"
    done = seen(ward, complaint)
    assert (done.row.state, done.next_at()) == ("closed", None)
    assert [step.act for step in done.steps] == ["reply", "reopen", "reply", "close"]


def test_another_patient_closes_nothing(ward: SmallWard) -> None:
    """The complaint of the next bed is none of theirs."""
    complaint = submitted(staffed(ward))
    acting.reply(ward.core, HEAD, complaint, "好")

    refused = says(ward.terminal_2, "complaint.thank", stay=STAY_2, complaint=complaint)
    assert ward.answer(refused).outcome == "refused"
    assert seen(ward, complaint).row.state == "replied"


def _gone() -> Any:
    from wardlink.messages.encounters import Discharge

    return Discharge()


def _set_team(ward: SmallWard, **team: str) -> None:
    from wardlink.messages.encounters import UpdateEncounter

    desk = Actor(kind="system", id="desk")
    ward.core.execute("encounter.update", UpdateEncounter(**team), ward="w1", actor=desk, encounter=STAY_1)
