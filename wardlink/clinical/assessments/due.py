"""When an assessment is due: first after admission, then by its level, and again after what may change it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from wardlink.clinical.assessments.scales import Scale


class Last(NamedTuple):
    """The newest assessment by a scale that stands: when it was made, and when its level asks for the next."""

    at: datetime
    next_at: datetime | None


def next_due(
    scale: Scale, last: Last | None, *, admitted_at: datetime, urgent: bool = False, events: Iterable[datetime] = ()
) -> datetime | None:
    """When the scale is made next for a stay; it is overdue from that instant on. None where nothing asks for it.

    `urgent`: admitted as an emergency. `events`: instants after which it is made anew, such as a transfer to another
    ward or the end of an operation; it is then due as soon after them as after admission.

    Source: ward domain sheet 5, common rules.
    """
    first = scale.urgent_first_due if urgent and scale.urgent_first_due is not None else scale.first_due
    asks = [] if last is None or last.next_at is None else [last.next_at]
    if first is not None:
        asks += [at + first for at in (admitted_at, *events) if last is None or at > last.at]
    return min(asks, default=None)
