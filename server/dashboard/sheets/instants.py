"""Instants in tables: short on the page, in full in an export."""

from __future__ import annotations

from datetime import datetime

from server.dashboard.sheet import Cell
from server.dashboard.words import time_text


def instant(at: datetime | None, now: datetime) -> Cell:
    """The ward's clock at that instant, or a dash."""
    return Cell(time_text(at, now), when=at)
