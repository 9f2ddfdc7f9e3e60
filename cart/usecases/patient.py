"""Everything that a patient's page shows, read in one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cart.usecases.readings import Shown, show
from wardlink.clinical.names import same_or_similar_names
from wardlink.i18n import domain

if TYPE_CHECKING:
    from cart.ports import Ward
    from cart.usecases.history import History
    from cart.usecases.ward_list import WardList
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.vitals import VitalsRecorded

_ = domain("cart").gettext

LONGEST = timedelta(days=3)
MOST_SETS = 5000


@dataclass(frozen=True)
class Patient:
    """A stay and what is known of it. `sets`: oldest first, struck ones included. `others`: names alike."""

    stay: EncounterView
    others: tuple[str, ...]
    shown: Mapping[str, Shown]
    sets: tuple[VitalsRecorded, ...]
    history: History


def read(ward: Ward, ward_list: WardList, encounter: str, now: datetime) -> Patient | None:
    """Read a patient's page from this cart's disk; None if the stay is not known here any more."""
    board = ward.replica
    stay = board.encounter(encounter)
    if stay is None:
        return None
    stays = {other.id: other for other in board.encounters()} | {stay.id: stay}
    alike = same_or_similar_names({key: other.name for key, other in stays.items()}).get(encounter, ())
    history = ward_list.history(stay, now)
    score = history.score
    return Patient(
        stay=stay,
        others=tuple(_("bed {bed} {name}").format(bed=stays[key].bed, name=stays[key].name) for key in alike),
        shown=show(board.latest(encounter), board.leads_off(encounter), now, score.assessment if score else None),
        sets=tuple(board.vitals(encounter, since=now - LONGEST, limit=MOST_SETS)),
        history=history,
    )
