"""The satisfaction survey as a patient goes through it: one question a page, back and change, skip, send once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bedside.usecases.refusals import last_refusal
from wardlink.clinical.survey import POINTS, RECOMMEND, allowed, points_text, questions
from wardlink.i18n import domain
from wardlink.messages.surveys import AnswerSurvey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bedside.ports import Place, Terminal
    from bedside.usecases.session import Session

_ = domain("bedside").gettext

ANSWER = "survey.answer"

LOW = "low"
"""In the place of an answer: the smaller numbers, on the next six fields."""

_FULL, _EMPTY = "█", "░"
_FEW = 6
"""Fields of a page."""


@dataclass
class Sheet:
    """The answers so far. `at`: which question is shown; after the last one everything is sent.

    `low`: of a question with more answers than fit a page, the lower ones are shown.
    """

    at: int = 0
    points: dict[str, int] = field(default_factory=dict)
    anonymous: bool = True
    low: bool = False

    @property
    def item(self) -> str | None:
        """The question that is shown; None once all were."""
        return questions()[self.at] if self.at < len(questions()) else None

    def answer(self, points: int) -> None:
        """Answer, and on to the next."""
        if self.item is not None:
            self.points[self.item] = points
            self.on()

    def skip(self) -> None:
        """No answer to this one, also where there was one; and on."""
        if self.item is not None:
            self.points.pop(self.item, None)
            self.on()

    def on(self) -> None:
        """The next."""
        self.at, self.low = min(self.at + 1, len(questions())), False

    def back(self) -> bool:
        """The one before; False where there is none."""
        if self.low:
            self.low = False
            return True
        if self.at == 0:
            return False
        self.at -= 1
        return True

    def message(self) -> AnswerSurvey:
        """As it is sent."""
        return AnswerSurvey(points=dict(self.points), anonymous=self.anonymous)


def fields_of(sheet: Sheet) -> Sequence[tuple[str, str]]:
    """The fields of the question that is shown: words and value, the best first; never more than six."""
    item = sheet.item
    if item is None:
        return ()
    if item != RECOMMEND:
        return [(points_text(points), str(points)) for points in reversed(POINTS)]
    numbers = list(reversed(allowed(item)))
    if sheet.low:
        return [(str(number), str(number)) for number in numbers[-_FEW:]]
    upper = numbers[: len(numbers) - _FEW]
    return [*((str(number), str(number)) for number in upper), (_("5 or less"), LOW)]


def chosen_of(sheet: Sheet) -> str | None:
    """The field that was touched when this question was shown before."""
    points = sheet.points.get(sheet.item or "")
    known = {value for _label, value in fields_of(sheet)}
    return None if points is None else str(points) if str(points) in known else LOW


def progress_text(sheet: Sheet, cells: int) -> str:
    """How far one is, in words and as a bar of so many cells."""
    most = len(questions())
    done = min(sheet.at, most)
    full = cells * done // most
    said = _("Question {n} of {most}").format(n=min(done + 1, most), most=most) if done < most else _("All questions")
    return f"{said}  {_FULL * full}{_EMPTY * (cells - full)}"


def give(terminal: Terminal, place: Place, session: Session, sheet: Sheet) -> None:
    """Send the answers; they are on this terminal's disk when this returns.

    Raises:
        StoreFailed: they could not be kept.
    """
    terminal.record(ANSWER, sheet.message(), actor=session.actor, encounter=session.encounter, bed=place.bed)


@dataclass(frozen=True)
class Kept:
    """What this terminal still has of the answers of a stay. `refused`: why the hospital did not take them."""

    waits: bool = False
    refused: str | None = None


def kept(terminal: Terminal, encounter: str) -> Kept:
    """What has not arrived yet, or was refused."""
    entries = [entry for entry in terminal.outbox.entries() if entry.kind == ANSWER and entry.encounter == encounter]
    if any(entry.state in ("waiting", "sent") for entry in entries):
        return Kept(waits=True)
    return Kept(refused=last_refusal(terminal.outbox, (ANSWER,), encounter))
