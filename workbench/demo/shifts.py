"""Who has taken the bed that opens in the browser, in this shift and the next, and the nurses' roster. Invented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from wardlink.clinical.shifts import shift_at
from wardlink.clock import ward_date
from wardlink.messages.assignments import TakeBed
from wardlink.messages.base import Actor

if TYPE_CHECKING:
    from server.core import Core

_BED = "12"
_NURSES = ("n-lijing", "n-wangmin")
_ROSTERED = (*_NURSES, "n-zhaoyan", "n-sample")
_TURN = ("day", "evening", "night", "off")
_DAYS = range(-7, 8)


def take(core: Core, ward: str, stays: Mapping[str, str]) -> int:
    """Let a nurse take the bed where nobody has spoken of it in that shift yet; how many did. `stays` by bed."""
    from server.record.service import record_called
    from wardlink.record.assignments import ASSIGNMENT, assignment_id

    if _BED not in stays:
        return 0
    running, taken = shift_at(core.clock.now()), 0
    for nurse, begins_at in zip(_NURSES, (running.begins_at, running.ends_at), strict=True):
        with core.db.read() as conn:
            known = record_called(conn, ASSIGNMENT, assignment_id(ward, _BED, begins_at))
        if known is None:
            body = TakeBed(shift_at=begins_at, bed=_BED)
            core.execute("assignment.take", body, ward=ward, actor=Actor(kind="staff", id=nurse), bed=_BED)
            taken += 1
    return taken


def roster(core: Core, ward: str) -> int:
    """Enter a week back and a week ahead for the nurses of a ward whose roster is empty; how many cells."""
    from server.identity.staff import Person
    from server.roster.acts import Change, enter
    from server.roster.service import entries

    today = ward_date(core.clock.now())
    days = [today + timedelta(days=n) for n in _DAYS]
    with core.db.read() as conn:
        if entries(conn, days, ward=ward):
            return 0
    head = Person("h-chenhong", "陈红", "head-nurse", (ward,))
    changes = [
        Change(nurse, on, None, _TURN[(on.toordinal() + place) % len(_TURN)])
        for on in days
        for place, nurse in enumerate(_ROSTERED)
    ]
    return enter(core, head, ward, changes)
