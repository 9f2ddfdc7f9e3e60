"""The doses of a patient as lines of a grid."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from cart.usecases.dose_words import drugs_text, due_line, marks_text, route_text, state_line
from cart.widgets.grid import Cell, Column, Line
from wardlink.i18n import domain

if TYPE_CHECKING:
    from cart.usecases.medication import Due

_ = domain("cart").gettext


def columns(is_wide: bool) -> tuple[Column, ...]:
    """When, what, how, what to heed, and how it stands."""
    return (
        Column(_("Due"), 11),
        Column(_("Drug"), 24, grow=True),
        Column(_("Way"), 14 if is_wide else 8),
        Column(_("Heed"), 22 if is_wide else 10),
        Column(_("State"), 18 if is_wide else 14),
    )


def line(due: Due, now: datetime, *, is_wide: bool) -> Line:
    """One dose."""
    state, tone = state_line(due, now)
    over = due.state in ("done", "cancelled")
    return Line(
        due.key,
        (
            Cell(due_line(due, now), "dim" if over else "strong"),
            Cell(drugs_text(due.items), "dim" if over else "strong"),
            Cell(route_text(due), "dim" if over else "plain"),
            Cell(marks_text(due), "warn"),
            Cell(state, tone),
        ),
    )
