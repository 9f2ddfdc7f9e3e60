"""A KPI over time as a picture drawn by the server; the table below it says the same in text. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

Value = tuple[str, float | None]
"""A day or month, and its value; None leaves a gap."""

_WIDTH, _HEIGHT = 720, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 14, 28
_LINES = 4


def svg(values: Sequence[Value], label: str, unit: str) -> str:
    """The picture; empty where there is no value at all."""
    known = [value for _name, value in values if value is not None]
    if not known:
        return ""
    low, high = min(0.0, *known), max(0.0, *known)
    span = (high - low) or 1.0

    def x(index: int) -> float:
        room = _WIDTH - _LEFT - _RIGHT
        return _LEFT + (room / 2 if len(values) == 1 else room * index / (len(values) - 1))

    def y(value: float) -> float:
        return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - (value - low) / span)

    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(label, quote=True)}"'
        ' style="width:100%;max-width:960px;height:auto" font-size="12" fill="#4a5b66">'
    ]
    for n in range(_LINES + 1):
        at = low + span * n / _LINES
        parts.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y(at):.1f}" y2="{y(at):.1f}" stroke="#d5dee3"/>'
            f'<text x="{_LEFT - 6}" y="{y(at) + 4:.1f}" text-anchor="end">{at:.1f}{escape(unit)}</text>'
        )
    for run in _runs(values):
        points = " ".join(f"{x(index):.1f},{y(value):.1f}" for index, value in run)
        parts.append(f'<polyline points="{points}" fill="none" stroke="#0b4f62" stroke-width="2"/>')
        parts += [f'<circle cx="{x(index):.1f}" cy="{y(value):.1f}" r="2.5" fill="#0b4f62"/>' for index, value in run]
    for index, anchor in {len(values) - 1: "end", 0: "start"}.items():
        place = f'x="{x(index):.1f}" y="{_HEIGHT - 8}" text-anchor="{anchor}"'
        parts.append(f"<text {place}>{escape(values[index][0])}</text>")
    return "".join([*parts, "</svg>"])


def _runs(values: Sequence[Value]) -> Iterator[list[tuple[int, float]]]:
    run: list[tuple[int, float]] = []
    for index, (_name, value) in enumerate(values):
        if value is not None:
            run.append((index, value))
        elif run:
            yield run
            run = []
    if run:
        yield run
