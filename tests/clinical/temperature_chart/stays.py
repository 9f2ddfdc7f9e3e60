"""A stay to draw: admitted on Monday the 23rd of November 2026 at 10:20 of the ward's clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from wardlink.clinical.temperature_chart.conventions import conventions
from wardlink.clinical.temperature_chart.facts import Event, EventKind, Facts, Measurement
from wardlink.clinical.temperature_chart.layout import lay_out
from wardlink.clinical.temperature_chart.page import Page
from wardlink.clock import WARD_ZONE
from wardlink.i18n import speaking

BY = conventions()
ADMITTED_AT = datetime(2026, 11, 23, 10, 20, tzinfo=WARD_ZONE)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant of a day in hospital; the day of admission is 1."""
    midnight = ADMITTED_AT.replace(hour=0, minute=0)
    return midnight + timedelta(days=day - 1, hours=hour, minutes=minute)


def measured(day: int, hour: int, minute: int = 0, **readings: Any) -> Measurement:
    """A set; with a temperature it is axillary unless said otherwise."""
    if "temp_c" in readings:
        readings = {"temp_method": "axillary"} | readings
    return Measurement(at(day, hour, minute), **readings)


def happened(kind: EventKind, day: int, hour: int, minute: int = 0) -> Event:
    """An event."""
    return Event(at(day, hour, minute), kind)


def facts(*things: Measurement | Event, **more: Any) -> Facts:
    """The stay, on its seventh day unless said otherwise."""
    return Facts(
        **(
            {
                "admitted_at": ADMITTED_AT,
                "as_of": at(7, 20),
                "measurements": tuple(thing for thing in things if isinstance(thing, Measurement)),
                "events": tuple(thing for thing in things if isinstance(thing, Event)),
            }
            | more
        )
    )


def page(*things: Measurement | Event, week: int = 1, by: Any = BY, **more: Any) -> Page:
    """A page of it, in Chinese."""
    with speaking("zh_CN"):
        return lay_out(facts(*things, **more), week, by)


def row(drawn: Page, key: str) -> list[tuple[float, str]]:
    """Where each text of a row stands."""
    rows = (*drawn.head, *drawn.bottom)
    return [(cell.x, cell.text) for found in rows if found.key == key for cell in found.cells]
