"""A patient's health lessons on the cart: for whom each is, how far the patient is, and the nurse's signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wardlink.clinical.meals.diets import diets_written
from wardlink.i18n import N_
from wardlink.messages.lessons import SignLesson
from wardlink.record.assessments import ASSESSMENT
from wardlink.record.diet_cards import DIET_CARD, diet_card_id
from wardlink.record.lesson_texts import LESSONS, lessons_of
from wardlink.record.lessons import LESSON
from wardlink.record.orders import ORDER
from wardlink.record.risks import risks_of

if TYPE_CHECKING:
    from cart.ports import Board, Ward
    from cart.usecases.session import Session
    from wardlink.clinical.lessons import Lesson, LessonState
    from wardlink.messages.commands import Command
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.lessons import LessonView

STATES: dict[LessonState, tuple[str, str]] = {
    "unread": (N_("not read"), "dim"),
    "read": (N_("read"), ""),
    "understood": (N_("✓ understood"), "good"),
    "repeat": (N_("needs to be repeated"), "warn"),
}
"""In words, and the tone."""


@dataclass(frozen=True)
class Taught:
    """A lesson of a patient. `is_for`: the record says that this patient is to have it."""

    lesson: Lesson
    view: LessonView | None
    is_for: bool
    is_unsent: bool

    @property
    def id(self) -> str:
        """By what the list knows it."""
        return self.lesson.code

    @property
    def state(self) -> LessonState:
        """How far."""
        return self.view.state if self.view is not None else "unread"


def listed(board: Board, stay: EncounterView) -> list[Taught]:
    """All lessons; those that this patient is to have come first."""
    card = board.record(DIET_CARD, diet_card_id(stay.id))
    orders = [order for order in board.records(ORDER, encounter=stay.id) if order.state == "active"]
    drugs = {name for order in orders for item in order.items for name in item.classes}
    found = {risk.code for risk in risks_of((), board.records(ASSESSMENT, encounter=stay.id), ())}
    views = {view.lesson: view for view in board.records(LESSON, encounter=stay.id)}
    unsent = board.unsent_records(LESSON)
    taught = [
        Taught(
            lesson,
            views.get(lesson.code),
            lesson.is_for(
                diets=card.eater.diets if card is not None else diets_written(stay.diet),
                drugs=drugs,
                risks=found,
                operation=any(order.category == "operation" for order in orders),
            ),
            lesson.code in views and views[lesson.code].id in unsent,
        )
        for lesson in lessons_of(board.records(LESSONS)).lessons
    ]
    return sorted(taught, key=lambda one: not one.is_for)


def sign(ward: Ward, session: Session, stay: EncounterView, lesson: str) -> Command:
    """The nurse has talked it over with the patient."""
    return ward.record("lesson.sign", SignLesson(lesson=lesson), actor=session.actor, encounter=stay.id, bed=stay.bed)
