"""What a patient says of a dose, on the server: only they may, the first answer stands, and a question is a case."""

from __future__ import annotations

from typing import Literal

import pytest

from server.exceptions.service import as_view
from server.record.service import for_device, records_of
from tests.server.wards import NURSE, STAY_1, STAY_2, SmallWard
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.commands import Command
from wardlink.messages.dose_asks import AnswerDose, AskDose, DoseAnswer, EndDoseAsk
from wardlink.messages.exception_words import detail_lines
from wardlink.messages.orders import OrderedDrug
from wardlink.record.dose_asks import DOSE_ASK

DRUG = OrderedDrug(
    drug="a", dose=1, unit="tablet", name_zh="氨氯地平", name_en="amlodipine", ingredient="amlodipine", strength="5 mg"
)
PATIENT = Actor(kind="patient", id=STAY_1)


def asked(ward: SmallWard) -> Command:
    """A nurse begins with a dose at bed b1."""
    command = ward.cart.command("dose-ask.ask", AskDose(order=new_id(), items=(DRUG,)), encounter=STAY_1)
    ward.take(command)
    return command


def answer(ward: SmallWard, ask: Command, said: DoseAnswer, **envelope: object) -> Command:
    """The patient touches an answer at their own bed."""
    fields = {"encounter": STAY_1, "actor": PATIENT} | envelope
    return ward.terminal.command("dose-ask.answer", AnswerDose(ask=ask.id, answer=said), **fields)


@pytest.mark.parametrize(
    ("first", "second", "stands", "cases"),
    [
        ("yes", "query", "yes", 0),
        ("query", "yes", "query", 1),
        ("query", "query", "query", 1),
        ("yes", "yes", "yes", 0),
    ],
)
def test_the_first_answer_stands(
    ward: SmallWard, first: DoseAnswer, second: DoseAnswer, stands: str, cases: int
) -> None:
    """A trembling finger makes no second story, and no second case."""
    ask = asked(ward)
    ward.take(answer(ward, ask, first), answer(ward, ask, second))

    with ward.db.read() as conn:
        (kept,) = records_of(conn, DOSE_ASK)
    assert kept.answer == stands
    assert [row.kind for row in ward.exceptions()] == ["queried-at-bed"] * cases


def test_a_question_says_about_which_drug_and_who_was_there(ward: SmallWard) -> None:
    """The nurse who opens the case need not be the one who was at the bed."""
    ward.take(answer(ward, asked(ward), "query"))

    (case,) = ward.exceptions()
    assert (case.encounter, case.bed) == (STAY_1, "b1")
    assert detail_lines(as_view(case)) == ["疑问的药：氨氯地平", "当时在床边的护士：李静"]


@pytest.mark.parametrize(
    ("where", "who"),
    [
        ("terminal", NURSE),
        ("terminal", Actor(kind="device", id="t1")),
        ("terminal", Actor(kind="patient", id=STAY_2)),
        ("cart", PATIENT),
    ],
)
def test_nobody_else_answers(ward: SmallWard, where: Literal["terminal", "cart"], who: Actor) -> None:
    """Not a nurse, not the screen by itself, not another patient, and not on a cart."""
    ask, device = asked(ward), getattr(ward, where)
    said = device.command("dose-ask.answer", AnswerDose(ask=ask.id, answer="yes"), encounter=STAY_1, actor=who)

    assert ward.answer(said).outcome != "applied"
    with ward.db.read() as conn:
        (kept,) = records_of(conn, DOSE_ASK)
    assert kept.answer is None


def test_another_patient_cannot_answer_about_this_dose(ward: SmallWard) -> None:
    """Also in their own name and at their own bed."""
    ask = asked(ward)
    other = Actor(kind="patient", id=STAY_2)
    said = ward.terminal_2.command(
        "dose-ask.answer", AnswerDose(ask=ask.id, answer="query"), encounter=STAY_2, actor=other
    )

    assert ward.answer(said).outcome != "applied"
    assert ward.exceptions() == []


def test_a_late_answer_is_kept_too(ward: SmallWard) -> None:
    """The nurse has left the bed and the patient has a question all the same."""
    ask = asked(ward)
    ward.take(ward.cart.command("dose-ask.end", EndDoseAsk(ask=ask.id), encounter=STAY_1))
    ward.take(answer(ward, ask, "query"))

    assert [row.kind for row in ward.exceptions()] == ["queried-at-bed"]


def test_the_bed_holds_what_it_was_asked_and_no_other_bed_does(ward: SmallWard) -> None:
    """The terminal of b2 hears nothing of b1."""
    asked(ward)

    with ward.db.read() as conn:
        held = [for_device(conn, "w1", [stay], ward.clock.now(), at_bed=True) for stay in (STAY_1, STAY_2)]
    assert [DOSE_ASK.name in found for found in held] == [True, False]
