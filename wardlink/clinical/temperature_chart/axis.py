"""Where a value lies on the grid: both scales share it."""

from __future__ import annotations

from dataclasses import dataclass

from wardlink.clinical.temperature_chart.conventions import Conventions


@dataclass(frozen=True)
class Place:
    """A height on the grid. `beyond`: the value lies above or below, and this is the edge."""

    y: float
    beyond: str = ""


def temperature_y(temp_c: float, by: Conventions) -> Place:
    """Squares below the top line."""
    return _on_grid((by.top_c - temp_c) / by.row_c, by)


def pulse_y(per_min: float, by: Conventions) -> Place:
    """Squares below the top line: by the temperature that lies on the same line."""
    return _on_grid((by.top_c - temperature_level(per_min, by)) / by.row_c, by)


def temperature_level(per_min: float, by: Conventions) -> float:
    """The temperature that lies on the line of this pulse."""
    return by.red_line_c + (per_min - by.pulse_at_red_line) / by.pulse_per_c


def pulse_level(temp_c: float, by: Conventions) -> float:
    """The pulse that lies on the line of this temperature."""
    return by.pulse_at_red_line + by.pulse_per_c * (temp_c - by.red_line_c)


def rows_high(by: Conventions) -> float:
    """How many squares the grid is high."""
    return round((by.top_c - by.bottom_c) / by.row_c, 6)


def _on_grid(y: float, by: Conventions) -> Place:
    # A tenth of a degree is no whole number in binary; a millionth of a square is nowhere to be seen.
    y, high = round(y, 6), rows_high(by)
    if y < 0:
        return Place(0.0, "↑")
    return Place(high, "↓") if y > high else Place(y)
