"""The sets of a stay as lines of a grid, newest first: when, what, by whom, and whether the server has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from cart.usecases.readings import NO_VALUE, value_text
from cart.usecases.scores import scored
from cart.usecases.words import BANDS, SOURCES, time_text, word
from cart.widgets.grid import Cell, Column, Line
from cart.widgets.ward_table import BAND_MARKS, BAND_TONES
from wardlink.clinical.codes import NotMeasured
from wardlink.clinical.retrospective import is_retrospective
from wardlink.i18n import domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.vitals import VitalsRecorded

_ = domain("cart").gettext

MOST_LINES = 300


def columns(is_wide: bool) -> tuple[Column, ...]:
    """The columns; the last says what became of the set."""
    return (
        Column(_("Measured"), 11),
        Column("T", 5, "right"),
        Column("P", 4, "right"),
        Column("R", 4, "right"),
        Column("BP", 7, "right"),
        Column("SpO2", 4, "right"),
        *((Column(_("Oxygen"), 10), Column("ACVPU", 5)) if is_wide else ()),
        Column("NEWS2", 11 if is_wide else 8),
        Column(_("By"), 10 if is_wide else 6),
        Column(_("State"), 6, grow=True),
    )


def lines(sets: Sequence[VitalsRecorded], stay: EncounterView, now: datetime, is_wide: bool) -> list[Line]:
    """A line a set, newest first."""
    return [_line(found, stay, now, is_wide) for found in list(reversed(sets))[:MOST_LINES]]


def _line(found: VitalsRecorded, stay: EncounterView, now: datetime, is_wide: bool) -> Line:
    struck = found.struck_at is not None
    tone = "struck" if struck else "plain"
    pulse = "pulse_per_min" if found.readings.pulse_per_min is not None else "hr_per_min"
    pulse = "pulse_per_min" if "pulse_per_min" in found.not_measured else pulse
    oxygen = (_value(found, "o2_mode", tone), Cell(found.readings.acvpu or NO_VALUE, tone)) if is_wide else ()
    return Line(
        found.id,
        (
            Cell(time_text(found.measured_at, now), tone),
            _value(found, "temp_c", tone),
            _value(found, pulse, tone),
            _value(found, "rr_per_min", tone),
            _pressure(found, tone),
            _value(found, "spo2_pct", tone),
            *oxygen,
            Cell(NO_VALUE, "dim") if struck else _score(found, stay),
            Cell(plain(found.actor_name or word(SOURCES, found.source)), "dim"),
            _state(found, now),
        ),
    )


def _value(found: VitalsRecorded, key: str, tone: str) -> Cell:
    if key in found.lead_off:
        return Cell(_("off"), "warn")
    reason = NotMeasured.of(found.not_measured.get(key, ""))
    if reason is not None:
        return Cell(reason.text(), "warn")
    value = getattr(found.readings, key)
    return Cell(NO_VALUE, "dim") if value is None else Cell(value_text(key, value), tone)


def _pressure(found: VitalsRecorded, tone: str) -> Cell:
    for prefix in ("", "abp_"):
        sbp, dbp = (getattr(found.readings, f"{prefix}{name}_mmhg") for name in ("sbp", "dbp"))
        if sbp is not None:
            low = NO_VALUE if dbp is None else value_text(f"{prefix}dbp_mmhg", dbp)
            return Cell(f"{value_text(f'{prefix}sbp_mmhg', sbp)}/{low}", tone)
    return _value(found, "sbp_mmhg", tone)


def _score(found: VitalsRecorded, stay: EncounterView) -> Cell:
    here = scored(found, stay)
    if here.band is None:
        return Cell(NO_VALUE if here.text in (NO_VALUE, "≥0") else here.text + " " + _("part"), "dim")
    words = "" if here.band == "low" else word(BANDS, here.band)
    return Cell(f"{here.text:>2} {BAND_MARKS[here.band]}{words}".rstrip(), BAND_TONES[here.band])


def _state(found: VitalsRecorded, now: datetime) -> Cell:
    if found.struck_at is not None:
        return Cell(_("struck out: {reason}").format(reason=plain(found.struck_reason or "")), "warn")
    afterwards = found.source == "manual" and is_retrospective(found.measured_at, found.entered_at)
    note = f" · {plain(found.note)}" if found.note else ""
    note = f" · {plain(found.partial_reason)}{note}" if found.partial_reason else note
    if afterwards:
        note = " · " + _("afterwards {at}").format(at=time_text(found.entered_at, now)) + note
    if found.assigned is not None:
        given = _("given afterwards by {name}").format(name=plain(found.assigned.by_name or found.assigned.by.id))
        note = f" · {given}{note}"
    if found.received_at is None:
        return Cell(_("unsent") + note, "warn")
    delivered = _("delivered {at}").format(at=time_text(found.received_at, now))
    return Cell(delivered + note, "warn" if afterwards or found.assigned else "good")
