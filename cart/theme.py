"""The colours of the cart: for a corridor at night."""

from __future__ import annotations

from textual.theme import Theme

NIGHT = Theme(
    name="ward-night",
    primary="#7fd4ff",
    secondary="#9fb4c4",
    accent="#ffd75f",
    foreground="#f0f3f6",
    background="#101418",
    surface="#18222c",
    panel="#1b2733",
    success="#87e087",
    warning="#ffd75f",
    error="#ff8a80",
    dark=True,
)
