"""When pain is asked about again after an analgesic, by the way it was given.

Source: ward domain sheet 1.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from wardlink.clinical.tables import load


@dataclass(frozen=True)
class Again:
    """Ask from `from_at` on and by `by_at`."""

    from_at: datetime
    by_at: datetime


def asked_again(given_at: datetime, route: str | None) -> Again | None:
    """When to ask after an analgesic given by this route; None for a route of which no interval is known.

    Where the route itself is not known (the order is not here) it is the latest of all: the question is not lost.
    """
    rows = load("dose_checks")["pain"].values()
    if route is None:
        longest = timedelta(minutes=max(row["by_min"] for row in rows))
        return Again(given_at + longest, given_at + longest)
    row = next((row for row in rows if route in row["routes"]), None)
    if row is None:
        return None
    return Again(given_at + timedelta(minutes=row["from_min"]), given_at + timedelta(minutes=row["by_min"]))
