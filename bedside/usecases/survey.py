"""The satisfaction survey as a patient goes through it: one question a page, back and change, skip, send once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wardlink.clinical.survey import POINTS, RECOMMEND, allowed, points_text, questions
from wardlink.errors import Collision, Unreachable, WardlinkError
from wardlink.i18n import domain
from wardlink.messages.surveys import AnswerSurvey

if TYPE_CHECKING:
    from collections.abc import Sequence

_ = domain("bedside").gettext

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


def trouble_of(error: WardlinkError) -> str:
    """Why it was not taken, and what helps."""
    match error:
        case Unreachable():
            return _("Not sent: there is no connection. Your answers stay here; please touch Send again in a while.")
        case Collision():
            return _("The survey of this stay was answered already. Thank you.")
        case other:
            return other.text()
