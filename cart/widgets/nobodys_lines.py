"""A monitor's sets that are nobody's, as lines of a grid: enough to know a patient again by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cart.usecases.readings import NO_VALUE, value_text
from cart.usecases.words import FORM_LABELS, time_text
from cart.widgets.grid import Cell, Column, Line
from wardlink.i18n import domain

if TYPE_CHECKING:
    from datetime import datetime

    from wardlink.messages.vitals import VitalsRecorded

_ = domain("cart").gettext

_SHOWN = ("hr_per_min", "pulse_per_min", "rr_per_min", "spo2_pct", "temp_c")


def columns() -> tuple[Column, ...]:
    """When, with the day where it is not today, and the readings that a monitor sends."""
    readings = (Column(_(FORM_LABELS[key]), 8, "right") for key in _SHOWN)
    return (Column(_("Measured"), 11), *readings, Column("BP", 9, "right"))


def lines(sets: Iterable[VitalsRecorded], now: datetime) -> list[Line]:
    """A line a set, in the order that is given."""
    return [
        Line(
            found.id,
            (Cell(time_text(found.measured_at, now)), *(_cell(found, key) for key in _SHOWN), _pressure(found)),
        )
        for found in sets
    ]


def _pressure(found: VitalsRecorded) -> Cell:
    sbp, dbp = (getattr(found.readings, key) for key in ("sbp_mmhg", "dbp_mmhg"))
    if sbp is None:
        return Cell(NO_VALUE, "dim")
    return Cell(f"{value_text('sbp_mmhg', sbp)}/{NO_VALUE if dbp is None else value_text('dbp_mmhg', dbp)}")


def _cell(found: VitalsRecorded, key: str) -> Cell:
    value = getattr(found.readings, key)
    return Cell(NO_VALUE, "dim") if value is None else Cell(value_text(key, value))
