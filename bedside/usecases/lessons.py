"""My health lessons: which are for me, how far I am with each, and what is told to the ward."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wardlink.clinical.meals.diets import diets_written
from wardlink.i18n import N_, domain
from wardlink.messages.lessons import AnswerLesson, ReadLesson
from wardlink.record.diet_cards import DIET_CARD, diet_card_id
from wardlink.record.lesson_texts import LESSONS, lessons_of
from wardlink.record.lessons import LESSON

if TYPE_CHECKING:
    from bedside.ports import Place, Terminal
    from bedside.usecases.session import Session
    from wardlink.clinical.lessons import Lesson, LessonState
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.lessons import LessonView

_ = domain("bedside").gettext

STATES: dict[LessonState, str] = {
    "unread": N_("not read yet"),
    "read": N_("read, questions open"),
    "understood": N_("✓ understood"),
    "repeat": N_("please read once more"),
}


@dataclass(frozen=True)
class MyLesson:
    """A lesson and how far I am with it. `is_mine`: my diet asks for it. `is_unsent`: the ward does not know it yet."""

    lesson: Lesson
    view: LessonView | None
    is_mine: bool
    is_unsent: bool

    @property
    def state(self) -> LessonState:
        """How far."""
        return self.view.state if self.view is not None else "unread"

    def notes(self) -> list[str]:
        """How far, for its field; that it waits, where it does."""
        said = [_(STATES[self.state])]
        if self.view is not None and self.view.signed_at is not None:
            said.append(_("signed by your nurse"))
        if self.is_unsent:
            said.append(_("waits for the network"))
        elif self.view is None:
            said.append(_("about {n} min").format(n=self.lesson.minutes))
        return said


def listed(terminal: Terminal, stay: EncounterView) -> list[MyLesson]:
    """All lessons from this terminal's disk: those that my diet asks for, those for everyone, then the others."""
    board = terminal.replica
    card = board.record(DIET_CARD, diet_card_id(stay.id))
    diets = card.eater.diets if card is not None else diets_written(stay.diet)
    views = {view.lesson: view for view in board.records(LESSON, encounter=stay.id)}
    unsent = board.unsent_records(LESSON)
    found = []
    for lesson in lessons_of(board.records(LESSONS)).lessons:
        view = views.get(lesson.code)
        by_diet = bool(set(lesson.whom.diets) & set(diets))
        found.append(MyLesson(lesson, view, by_diet, view is not None and view.id in unsent))
    return sorted(found, key=lambda one: (not one.is_mine, not one.lesson.whom.everyone))


def note_read(terminal: Terminal, place: Place, session: Session, lesson: str) -> None:
    """It was read to its end.

    Raises:
        StoreFailed: it could not be kept.
    """
    body = ReadLesson(lesson=lesson)
    terminal.record("lesson.read", body, actor=session.actor, encounter=session.encounter, bed=place.bed)


def note_answers(terminal: Terminal, place: Place, session: Session, lesson: str, right: int, asked: int) -> None:
    """Its questions were answered.

    Raises:
        StoreFailed: it could not be kept.
    """
    body = AnswerLesson(lesson=lesson, right=right, asked=asked)
    terminal.record("lesson.answer", body, actor=session.actor, encounter=session.encounter, bed=place.bed)
