"""Nursing assessments of a patient: what stands, what is due, what was answered before; saving and striking out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from wardlink.clinical.assessments.scales import Scale, scale_called, scales
from wardlink.clinical.names import age_years
from wardlink.clock import ward_date
from wardlink.i18n import N_
from wardlink.messages.assessments import AssessmentView, RecordAssessment, SeenResult, StrikeAssessment
from wardlink.record.assessments import ASSESSMENT
from wardlink.record.assessments_due import assessments_due
from wardlink.record.risks import risks_of

if TYPE_CHECKING:
    from cart.ports import Board, Ward
    from cart.usecases.assess_draft import Exam
    from cart.usecases.session import Session
    from wardlink.messages.commands import Command
    from wardlink.messages.encounters import EncounterView

STRIKE_REASONS = (
    N_("wrong patient"),
    N_("wrong answer"),
    N_("wrong time"),
    N_("entered twice"),
)


@dataclass(frozen=True)
class ScaleRow:
    """A scale on the list. `last`: what stands now; `before`: the one before it; `made`: all, the newest first."""

    scale: Scale
    last: AssessmentView | None
    before: AssessmentView | None
    due_at: datetime | None
    made: tuple[AssessmentView, ...]

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should have been made by now."""
        return self.due_at is not None and self.due_at <= now


@dataclass(frozen=True)
class Assessed:
    """A stay and its scales, in the order in which a nurse works through them."""

    stay: EncounterView
    others: tuple[str, ...]
    rows: tuple[ScaleRow, ...]
    marks: tuple[str, ...] = ()

    def row(self, scale: str) -> ScaleRow | None:
        """The row of that scale."""
        return next((row for row in self.rows if row.scale.code == scale), None)


def read(board: Board, encounter: str) -> Assessed | None:
    """Everything that the pages of assessments show, from this cart's disk; None if the stay is not known here."""
    from cart.usecases.patient import known_stay, names_alike

    stay = known_stay(board, encounter)
    if stay is None:
        return None
    found = board.records(ASSESSMENT, encounter=encounter)
    return Assessed(stay, names_alike(board, stay), rows_of(stay, found), marks(found))


def rows_of(stay: EncounterView, found: Sequence[AssessmentView]) -> tuple[ScaleRow, ...]:
    """A row a scale. `found`: every assessment of the stay that is known here."""
    due = {each.scale.code: each.due_at for each in assessments_due(stay, found)}
    rows = []
    for code, scale in scales().items():
        made = sorted((view for view in found if view.scale == code), key=lambda view: view.assessed_at, reverse=True)
        stands = [view for view in made if view.struck_at is None]
        last, before = (*stands[:2], None, None)[:2]
        rows.append(ScaleRow(scale, last, before, due.get(code), tuple(made)))
    return tuple(rows)


def marks(found: Sequence[AssessmentView]) -> tuple[str, ...]:
    """What a patient is at risk of by the assessments that stand, in the shortest words, the weightiest first."""
    return tuple(risk.mark_text() for risk in risks_of((), found, ()))


def years_of(stay: EncounterView, now: datetime) -> int:
    """How old the patient is today."""
    return age_years(stay.birth_on, max(stay.birth_on, ward_date(now)))


def difference(view: AssessmentView, before: AssessmentView | None) -> int | None:
    """How many points more than the one before; None where one of them has no total."""
    if before is None or view.total is None or before.total is None:
        return None
    return view.total - before.total


def changed_answers(view: AssessmentView, before: AssessmentView | None) -> Mapping[str, tuple[str | None, str | None]]:
    """Items whose answer is another one than before: before and now, None where there is none."""
    earlier = {} if before is None else before.answers
    names = dict.fromkeys((*earlier, *view.answers))
    pairs = {name: (earlier.get(name), view.answers.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if before is not None and pair[0] != pair[1]}


def save(ward: Ward, session: Session, stay: EncounterView, exam: Exam) -> Command:
    """Record an assessment that may be saved.

    Raises:
        ValueError: it may not be saved.
        MessageTooLarge, InvalidInput: a text that no message can hold; nothing was saved.
        StoreFailed: the disk did not take it; nothing was saved.
    """
    if not exam.may_save:
        raise ValueError("not to be saved")
    weighed = exam.weighed
    body = RecordAssessment(
        scale=weighed.scale.code,
        version=weighed.scale.version,
        answers=dict(weighed.answers),
        confirmed=tuple(finding.code for finding in exam.soft),
        note=exam.draft.note.strip() or None,
        seen=SeenResult(totals=dict(weighed.totals), band=None if weighed.band is None else weighed.band.code),
    )
    return ward.record("assessment.record", body, actor=session.actor, encounter=stay.id, bed=stay.bed)


def strike(ward: Ward, session: Session, stay: EncounterView, assessment: str, reason: str) -> Command:
    """Strike an assessment out; it stays readable, with the reason."""
    body = StrikeAssessment(assessment=assessment, reason=reason)
    return ward.record("assessment.strike", body, actor=session.actor, encounter=stay.id, bed=stay.bed)


def known_scale(code: str) -> Scale:
    """A scale of the list.

    Raises:
        KeyError: there is none of that code.
    """
    scale = scale_called(code)
    if scale is None:
        raise KeyError(code)
    return scale
