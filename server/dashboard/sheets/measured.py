"""The newest single measurements of one stay: glucose, pain, weight, height, girth."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.dashboard.words import NOTHING, time_text
from server.record.service import records_of
from wardlink.clinical.codes import GlucoseSlot, NotMeasured
from wardlink.clinical.measurements import Moving, PainTool, meaning, measured_kinds
from wardlink.clinical.retrospective import is_retrospective
from wardlink.i18n import domain
from wardlink.messages.observations import ObservationView
from wardlink.record.observations import OBSERVATION

_ = domain("server").gettext

MOST = 20
"""So many of the newest are shown, whatever their kind."""


def of_stay(conn: Connection, encounter: str, now: datetime) -> Sheet:
    """The newest measurements, struck ones included."""
    found = records_of(conn, OBSERVATION, encounter=encounter, newest_first=True, limit=MOST)
    columns = (
        Column("measured", _("Measured")),
        Column("what", _("What")),
        Column("value", _("Value"), "number"),
        Column("detail", _("Details")),
        Column("means", _("Means")),
        Column("who", _("Who")),
        Column("notes", _("Notes"), "wide"),
    )
    return Sheet(columns, tuple(_row(view, now) for view in found))


def _row(view: ObservationView, now: datetime) -> Row:
    kind = measured_kinds().get(view.what)
    means = None if view.struck_at is not None else meaning(view.what, view.value, view.comparator)
    cells = {
        "measured": instant(view.measured_at, now),
        "what": Cell(view.what if kind is None else kind.text()),
        "value": Cell(value_text(view), "bad" if means is not None and means.urgency == "alarm" else ""),
        "detail": Cell(_detail(view) or NOTHING),
        "means": Cell(means.text() if means is not None else NOTHING),
        "who": Cell(view.by_name or str(view.by)),
        "notes": Cell(_notes(view, now), "why"),
    }
    return Row(view.id, cells, "struck" if view.struck_at is not None else "")


def value_text(view: ObservationView) -> str:
    """The value with its unit, LO or HI, or why there is none."""
    kind = measured_kinds().get(view.what)
    if view.not_measured is not None:
        reason = NotMeasured.of(view.not_measured)
        return view.not_measured if reason is None else reason.text()
    if view.comparator is not None:
        return "LO" if view.comparator == "<" else "HI"
    if view.value is None or kind is None:
        return NOTHING
    return f"{kind.show(view.value)} {kind.unit}".rstrip()


def _detail(view: ObservationView) -> str:
    slot, tool = GlucoseSlot.of(view.slot or ""), PainTool.of(view.scale or "")
    parts = (
        slot.text() if slot else view.slot,
        tool.text() if tool else view.scale,
        Moving.MOVING.text() if view.moving else "",
        view.place,
    )
    return ", ".join(part for part in parts if part)


def _notes(view: ObservationView, now: datetime) -> str:
    notes = []
    if view.struck_at is not None:
        notes.append(
            _("Struck out {time} by {who}: {reason}").format(
                time=time_text(view.struck_at, now), who=str(view.struck_by), reason=view.struck_reason
            )
        )
    if is_retrospective(view.measured_at, view.entered_at):
        notes.append(_("Entered afterwards, {time}").format(time=time_text(view.entered_at, now)))
    if view.late_reason:
        notes.append(_("Entered late: {reason}").format(reason=view.late_reason))
    if view.note:
        notes.append(view.note)
    return "; ".join(notes)
