"""The isolations of one stay: which hold, since when and why, and those that are over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.dashboard.words import NOTHING
from server.record.service import open_of, records_of
from wardlink.clinical.isolation import precautions
from wardlink.i18n import domain
from wardlink.messages.isolations import IsolationView
from wardlink.record.isolations import ISOLATION, holding

_ = domain("server").gettext


def standing_text(conn: Connection, encounter: str) -> str:
    """How the patient is isolated now, in words; empty if not."""
    held = holding(open_of(conn, ISOLATION, [encounter]))
    return ", ".join(dict.fromkeys(precautions()[view.precaution].mark_text() for view in held))


def of_stay(conn: Connection, encounter: str, now: datetime) -> Sheet:
    """A line an isolation, the newest first; those entered by mistake stay readable."""
    found = records_of(conn, ISOLATION, encounter=encounter, newest_first=True)
    return Sheet(_columns(), tuple(_row(view, now) for view in found))


def _columns() -> tuple[Column, ...]:
    return (
        Column("how", _("Isolation")),
        Column("since", _("Since")),
        Column("why", _("Reason")),
        Column("by", _("By")),
        Column("ended", _("Until")),
        Column("end", _("Ended by")),
        Column("state", ""),
    )


def _row(view: IsolationView, now: datetime) -> Row:
    ended = NOTHING
    if view.ended_at is not None:
        ended = _("{who}: {what}").format(who=view.ended_by_name or view.ended_by, what=view.end_reason)
    return Row(
        view.id,
        {
            "how": Cell(precautions()[view.precaution].mark_text()),
            "since": instant(view.started_at, now),
            "why": Cell(view.reason),
            "by": Cell(view.by_name or view.by.id),
            "ended": instant(view.ended_at, now),
            "end": Cell(ended),
            "state": _state(view),
        },
    )


def _state(view: IsolationView) -> Cell:
    if view.struck_at is not None:
        return Cell(_("struck out: {reason}").format(reason=view.struck_reason or ""), "old")
    return Cell(_("holds"), "warm") if view.holds else Cell(_("ended"))
