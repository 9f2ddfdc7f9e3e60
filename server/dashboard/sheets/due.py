"""What is due about one stay: overdue, due, and within eight hours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from wardlink.i18n import domain
from wardlink.record.due.due import Due

_ = domain("server").gettext

AHEAD = timedelta(hours=8)


def sheet(due: Iterable[Due], now: datetime) -> Sheet:
    """The lines, what is overdue first."""
    shown = [one for one in due if one.due_at <= now + AHEAD or one.is_overdue(now)]
    shown.sort(key=lambda one: (not one.is_overdue(now), one.due_at))
    columns = (Column("state", _("State")), Column("due", _("Due")), Column("what", _("What"), "wide"))
    return Sheet(columns, tuple(_row(one, now) for one in shown))


def _row(one: Due, now: datetime) -> Row:
    if one.is_overdue(now):
        state = Cell(_("overdue since"), "bad", at=one.closes_at)
    elif one.is_due(now):
        state = Cell(_("due now"))
    else:
        state = Cell(_("later"))
    return Row(one.key, {"state": state, "due": instant(one.due_at, now), "what": Cell(one.text())})
