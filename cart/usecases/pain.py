"""When the page of a medication round asks about pain again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from wardlink.clinical.pain import asked_again

if TYPE_CHECKING:
    from wardlink.device import Latest
    from wardlink.messages.doses import DoseView
    from wardlink.messages.observations import ObservationView
    from wardlink.messages.orders import OrderView


def pain_due_at(
    doses: Iterable[DoseView],
    orders: Mapping[str, OrderView],
    latest: Mapping[str, Latest],
    observations: Iterable[ObservationView],
) -> datetime | None:
    """By when pain is asked about again after the newest analgesic; None once it was, or if nothing is to be asked."""
    given = [
        (event.at, order.route if (order := orders.get(dose.order)) is not None else None)
        for dose in doses
        if any(item.analgesic for item in dose.items)
        for event in dose.givings()
    ]
    if not given:
        return None
    at, route = max(given, key=lambda one: one[0])
    asked = [latest["pain_nrs"].measured_at] if "pain_nrs" in latest else []
    asked += [o.measured_at for o in observations if o.what == "pain" and o.struck_at is None]
    again = asked_again(at, route)
    return None if again is None or max(asked, default=at) > at else again.by_at
