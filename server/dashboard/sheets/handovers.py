"""Hand-overs: of one shift of a ward, or of one stay; what was given, by whom, and who took it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from server.dashboard import PREFIX
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.dashboard.sheets.names import patient_names
from server.dashboard.words import NOTHING
from server.record.service import records_of
from wardlink.clinical.names import masked_name
from wardlink.clinical.shifts import Shift, shift_at
from wardlink.clock import ward_time
from wardlink.i18n import N_, domain
from wardlink.messages.handovers import HandoverGiven, HandoverView
from wardlink.record.handovers import HANDOVER

_ = domain("server").gettext

MOST = 30
_LETTERS = {"situation": "S", "background": "B", "assessment": "A", "recommendation": "R"}

STATES: Mapping[str, str] = {
    "draft": N_("being written"),
    "given": N_("given, not taken yet"),
    "taken": N_("handed over"),
}


def shift_text(shift: Shift) -> str:
    """The shift with its day and hours."""
    begins, ends = ward_time(shift.begins_at), ward_time(shift.ends_at)
    return f"{begins:%Y-%m-%d} {shift.label_text()} {begins:%H:%M}-{ends:%H:%M}"


def of_ward(conn: Connection, ward: str, shift: Shift, now: datetime) -> Sheet:
    """Of every patient, in the order of the beds; the ward's own first."""
    found = records_of(conn, HANDOVER, ward=ward, since=shift.begins_at, until=shift.ends_at)
    names = patient_names(conn, [view.encounter for view in found])
    found.sort(key=lambda view: (view.encounter is not None, len(view.bed or ""), view.bed or ""))
    columns = (Column("bed", _("Bed")), Column("patient", _("Patient")), *_columns())
    return Sheet(columns, tuple(_row(view, names, now) for view in found))


def of_stay(conn: Connection, encounter: str, now: datetime) -> Sheet:
    """The newest shift first."""
    found = records_of(conn, HANDOVER, encounter=encounter, newest_first=True, limit=MOST)
    return Sheet((Column("shift", _("Shift")), *_columns()), tuple(_row(view, {}, now) for view in found))


def _columns() -> Iterable[Column]:
    return (
        Column("state", _("State")),
        Column("given", _("Given")),
        Column("giver", _("Given by")),
        Column("taken", _("Taken over")),
        Column("taker", _("Taken over by")),
        Column("note", _("Written by the nurse"), "wide"),
        Column("facts", _("Facts"), "wide"),
    )


def _row(view: HandoverView, names: Mapping[str, str], now: datetime) -> Row:
    given, taken, stay = view.last_given, view.taking, view.encounter
    name = NOTHING if stay is None else names.get(stay)
    who = _("the ward") if stay is None else masked_name(name) if name else NOTHING
    return Row(
        view.id,
        {
            "bed": Cell(view.bed or NOTHING),
            "patient": Cell(who, href=f"{PREFIX}/stay/{stay}" if stay is not None else None),
            "shift": Cell(shift_text(shift_at(view.shift_at + timedelta(seconds=1)))),
            "state": Cell(_(STATES[view.state]), "" if view.state == "taken" else "warm"),
            "given": instant(given.at if given is not None else None, now),
            "giver": Cell((given.by_name or given.by.id) if given is not None else NOTHING),
            "taken": instant(taken.at if taken is not None else None, now),
            "taker": Cell((taken.by_name or taken.by.id) if taken is not None else NOTHING),
            "note": Cell((given.note if given is not None else view.note) or NOTHING),
            "facts": Cell(_facts(given) if given is not None else NOTHING),
        },
    )


def _facts(given: HandoverGiven) -> str:
    """Everything that was given, each part of SBAR under its letter."""
    said = {part: "; ".join(line.text for line in given.lines if line.part == part) for part in _LETTERS}
    each = _("{label}: {value}")
    return "  ".join(each.format(label=letter, value=said[part]) for part, letter in _LETTERS.items() if said[part])
