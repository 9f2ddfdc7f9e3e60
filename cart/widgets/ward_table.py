"""The rows of the ward as lines of a grid: what is old is dim and says so, what is urgent says so in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cart.usecases.readings import NO_VALUE, Shown
from cart.usecases.ward_list import Row
from cart.usecases.words import BANDS, DIETS, LEVELS, LEVELS_SHORT, age_text, time_text, word
from cart.widgets.grid import Cell, Column, Line
from wardlink.i18n import domain
from wardlink.terminal.cells import plain

_ = domain("cart").gettext

NO = Cell(NO_VALUE, "dim")
BAND_TONES = {"low": "plain", "low-medium": "warn", "medium": "warn", "high": "alarm"}
BAND_MARKS = {"low": "", "low-medium": "△", "medium": "▲", "high": "▲"}


def columns(is_wide: bool) -> tuple[Column, ...]:
    """The columns of UX 2. On a narrow screen they are closer and the diet gives way."""
    diet = (Column(_("Diet"), 10),) if is_wide else ()
    return (
        Column(_("Bed"), 3, "right"),
        Column(_("Name"), 14 if is_wide else 8),
        Column(_("Level") if is_wide else "", 8 if is_wide else 4),
        *diet,
        Column("T", 5 if is_wide else 4, "right"),
        Column("P", 4 if is_wide else 3, "right"),
        Column("R", 3, "right"),
        Column("BP", 7, "right"),
        Column("SpO2", 4, "right"),
        Column("NEWS2", 11 if is_wide else 7),
        Column(_("Age"), 9),
        Column(_("Next"), 12 if is_wide else 9),
        Column(_("Notes"), 4, grow=True),
    )


def lines(rows: Sequence[Row], now: datetime, drafts: frozenset[str], is_wide: bool) -> list[Line]:
    """A line a row. `drafts`: stays with a half-entered set of the nurse who is signed in."""
    return [_line(row, now, row.key in drafts, is_wide) for row in rows]


def _line(row: Row, now: datetime, has_draft: bool, is_wide: bool) -> Line:
    if row.stay is None:
        cells = [Cell(row.bed.id, "dim"), Cell(_("empty"), "dim")]
        cells += [Cell("")] * (len(columns(is_wide)) - 3)
        return Line(row.key, (*cells, Cell(_("calls") if row.call else "", "alarm" if row.call else "plain")))
    shown = row.readings or {}
    stay = row.stay
    diet = (Cell(plain(word(DIETS, stay.diet))),) if is_wide else ()
    return Line(
        row.key,
        (
            Cell(row.bed.id, "strong"),
            Cell(plain(stay.name), "strong"),
            Cell(word(LEVELS if is_wide else LEVELS_SHORT, stay.level)),
            *diet,
            _value(shown.get("temp_c")),
            _value(shown.get("pulse_per_min") or shown.get("hr_per_min")),
            _value(shown.get("rr_per_min")),
            _pressure(shown),
            _value(shown.get("spo2_pct"), "%"),
            _score(row, now, " " if is_wide else ""),
            _age(row, now),
            _due(row, now),
            _notes(row, has_draft),
        ),
    )


def _value(shown: Shown | None, unit: str = "") -> Cell:
    if shown is None:
        return NO
    if shown.off:
        return Cell(_("off"), "warn")
    return Cell(shown.text + unit, "dim" if shown.stale else "plain")


def _pressure(shown: dict[str, Shown] | object) -> Cell:
    readings = shown if isinstance(shown, dict) else {}
    for prefix in ("", "abp_"):
        sbp, dbp = readings.get(f"{prefix}sbp_mmhg"), readings.get(f"{prefix}dbp_mmhg")
        if sbp is not None and not sbp.off:
            low = dbp.text if dbp is not None and dbp.measured_at == sbp.measured_at else NO_VALUE
            return Cell(f"{sbp.text}/{low}", "dim" if sbp.stale else "plain")
        if sbp is not None:
            return Cell(_("off"), "warn")
    return NO


def _score(row: Row, now: datetime, gap: str) -> Cell:
    if row.score is None:
        return NO
    if row.score.is_old(now):
        return Cell(row.score.text + " " + _("old"), "dim")
    band = row.score.band
    if band is None:
        return Cell(row.score.text + " " + _("part") if row.score.text != NO_VALUE else NO_VALUE, "dim")
    words = "" if band == "low" else word(BANDS, band)
    return Cell(f"{row.score.text:>2}{gap}{BAND_MARKS[band]}{words}".rstrip(), BAND_TONES[band])


def _age(row: Row, now: datetime) -> Cell:
    if row.newest_at is None:
        return NO
    text = age_text(now - row.newest_at)
    if all(shown.stale or shown.off for shown in row.vital):
        return Cell(text + " " + _("old"), "warn")
    return Cell(text, "plain")


def _due(row: Row, now: datetime) -> Cell:
    if row.due_at is None:
        return NO
    if row.is_late(now):
        return Cell(_("late {age}").format(age=age_text(now - row.due_at)), "alarm")
    if row.due_at <= now:
        return Cell(_("now!"), "warn")
    return Cell(time_text(row.due_at, now))


def _notes(row: Row, has_draft: bool) -> Cell:
    stay = row.stay
    assert stay is not None
    off = any(shown.off for shown in (row.readings or {}).values())
    pending = any(shown.pending for shown in (row.readings or {}).values())
    words = [
        (_("calls {cls}").format(cls=row.call) if row.call else "", "alarm"),
        (_("similar name!") if row.alike else "", "warn"),
        (_("lead off") if off else "", "warn"),
        (_("half entered") if has_draft else "", "warn"),
        (_("unsent") if pending else "", "warn"),
        (_("allergy: {what}").format(what=plain(", ".join(stay.allergies))) if stay.allergies else "", "plain"),
        (_("SpO2 scale 2") if stay.spo2_scale == 2 else "", "plain"),
    ]
    said = [(text, tone) for text, tone in words if text]
    return Cell(" · ".join(text for text, _tone in said), said[0][1] if said else "plain")
