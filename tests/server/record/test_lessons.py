"""Lessons on the server: what the patient did at their own bed, a nurse's signature, in any order and only once."""

from __future__ import annotations

import pytest

from server.record.service import records_of
from tests.server.wards import NURSE, STAY_1, STAY_2, SmallWard
from wardlink.messages.base import Actor
from wardlink.messages.lessons import AnswerLesson, LessonView, ReadLesson, SignLesson
from wardlink.record.lessons import LESSON

PATIENT = Actor(kind="patient", id=STAY_1)


def kept(ward: SmallWard) -> list[LessonView]:
    """How far everybody is."""
    with ward.db.read() as conn:
        return records_of(conn, LESSON)


def test_read_answered_twice_and_signed(ward: SmallWard) -> None:
    """The newest answers count; who signed is known by name."""
    for right in (1, 3):
        body = AnswerLesson(lesson="falls", right=right, asked=3)
        ward.take(ward.terminal.command("lesson.answer", body, encounter=STAY_1, actor=PATIENT))
    ward.take(ward.terminal.command("lesson.read", ReadLesson(lesson="falls"), encounter=STAY_1, actor=PATIENT))
    ward.take(ward.cart.command("lesson.sign", SignLesson(lesson="falls"), encounter=STAY_1))

    (view,) = kept(ward)
    assert (view.state, view.right, view.tries, view.signed_by_name) == ("understood", 3, 2, "李静")


@pytest.mark.parametrize(
    ("device", "stay", "who"),
    [
        ("terminal", STAY_1, NURSE),
        ("terminal", STAY_2, PATIENT),
        ("terminal", STAY_2, Actor(kind="patient", id=STAY_2)),
        ("cart", STAY_1, PATIENT),
    ],
)
def test_nobody_learns_for_another(ward: SmallWard, device: str, stay: str, who: Actor) -> None:
    """Not a nurse, not in another's name, not at another's bed, not on a cart."""
    said = getattr(ward, device).command("lesson.read", ReadLesson(lesson="falls"), encounter=stay, actor=who)

    assert ward.answer(said).outcome != "applied"
    assert kept(ward) == []


def test_a_patient_signs_nothing(ward: SmallWard) -> None:
    """Only staff do."""
    said = ward.terminal.command("lesson.sign", SignLesson(lesson="falls"), encounter=STAY_1, actor=PATIENT)

    assert ward.answer(said).outcome != "applied"
