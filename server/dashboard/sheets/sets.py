"""The sets of vital signs of one stay: every reading, who took it where, and the three clocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Select, Table, func, select

from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.instants import instant
from server.dashboard.words import BANDS, NOTHING, SOURCES, actor_text, reading_text, time_text, word
from server.models import ChangeRow
from server.vitals.models import VitalsRow, is_told_by
from wardlink.clinical.codes import NotMeasured
from wardlink.clinical.items import ITEMS, Labels
from wardlink.clinical.retrospective import is_retrospective
from wardlink.i18n import domain
from wardlink.messages.vitals import VitalsRecorded

_ = domain("server").gettext

_CHANGE: Table = ChangeRow.__table__  # type: ignore[attr-defined]
_VITALS: Table = VitalsRow.__table__  # type: ignore[attr-defined]

MOST_DRAWN = 5_000
"""A curve is drawn from so many sets at most; of a monitor's, every second, third … one then."""

_SHOWN = ("temp_c", "pulse_per_min", "hr_per_min", "rr_per_min", "spo2_pct")


def count(conn: Connection, encounter: str, *, source: str | None) -> int:
    """How many sets there are, struck ones included."""
    query = select(func.count()).select_from(_VITALS).where(_VITALS.c.encounter == encounter)
    if source is not None:
        query = query.where(_VITALS.c.source == source)
    return int(conn.execute(query).scalar_one())


def newest(
    conn: Connection, encounter: str, *, source: str | None, limit: int | None = None, offset: int = 0
) -> list[VitalsRecorded]:
    """Sets as everybody holds them, newest first, struck ones included."""
    query = _query(encounter).order_by(_VITALS.c.measured_at.desc(), _VITALS.c.seq.desc()).limit(limit).offset(offset)
    if source is not None:
        query = query.where(_VITALS.c.source == source)
    return [_set(row) for row in conn.execute(query)]


def drawn(conn: Connection, encounter: str, since: datetime) -> tuple[list[VitalsRecorded], int]:
    """The sets since then, oldest first, for curves; and of how many of a monitor's one was taken."""
    query = _query(encounter).where(_VITALS.c.measured_at >= since)
    many = conn.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    every = max(1, -(-int(many) // MOST_DRAWN))
    if every > 1:
        query = query.where((_VITALS.c.source == "manual") | (_VITALS.c.seq % every == 0))
    return [_set(row) for row in conn.execute(query.order_by(_VITALS.c.measured_at, _VITALS.c.seq))], every


def _query(encounter: str) -> Select[Any]:
    return (
        select(_CHANGE.c.body, _VITALS.c.struck_at, _VITALS.c.struck_by, _VITALS.c.struck_reason)
        .join_from(_VITALS, _CHANGE, is_told_by())
        .where(_VITALS.c.encounter == encounter)
    )


def _set(row: Any) -> VitalsRecorded:
    if row.struck_at is None:
        return VitalsRecorded.model_validate_json(row.body)
    kind, _colon, name = row.struck_by.partition(":")
    marks = {
        "struck_at": row.struck_at,
        "struck_by": {"kind": kind, "id": name},
        "struck_reason": row.struck_reason,
    }
    return VitalsRecorded.model_validate_json(orjson.dumps(orjson.loads(row.body) | marks))


def sheet(sets: Iterable[VitalsRecorded], staff: Mapping[str, str], now: datetime) -> Sheet:
    """These sets as a table."""
    return Sheet(columns(), tuple(_row(found, staff, now) for found in sets))


def columns() -> tuple[Column, ...]:
    """The columns, in the language of this context."""
    readings = (Column(key, _with_unit(key), "number") for key in _SHOWN)
    return (
        Column("measured", _("Measured")),
        *readings,
        Column("bp", _("BP mmHg"), "number"),
        Column("o2", _("Oxygen")),
        Column("acvpu", _("Consciousness")),
        Column("news2", "NEWS2", "number"),
        Column("source", _("Source")),
        Column("who", _("Who")),
        Column("device", _("Device")),
        Column("entered", _("Entered")),
        Column("received", _("Received")),
        Column("notes", _("Notes"), "wide"),
    )


def _with_unit(key: str) -> str:
    return f"{ITEMS[key].text()} {ITEMS[key].unit}".strip()


def _row(found: VitalsRecorded, staff: Mapping[str, str], now: datetime) -> Row:
    readings = found.readings
    cells = {
        "measured": instant(found.measured_at, now),
        **{key: _reading(found, key) for key in _SHOWN},
        "bp": _pressure(found),
        "o2": Cell(
            reading_text("o2_mode", readings.o2_mode) if readings.o2_mode else reading_text("o2_on", readings.o2_on)
        ),
        "acvpu": Cell(reading_text("acvpu", readings.acvpu)),
        "news2": _score(found),
        "source": Cell(word(SOURCES, found.source)),
        "who": Cell(found.actor_name or actor_text(str(found.actor), staff)),
        "device": Cell(found.device),
        "entered": instant(found.entered_at, now),
        "received": instant(found.received_at, now),
        "notes": Cell(_notes(found, staff, now), "why"),
    }
    return Row(found.id, cells, "struck" if found.struck_at is not None else "")


def _reading(found: VitalsRecorded, key: str) -> Cell:
    value = getattr(found.readings, key)
    if value is not None:
        return Cell(reading_text(key, value))
    if key in found.lead_off:
        return Cell(_("lead off"), "bad")
    if key in found.not_measured:
        reason = NotMeasured.of(found.not_measured[key])
        return Cell(reason.text() if reason else found.not_measured[key], "muted")
    return Cell(NOTHING)


def _pressure(found: VitalsRecorded) -> Cell:
    r = found.readings
    for sbp, dbp, sbp_key in ((r.sbp_mmhg, r.dbp_mmhg, "sbp_mmhg"), (r.abp_sbp_mmhg, r.abp_dbp_mmhg, "abp_sbp_mmhg")):
        if sbp is not None:
            return Cell(f"{reading_text(sbp_key, sbp)}/{NOTHING if dbp is None else reading_text(sbp_key, dbp)}")
    return _reading(found, "sbp_mmhg")


def _score(found: VitalsRecorded) -> Cell:
    score = found.news2
    if score is None:
        return Cell(NOTHING)
    if score.total is not None:
        return Cell(f"{score.total} {word(BANDS, score.band)}")
    return Cell(f"≥{score.partial}" if score.partial else NOTHING, "muted")


def _notes(found: VitalsRecorded, staff: Mapping[str, str], now: datetime) -> str:
    notes = []
    if found.struck_at is not None:
        notes.append(
            _("Struck out {time} by {who}: {reason}").format(
                time=time_text(found.struck_at, now),
                who=actor_text(str(found.struck_by), staff),
                reason=found.struck_reason,
            )
        )
    if found.artefacts:
        raw = ", ".join(
            f"{ITEMS[key].text() if key in ITEMS else key} {value:g}" for key, value in found.artefacts.items()
        )
        notes.append(_("Artefact: {raw}").format(raw=raw))
    others = tuple(key for key in found.lead_off if key not in _SHOWN and key in ITEMS)
    if others:
        notes.append(_("Lead off: {which}").format(which=str(Labels(others))))
    if found.source == "manual" and is_retrospective(found.measured_at, found.entered_at):
        notes.append(_("Entered afterwards, {time}").format(time=time_text(found.entered_at, now)))
    if found.assigned is not None:
        notes.append(
            _("Given to the patient afterwards, {time}, by {who}: {reason}").format(
                time=time_text(found.assigned.at, now),
                who=found.assigned.by_name or actor_text(str(found.assigned.by), staff),
                reason=found.assigned.reason,
            )
        )
    if found.late_reason:
        notes.append(_("Entered late: {reason}").format(reason=found.late_reason))
    if found.partial_reason:
        notes.append(_("Not a whole round: {reason}").format(reason=found.partial_reason))
    if found.note:
        notes.append(found.note)
    return "; ".join(notes)
