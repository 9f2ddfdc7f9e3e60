"""Where a stay has been, as stretches of time without holes. Pure: what a move at some instant makes of them.

A move may become known late, after others that happened later: it then changes the past and not the present.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from server.census import Place
from wardlink.errors import Collision, InvalidInput
from wardlink.i18n import N_

Places = tuple[Place, ...]


def moved(places: Sequence[Place], ward: str, bed: str, at: datetime) -> Places:
    """The places of a stay that moved to `bed` of `ward` at `at` and lay there until its next known move.

    Raises:
        InvalidInput: the stay had not begun at that instant.
        Collision: it was over, or the patient lay in that bed already.
    """
    if at < places[0].from_at:
        raise InvalidInput(N_("This happened before the admission; please check the time."))
    held = next((place for place in places if place.holds(at)), None)
    if held is None:
        raise Collision(N_("The stay was over at that time."))
    if (held.ward, held.bed) == (ward, bed):
        raise Collision(N_("The patient lay in this bed already."))
    index = places.index(held)
    new = Place(ward, bed, at, held.until_at)
    before = () if held.from_at == at else (replace(held, until_at=at),)
    return (*places[:index], *before, new, *places[index + 1 :])


def ended(places: Sequence[Place], at: datetime) -> Places:
    """The places of a stay that ended at `at`.

    Raises:
        InvalidInput: that is before the patient came to the bed that was the last.
    """
    if at < places[-1].from_at:
        raise InvalidInput(N_("This happened before the patient came to the last bed; please check the time."))
    return (*places[:-1], replace(places[-1], until_at=at))
