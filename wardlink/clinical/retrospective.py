"""Was it written down afterwards? Then every list says so (补录)."""

from __future__ import annotations

from datetime import datetime, timedelta

from wardlink.clinical.tables import load


def is_retrospective(measured_at: datetime, entered_at: datetime) -> bool:
    """Whether so much time lies between the deed and its entry that a reader has to know it."""
    return entered_at - measured_at > timedelta(minutes=load("set_window")["retrospective"]["after_min"])
