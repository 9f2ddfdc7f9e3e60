"""A strip as SVG on ECG paper, drawn by the server: a line for each lead and ten seconds. Pure.

A line is as wide as its paper in millimetres, so that a browser prints it in its true size. Of the samples only what a
column of the picture can show goes into it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from wardlink.clinical.ecg.paper import BIG_MM, Paper
from wardlink.clinical.ecg.strip import MISSING, Gap, Samples, Strip
from wardlink.clinical.ecg.tracing import Run, traced
from wardlink.i18n import domain

_ = domain("server").gettext

LINE_S = 10
"""Seconds of a line; what is longer goes on in the next one."""

UNITS = 16
"""Steps of a millimetre in which the curve is written down: 6 microvolts at the usual gain."""

_COLUMN = 4
"""Such steps of a column, of which a screen shows one as a pixel."""

_NAME_MM, _GUTTER_MM = 8, 17
"""Left of the curve: the name of the lead, then the calibration mark."""

_PULSE_MM = BIG_MM
_UP_MM, _DOWN_MM, _MOST_MM = 10, 5, 40
"""A line's least height above and below its zero, and what it may have at most: 4 mV at the usual gain."""

_GRID = (
    '<svg class="unseen" width="0" height="0" aria-hidden="true" focusable="false"><defs>'
    f'<pattern id="ecg-small" width="{UNITS}" height="{UNITS}" patternUnits="userSpaceOnUse">'
    f'<path d="M{UNITS} 0H0V{UNITS}" fill="none" stroke="#f6c9c4" stroke-width="1"/></pattern>'
    f'<pattern id="ecg-big" width="{UNITS * BIG_MM}" height="{UNITS * BIG_MM}" patternUnits="userSpaceOnUse">'
    f'<rect width="{UNITS * BIG_MM}" height="{UNITS * BIG_MM}" fill="url(#ecg-small)"/>'
    f'<path d="M{UNITS * BIG_MM} 0H0V{UNITS * BIG_MM}" fill="none" stroke="#e58f86" stroke-width="2"/></pattern>'
    "</defs></svg>"
)


@dataclass(frozen=True)
class _Lead:
    """What is the same in all lines of a lead: how high its paper is, and where it has no value."""

    name: str
    samples: Samples
    up_mm: float
    down_mm: float
    gaps: tuple[Gap, ...]


def picture(strip: Strip, paper: Paper) -> str:
    """All lines of a strip, lead by lead within the same ten seconds."""
    return _GRID + "".join(_lines(strip, paper))


def cut_leads(strip: Strip, paper: Paper) -> list[str]:
    """Leads that go beyond the paper of a line and are cut off there."""
    return [lead for lead, samples in strip.leads.items() if max(_reach_mm(strip, samples, paper)) > _MOST_MM]


def _lines(strip: Strip, paper: Paper) -> Iterator[str]:
    leads = [_lead(strip, name, samples, paper) for name, samples in strip.leads.items()]
    step = round(LINE_S * strip.rate_hz)
    for first in range(0, strip.length, step):
        if strip.length > step:
            yield f'<div class="ecg-seconds">{escape(_seconds(strip, first, min(first + step, strip.length)))}</div>'
        for lead in leads:
            yield _line(strip, lead, first, min(first + step, strip.length), paper)


def _lead(strip: Strip, name: str, samples: Samples, paper: Paper) -> _Lead:
    up, down = (
        min(_MOST_MM, max(least, -(-reach // BIG_MM) * BIG_MM))
        for least, reach in zip((_UP_MM, _DOWN_MM), _reach_mm(strip, samples, paper), strict=True)
    )
    return _Lead(name, samples, up, down, strip.gaps(name) if MISSING in samples else ())


def _reach_mm(strip: Strip, samples: Samples, paper: Paper) -> tuple[float, float]:
    """How far the pen goes above and below zero."""
    known = [value for value in samples if value != MISSING] or [0]
    return paper.height_mm(max(known) * strip.uv_per_unit), paper.height_mm(-min(known) * strip.uv_per_unit)


def _line(strip: Strip, lead: _Lead, first: int, end: int, paper: Paper) -> str:
    width_mm = _GUTTER_MM + -(-paper.mm(min(LINE_S, strip.seconds)) // BIG_MM) * BIG_MM
    zero, left, height = round(lead.up_mm * UNITS), _GUTTER_MM * UNITS, round((lead.up_mm + lead.down_mm) * UNITS)
    columns_per_s = paper.mm_per_s * UNITS / _COLUMN
    runs = traced(lead.samples[first:end], rate_hz=strip.rate_hz, columns_per_s=columns_per_s)
    gain = paper.height_mm(strip.uv_per_unit) * UNITS
    curve = "".join(_path(run, left, zero, gain) for run in runs)
    said = _("Lead {lead}, {seconds}").format(lead=lead.name, seconds=_seconds(strip, first, end))
    up = round(paper.height_mm(1000) * UNITS)
    pulse = f"M{_NAME_MM * UNITS} {zero}h{UNITS}v-{up}h{_PULSE_MM * UNITS}v{up}h{UNITS}"
    off = "" if runs else f'<text x="{left + 2 * UNITS}" y="{zero - UNITS}">{escape(_("lead off"))}</text>'
    return (
        f'<div class="ecg-line"><span class="ecg-lead" aria-hidden="true">{escape(lead.name)}</span>'
        f'<svg role="img" aria-label="{escape(said, quote=True)}" width="{width_mm:g}mm"'
        f' height="{lead.up_mm + lead.down_mm:g}mm" viewBox="0 0 {width_mm * UNITS:g} {height}">'
        f'<rect width="100%" height="100%" fill="url(#ecg-big)"/>{_gaps(strip, lead, first, end, paper, height)}'
        f'<path d="{pulse}" class="ecg-pulse"/>{off}<path d="{curve}" class="ecg-curve"/></svg></div>'
    )


def _seconds(strip: Strip, first: int, end: int) -> str:
    return _("seconds {first} to {end}").format(first=f"{first / strip.rate_hz:g}", end=f"{end / strip.rate_hz:g}")


def _gaps(strip: Strip, lead: _Lead, first: int, end: int, paper: Paper, height: int) -> str:
    """Where the lead was off, as a grey field: a line that is missing must not look like one that is flat."""
    drawn = []
    for gap in lead.gaps:
        begin, until = max(gap.first, first), min(gap.end, end)
        if begin < until:
            x, wide = (paper.mm(n / strip.rate_hz) * UNITS for n in (begin - first, until - begin))
            at = f'x="{_GUTTER_MM * UNITS + x:.0f}" width="{max(wide, 2):.0f}"'
            drawn.append(f'<rect {at} height="{height}" class="ecg-gap"/>')
    return "".join(drawn)


def _path(run: Run, left: int, zero: int, gain: float) -> str:
    """A run of points as the shortest path: what stays level is one step, what stays in its column goes up or down."""
    points = [(left + column * _COLUMN, zero - round(value * gain)) for column, value in run]
    x, y = points[0]
    parts, level = [f"M{x} {y}"], 0
    for to_x, to_y in points[1:]:
        if to_y == y:
            level += to_x - x
        else:
            if level:
                parts.append(f"h{level}")
                level = 0
            right, fall = to_x - x, to_y - y
            parts.append(f"l{right}{'' if fall < 0 else ' '}{fall}" if right else f"v{fall}")
        x, y = to_x, to_y
    # A single point is drawn too.
    if level or len(parts) == 1:
        parts.append(f"h{max(level, 1)}")
    return "".join(parts)
