"""The assessments of one stay: of each scale what stands, what stood before, and when it is due."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.dashboard.words import NOTHING
from server.record.service import records_of
from wardlink.i18n import domain
from wardlink.messages.assessment_words import band_of, result_text, scale_text
from wardlink.messages.assessments import AssessmentView
from wardlink.messages.encounters import EncounterView
from wardlink.record.assessments import ASSESSMENT, standing
from wardlink.record.assessments_due import assessments_due

_ = domain("server").gettext


def of_stay(conn: Connection, stay: EncounterView, now: datetime) -> Sheet:
    """A line a scale that was used or is due; the answers stay in the record, for those who look after the patient."""
    found = records_of(conn, ASSESSMENT, encounter=stay.id)
    newest = standing(found)
    is_here = stay.status == "in-progress"
    due = {each.scale.code: each.due_at for each in assessments_due(stay, found)} if is_here else {}
    names = [*newest, *(name for name in due if name not in newest)]
    names.sort(key=lambda name: (due.get(name) is None, due.get(name) or now, name))
    rows = []
    for name in names:
        view = newest.get(name)
        earlier = standing(other for other in found if view is not None and other.id != view.id).get(name)
        rows.append(_row(name, view, earlier, due.get(name), now))
    return Sheet(_columns(), tuple(rows))


def _columns() -> tuple[Column, ...]:
    return (
        Column("scale", _("Scale")),
        Column("result", _("Result")),
        Column("before", _("Before")),
        Column("at", _("Assessed")),
        Column("by", _("By")),
        Column("due", _("Next due")),
        Column("state", ""),
    )


def _row(
    name: str, view: AssessmentView | None, earlier: AssessmentView | None, due_at: datetime | None, now: datetime
) -> Row:
    band = None if view is None else band_of(view)
    is_late = due_at is not None and due_at <= now
    return Row(
        name,
        {
            "scale": Cell(scale_text(name)),
            "result": Cell(NOTHING) if view is None else Cell(result_text(view), _CLASSES[band.tone] if band else ""),
            "before": Cell(NOTHING if earlier is None else result_text(earlier)),
            "at": instant(None if view is None else view.assessed_at, now),
            "by": Cell(NOTHING if view is None else view.by_name or view.by.id),
            "due": instant(due_at, now),
            "state": Cell(_("overdue"), "bad") if is_late else Cell(),
        },
    )


_CLASSES = {"calm": "", "warn": "warm", "alarm": "bad"}
