"""How far a patient has come with a lesson. Source: ward domain sheet 10.4."""

from __future__ import annotations

from typing import Literal

LessonState = Literal["unread", "read", "understood", "repeat"]

UNDERSTOOD_PCT = 80
"""So many of a hundred questions answered rightly mean that it was understood. Source: ward domain sheet 10.4."""


def state_after(right: int, asked: int) -> LessonState:
    """After so many right answers to so many questions; without a question nothing is known but that it was read."""
    if asked <= 0:
        return "read"
    return "understood" if 100 * right >= UNDERSTOOD_PCT * asked else "repeat"
