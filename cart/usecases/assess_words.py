"""The words of assessments on the cart: what has changed, what is due, what is about to be saved."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from cart.usecases.assess import ScaleRow, difference
from cart.usecases.words import age_text, due_text, time_text
from wardlink.i18n import domain
from wardlink.messages.assessment_words import NOTHING, joined, totals_text
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cart.usecases.assess_draft import Exam
    from wardlink.messages.assessments import AssessmentView
    from wardlink.messages.encounters import EncounterView

_ = domain("cart").gettext

TONES: Mapping[str, str] = {"calm": "plain", "warn": "warn", "alarm": "alarm"}


def difference_text(view: AssessmentView, before: AssessmentView | None) -> str:
    """How many points more or less than the one before."""
    points = difference(view, before)
    return "" if points is None else _("same") if points == 0 else f"{points:+d}"


def due_words(row: ScaleRow, now: datetime) -> str:
    """When the scale is due, or since when it is overdue."""
    if row.due_at is None:
        return NOTHING if row.last is not None else _("when needed") if row.scale.first_due is None else NOTHING
    if row.is_overdue(now):
        return _("overdue {age}").format(age=age_text(now - row.due_at))
    return due_text(row.due_at, now)


def summary_text(exam: Exam, stay: EncounterView, now: datetime) -> str:
    """What is about to be saved, of whom, and what is to be done about it: read before the nurse says yes."""
    weighed = exam.weighed
    level = "" if weighed.band is None else weighed.band.label_text()
    total = totals_text(weighed.scale, weighed.totals, weighed.answers)
    who = _("bed {bed} {name}").format(bed=stay.bed, name=plain(stay.name))
    lines = [f"{who} · {weighed.scale.label_text()}", joined(total, level) or _("no total")]
    if weighed.band is not None:
        lines += [f"• {text}" for text in weighed.band.action_texts()]
    due_at = weighed.next_at(now)
    if due_at is not None:
        lines.append(_("Next: {at}").format(at=time_text(due_at, now)))
    if exam.draft.note:
        lines.append(_("Note: {note}").format(note=plain(exam.draft.note)))
    return "\n".join(lines)
