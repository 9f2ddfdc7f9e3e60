"""Curves of a stay as the chart in the browser takes them: plain values, in the ward's time. Pure.

A line breaks where a lead was off, where a monitor was silent, and where somebody wrote why nothing was measured.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.dashboard.tile import millis
from wardlink.clinical.items import ITEMS
from wardlink.clinical.reference import reference_range
from wardlink.clock import WARD_ZONE
from wardlink.i18n import N_, domain
from wardlink.messages.vitals import VitalsRecorded
from wardlink.terminal.trend import MANUAL_JOINS, readings_of

_ = domain("server").gettext


@dataclass(frozen=True)
class Plot:
    """One chart: readings of one unit, whose lines differ in their dashes as well as in their colour."""

    label: str
    keys: tuple[str, ...]
    low: float
    high: float
    step: float


PLOTS: tuple[Plot, ...] = (
    Plot(N_("Temperature"), ("temp_c",), 35, 40, 1),
    Plot(N_("Pulse and heart rate"), ("pulse_per_min", "hr_per_min"), 40, 140, 20),
    Plot(N_("Respiration"), ("rr_per_min",), 5, 35, 5),
    Plot(N_("Blood pressure"), ("sbp_mmhg", "dbp_mmhg", "abp_sbp_mmhg", "abp_dbp_mmhg"), 40, 180, 20),
    Plot(N_("Oxygen saturation"), ("spo2_pct",), 80, 100, 5),
)
"""What is drawn, and the scale that is shown at least; a value outside widens it."""

_SCORE = Plot("NEWS2", (), 0, 12, 2)
_MOST_LINES = 8

_COLOURS = ("#0b4f62", "#a84a0a", "#0b4f62", "#a84a0a")
_DASHES = ("solid", "solid", "dashed", "dashed")

Point = list[Any] | dict[str, Any]


def wall_millis(at: datetime) -> int:
    """An instant as if the ward's wall clock were UTC: charts know no other zone."""
    offset = at.astimezone(WARD_ZONE).utcoffset()
    assert offset is not None
    return millis(at) + round(offset.total_seconds() * 1000)


def points(sets: Sequence[VitalsRecorded], key: str) -> list[Point]:
    """The points of one reading; a break is a point without a value. What a nurse measured has a mark."""
    manual = {found.measured_at for found in sets if found.source == "manual"}
    drawn: list[Point] = []
    last: datetime | None = None
    for reading in readings_of(sets, key):
        at = wall_millis(reading.at)
        if last is not None and reading.at - last > MANUAL_JOINS:
            drawn.append([at - 1, None])
        if reading.value is None:
            drawn.append([at, None])
        elif reading.at in manual:
            drawn.append({"value": [at, reading.value], "symbol": "circle", "symbolSize": 7})
        else:
            drawn.append([at, reading.value])
        last = reading.at
    return [_visible(drawn, index) for index in range(len(drawn))]


def _visible(drawn: list[Point], index: int) -> Point:
    # A value between two gaps has no line to either side, and must be seen all the same.
    point = drawn[index]
    alone = all(not 0 <= i < len(drawn) or _value(drawn[i]) is None for i in (index - 1, index + 1))
    if isinstance(point, dict) or not alone or point[1] is None:
        return point
    return {"value": point, "symbol": "circle", "symbolSize": 4}


def score_points(sets: Sequence[VitalsRecorded]) -> list[Point]:
    """The whole scores."""
    return [
        {"value": [wall_millis(found.measured_at), found.news2.total], "symbol": "circle", "symbolSize": 8}
        for found in sets
        if found.struck_at is None and found.news2 is not None and found.news2.total is not None
    ]


def chart(plot: Plot, sets: Sequence[VitalsRecorded], start_at: datetime, end_at: datetime) -> dict[str, Any]:
    """The options of one chart."""
    series = []
    for index, key in enumerate(plot.keys):
        drawn = points(sets, key)
        if not any(_value(point) is not None for point in drawn):
            continue
        series.append(_line(ITEMS[key].text(), drawn, _COLOURS[index], _DASHES[index]))
    if series:
        usual = reference_range(plot.keys[0], temp_method="axillary")
        if usual is not None:
            series[0]["markArea"] = {
                "silent": True,
                "itemStyle": {"color": "#14593a14"},
                "data": [[{"yAxis": usual.low}, {"yAxis": usual.high}]],
            }
    return _options(series, ITEMS[plot.keys[0]].unit, plot, start_at, end_at)


def score_chart(sets: Sequence[VitalsRecorded], start_at: datetime, end_at: datetime) -> dict[str, Any]:
    """The options of the chart of NEWS2, with its two thresholds."""
    drawn = score_points(sets)
    series = [_line("NEWS2", drawn, "#15242e", "solid") | {"step": "end"}] if drawn else []
    if series:
        series[0]["markLine"] = {
            "silent": True,
            "symbol": "none",
            "lineStyle": {"type": "dotted", "color": "#a61b1b"},
            "label": {"position": "insideStartTop", "color": "#a61b1b", "formatter": "{c}"},
            "data": [{"yAxis": 5}, {"yAxis": 7}],
        }
    return _options(series, "", _SCORE, start_at, end_at)


def _value(point: Point) -> Any:
    return point["value"][1] if isinstance(point, dict) else point[1]


def _line(name: str, drawn: list[Point], colour: str, dash: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": "line",
        "data": drawn,
        "symbol": "none",
        "showAllSymbol": True,
        "connectNulls": False,
        "lineStyle": {"width": 2, "color": colour, "type": dash},
        "itemStyle": {"color": colour},
        "animation": False,
    }


def _options(
    series: list[dict[str, Any]], unit: str, plot: Plot, start_at: datetime, end_at: datetime
) -> dict[str, Any]:
    values = [value for line in series for point in line["data"] if (value := _value(point)) is not None]
    low = math.floor(min([plot.low, *values]) / plot.step) * plot.step
    high = math.ceil(max([plot.high, *values]) / plot.step) * plot.step
    return {
        "useUTC": True,
        "animation": False,
        "grid": {"left": 48, "right": 16, "top": 30, "bottom": 26},
        "legend": {"top": 0, "right": 8, "itemHeight": 8, "textStyle": {"color": "#4a5b66"}, "show": len(series) > 1},
        "tooltip": {"trigger": "axis"},
        "xAxis": {
            "type": "time",
            "min": wall_millis(start_at),
            "max": wall_millis(end_at),
            "axisLabel": {"color": "#4a5b66", "hideOverlap": True},
        },
        "yAxis": {
            "type": "value",
            "name": unit,
            "nameTextStyle": {"color": "#4a5b66"},
            "min": low,
            "max": high,
            "interval": plot.step * max(1, math.ceil((high - low) / plot.step / _MOST_LINES)),
            "axisLabel": {"color": "#4a5b66"},
            "splitLine": {"lineStyle": {"color": "#e4eaed"}},
        },
        "series": series,
        "aria": {"enabled": True},
    }
