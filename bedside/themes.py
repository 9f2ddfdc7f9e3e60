"""Two sets of colours: paper for the day, dark for the night. Text on any of them has a contrast of 4.5 or more.

`PAIRS` names them, so that a test can check what the style sheet uses.
"""

from __future__ import annotations

from datetime import datetime

from textual.theme import Theme

from wardlink.clock import ward_time

NIGHT_FROM_H, NIGHT_TO_H = 21, 6
"""From and to this hour of the ward the screen is dark by itself. Source: ward domain sheet 10.8."""

CODE_INK, CODE_GROUND = "#000000", "#ffffff"
"""A code for a scanner is black on white, by day and by night."""

DAY_COLOURS = {
    "paper": "#f3f5f7",
    "ink": "#10202c",
    "faint": "#4a5a66",
    "card": "#ffffff",
    "head": "#d7e3ec",
    "key": "#dbe6ee",
    "key-ink": "#10202c",
    "main": "#0b5c8f",
    "main-ink": "#ffffff",
    "grave": "#b3201c",
    "grave-ink": "#ffffff",
    "band": "#7a4a00",
    "band-ink": "#ffffff",
    "good": "#1d6b2f",
    "focus": "#10202c",
    "focus-ink": "#ffe27a",
    "line-1": "#00639c",
    "line-2": "#a64b00",
    "line-3": "#3f6b00",
    "line-4": "#9c1f73",
    "line-usual": "#3f6f6f",
    "line-stale": "#5f6a72",
    "line-off": "#7a4a00",
    "ecg-big": "#b84a4a",
    "ecg-small": "#c97c7c",
    "trouble": "#a01713",
}
NIGHT_COLOURS = {
    "paper": "#0c1013",
    "ink": "#c9d2d8",
    "faint": "#8f9ba3",
    "card": "#141a1f",
    "head": "#1a232a",
    "key": "#212c34",
    "key-ink": "#d3dbe0",
    "main": "#123f5c",
    "main-ink": "#dbe9f2",
    "grave": "#7d1a17",
    "grave-ink": "#ffe3e0",
    "band": "#4a3600",
    "band-ink": "#ffe7b0",
    "good": "#8fce9b",
    "focus": "#d9c27a",
    "focus-ink": "#14100a",
    "line-1": "#5fb7dc",
    "line-2": "#e0975a",
    "line-3": "#9fbf63",
    "line-4": "#d987bb",
    "line-usual": "#6f9c9c",
    "line-stale": "#8a8a8a",
    "line-off": "#e3c064",
    "ecg-big": "#a86464",
    "ecg-small": "#8c5c5c",
    "trouble": "#ff9a92",
}

PAIRS = (
    ("ink", "paper"),
    ("ink", "card"),
    ("ink", "head"),
    ("faint", "paper"),
    ("faint", "card"),
    ("key-ink", "key"),
    ("main-ink", "main"),
    ("grave-ink", "grave"),
    ("band-ink", "band"),
    ("trouble", "paper"),
    ("trouble", "card"),
    ("good", "paper"),
    ("good", "card"),
    ("focus-ink", "focus"),
    ("line-1", "card"),
    ("line-2", "card"),
    ("line-3", "card"),
    ("line-4", "card"),
    ("line-stale", "card"),
    ("line-off", "card"),
)
"""Every text colour and what it stands on."""


def _theme(name: str, colours: dict[str, str], *, dark: bool) -> Theme:
    return Theme(
        name=name,
        primary=colours["main"],
        foreground=colours["ink"],
        background=colours["paper"],
        surface=colours["card"],
        dark=dark,
        variables=dict(colours),
    )


DAY = _theme("bed-day", DAY_COLOURS, dark=False)
NIGHT = _theme("bed-night", NIGHT_COLOURS, dark=True)


def is_night(now: datetime) -> bool:
    """Whether people in the ward sleep at this hour."""
    hour = ward_time(now).hour
    return hour >= NIGHT_FROM_H or hour < NIGHT_TO_H
