"""Single measurements as lines of two grids: the newest of each kind, and the history, newest first."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from cart.usecases.words import age_text, time_text
from cart.widgets.grid import Cell, Column, Line
from wardlink.clinical.measurements import measured_kinds
from wardlink.i18n import domain
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from cart.usecases.measure import Measured, MeasurePage

_ = domain("cart").gettext

_TONES = {"alarm": "alarm", "act": "warn", "watch": "plain"}


def newest_columns(is_wide: bool) -> tuple[Column, ...]:
    """Kind, value, age, and what it means."""
    return (
        Column(_("Newest"), 14),
        Column("", 12, "right"),
        Column(_("Age"), 9, "right"),
        Column(_("Means"), 40 if is_wide else 26, grow=True),
    )


def newest_lines(page: MeasurePage, now: datetime) -> list[Line]:
    """A line a kind, measured or not, and the body mass index."""
    found = [_newest(page.newest.get(kind.code), kind.code, kind.text(), now) for kind in measured_kinds().values()]
    if page.bmi is not None:
        found.append(Line("bmi", (Cell("BMI"), Cell(f"{page.bmi} kg/m²"), Cell(""), Cell(_("derived"), "dim"))))
    return found


def _newest(found: Measured | None, code: str, name: str, now: datetime) -> Line:
    if found is None:
        return Line(code, (Cell(name), Cell("—", "dim"), Cell(""), Cell(_("not measured yet"), "dim")))
    means = found.meaning
    detail = plain(found.detail_text())
    said = "" if means is None else f"{means.text()} {means.advice_text()}".rstrip()
    return Line(
        code,
        (
            Cell(name),
            Cell(found.value_text(), "strong" if means is None else _TONES[means.urgency]),
            Cell(age_text(now - found.at), "dim"),
            Cell(" · ".join(part for part in (said, detail) if part), "plain" if means is None else "warn"),
        ),
    )


def columns(is_wide: bool) -> tuple[Column, ...]:
    """The columns of the history; the last says what became of one."""
    return (
        Column(_("When"), 11),
        Column(_("What"), 12 if is_wide else 10),
        Column(_("Value"), 14 if is_wide else 11, "right"),
        Column(_("Details"), 26 if is_wide else 14, grow=True),
        *((Column(_("Means"), 20),) if is_wide else ()),
        Column(_("Nurse"), 8 if is_wide else 6),
        Column(_("State"), 22 if is_wide else 16),
    )


def lines(page: MeasurePage, now: datetime, is_wide: bool, *, only: str | None) -> list[Line]:
    """A line a measurement, newest first; `only` those of one kind."""
    return [_line(found, now, is_wide) for found in page.history if only in (None, found.what)]


def _line(found: Measured, now: datetime, is_wide: bool) -> Line:
    struck = found.struck_reason is not None
    tone = "struck" if struck else "plain"
    means = found.meaning
    value_tone = tone if means is None else _TONES[means.urgency]
    if found.not_measured is not None and not struck:
        value_tone = "warn"
    kind = measured_kinds().get(found.what)
    how = " · ".join(part for part in (found.detail_text(), found.note) if part)
    return Line(
        found.id,
        (
            Cell(time_text(found.at, now), tone),
            Cell(found.what if kind is None else kind.text(), tone),
            Cell(plain(found.value_text()), value_tone),
            Cell(plain(how), tone),
            *((Cell("" if means is None else means.text(), "warn"),) if is_wide else ()),
            Cell(plain(found.by_name), "dim"),
            _state(found, now),
        ),
    )


def _state(found: Measured, now: datetime) -> Cell:
    if found.struck_reason is not None:
        return Cell(_("struck out: {reason}").format(reason=plain(found.struck_reason)), "warn")
    late = _("afterwards {at}").format(at=time_text(found.entered_at, now)) if found.retrospective else ""
    if found.unsent:
        return Cell(" ".join(filter(None, (_("unsent"), late))), "warn")
    if late:
        return Cell(late, "warn")
    return Cell(_("in a set") if found.entry is None else _("delivered"), "dim" if found.entry is None else "good")
