"""Which of the usages a hospital follows: read once from the table, handed to every rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from wardlink.clinical.tables import load
from wardlink.clinical.temperature_chart.page import Colour, Symbol


@dataclass(frozen=True)
class Conventions:
    """Every switch of the chart; `conventions` gives the textbook's. Field by field explained in the table."""

    column_hours: tuple[int, ...]
    slot_half_width_h: int
    takes_monitor: bool
    top_c: float
    bottom_c: float
    row_c: float
    red_line_c: float
    pulse_at_red_line: float
    pulse_per_c: float
    post_op_days: int
    second_operation: Literal["fraction", "roman"]
    writes_day_of_surgery: bool
    symbols: Mapping[str, Symbol]
    joins_equal: bool
    deficit_least_per_min: float
    after_cooling_from_min: int
    after_cooling_until_min: int
    breaks_line: frozenset[str]
    below_c: float
    notes_listed: tuple[str, ...]
    notes_without_time: frozenset[str]
    note_joiner: str
    note_colour: Colour
    first_half: Literal["upper", "lower"]
    ventilated: str
    ventilated_modes: frozenset[str]
    pressures_a_day: int
    leg_mark: str
    day_begins_h: int
    early_h: int
    stool_belongs_to: Literal["asked", "before"]
    risk_scales: tuple[str, ...]


@cache
def conventions() -> Conventions:
    """The conventions in use."""
    table = load("temperature_chart")
    axis, cooling, notes, breath = table["axis"], table["after_cooling"], table["notes"], table["respiration"]
    return Conventions(
        column_hours=tuple(table["column_hours"]["value"]),
        slot_half_width_h=table["slot_half_width_h"]["value"],
        takes_monitor=table["takes_monitor"]["value"],
        top_c=axis["top_c"],
        bottom_c=axis["bottom_c"],
        row_c=axis["row_c"],
        red_line_c=axis["red_line_c"],
        pulse_at_red_line=axis["pulse_at_red_line"],
        pulse_per_c=axis["pulse_per_c"],
        post_op_days=table["post_op_days"]["value"],
        second_operation=table["second_operation"]["value"],
        writes_day_of_surgery=table["writes_day_of_surgery"]["value"],
        symbols={method: row["symbol"] for method, row in table["symbols"].items()},
        joins_equal=table["joins_equal"]["value"],
        deficit_least_per_min=table["deficit_least_per_min"]["value"],
        after_cooling_from_min=cooling["from_min"],
        after_cooling_until_min=cooling["until_min"],
        breaks_line=frozenset(table["breaks_line"]["value"]),
        below_c=table["below"]["limit_c"],
        notes_listed=tuple(notes["listed"]),
        notes_without_time=frozenset(notes["without_time"]),
        note_joiner=notes["joiner"],
        note_colour=notes["colour"],
        first_half=breath["first_half"],
        ventilated=breath["ventilated"],
        ventilated_modes=frozenset(breath["ventilated_modes"]),
        pressures_a_day=table["blood_pressure"]["a_day"],
        leg_mark=table["blood_pressure"]["leg_mark"],
        day_begins_h=table["totals"]["day_begins_h"],
        early_h=table["totals"]["early_h"],
        stool_belongs_to=table["totals"]["stool_belongs_to"],
        risk_scales=tuple(table["risks"]["scales"]),
    )
