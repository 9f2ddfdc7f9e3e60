"""The newest readings of a patient, each with its age and whether it can still be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from wardlink.clinical.codes import CODES_OF
from wardlink.clinical.freshness import is_stale, manual_expected_every, monitor_expected_every
from wardlink.clinical.items import ITEMS

if TYPE_CHECKING:
    from wardlink.clinical.news2 import News2, NotApplicable, PartialNews2
    from wardlink.device import Latest

NO_VALUE = "—"


@dataclass(frozen=True)
class Shown:
    """One reading as it is shown: `text` without its unit, `off` when its lead is off now."""

    key: str
    text: str
    measured_at: datetime
    source: str
    pending: bool
    stale: bool
    off: bool

    def age(self, now: datetime) -> timedelta:
        """How old it is."""
        return now - self.measured_at


def value_text(key: str, value: float | int | bool | str) -> str:
    """A reading's value in words or digits, without its unit."""
    codes = CODES_OF.get(key)
    if codes is not None:
        code = codes.of(str(value))
        return code.text() if code is not None else str(value)
    if isinstance(value, bool | str):
        return str(value)
    return ITEMS[key].show(value)


def show(
    latest: Mapping[str, Latest],
    leads_off: Mapping[str, datetime],
    now: datetime,
    assessment: News2 | PartialNews2 | NotApplicable | None,
) -> dict[str, Shown]:
    """Every known reading of a stay. A lead that is off and never had a value is there too, without a text."""
    found: dict[str, Shown] = {}
    for key, newest in latest.items():
        if key not in ITEMS:
            continue
        manual = newest.source == "manual"
        expected = manual_expected_every(key, assessment) if manual else monitor_expected_every(None, key)
        found[key] = Shown(
            key=key,
            text=value_text(key, newest.value),
            measured_at=newest.measured_at,
            source=newest.source,
            pending=newest.pending,
            stale=is_stale(newest.measured_at, now, expected),
            off=newest.lead_off_at is not None,
        )
    for key, at in leads_off.items():
        if key not in found and key in ITEMS:
            found[key] = Shown(key, NO_VALUE, at, "monitor", pending=False, stale=False, off=True)
    return found
