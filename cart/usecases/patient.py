"""Everything that a patient's page shows, read in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cart.usecases.assess import marks
from cart.usecases.ecg_words import ecg_marks
from cart.usecases.readings import Shown, show
from wardlink.clinical.isolation import precautions
from wardlink.clinical.names import same_or_similar_names
from wardlink.i18n import domain
from wardlink.record.assessments import ASSESSMENT
from wardlink.record.ecg import ECG
from wardlink.record.skin_tests import SKIN_TEST, allergies_with

if TYPE_CHECKING:
    from cart.ports import Board, Ward
    from cart.usecases.ward_list import WardList
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.vitals import VitalsRecorded
    from wardlink.record.due.due import Due
    from wardlink.record.due.measured import Measured
    from wardlink.record.risks import Risk

_ = domain("cart").gettext

LONGEST = timedelta(days=3)
MOST_SETS = 5000


@dataclass(frozen=True)
class Patient:
    """A stay and what is known of it. `sets`: oldest first, struck ones included. `others`: names alike.

    `marks`: what the patient is at risk of by the assessments that stand, in the shortest words. `urgent`: what a
    nurse must read now, and how the patient is isolated. `risks`: all of them, with what stands behind each.
    """

    stay: EncounterView
    others: tuple[str, ...]
    shown: Mapping[str, Shown]
    sets: tuple[VitalsRecorded, ...]
    measured: Measured
    due: tuple[Due, ...] = ()
    marks: tuple[str, ...] = ()
    urgent: tuple[str, ...] = ()
    risks: tuple[Risk, ...] = ()


def names_alike(board: Board, stay: EncounterView) -> tuple[str, ...]:
    """Beds and names of those in the ward whose name could be taken for this one."""
    stays = {other.id: other for other in board.encounters()} | {stay.id: stay}
    alike = same_or_similar_names({key: other.name for key, other in stays.items()}).get(stay.id, ())
    return tuple(_("bed {bed} {name}").format(bed=stays[key].bed, name=stays[key].name) for key in alike)


def known_stay(board: Board, encounter: str) -> EncounterView | None:
    """A stay, with the allergies that its skin tests have shown although the server has not heard of them yet."""
    stay = board.encounter(encounter)
    if stay is None:
        return None
    tests = board.records(SKIN_TEST, encounter=encounter)
    return stay.model_copy(update={"allergies": allergies_with(stay.allergies, tests)})


def read(ward: Ward, ward_list: WardList, encounter: str, now: datetime) -> Patient | None:
    """Read a patient's page from this cart's disk; None if the stay is not known here any more."""
    board = ward.replica
    stay = known_stay(board, encounter)
    if stay is None:
        return None
    measured = ward_list.measured(stay, now)
    score = measured.score
    risks = ward_list.risks(stay, now)
    return Patient(
        stay=stay,
        others=names_alike(board, stay),
        shown=show(board.latest(encounter), board.leads_off(encounter), now, score.assessment if score else None),
        sets=tuple(board.vitals(encounter, since=now - LONGEST, limit=MOST_SETS)),
        measured=measured,
        due=ward_list.due(stay, now),
        marks=marks(board.records(ASSESSMENT, encounter=encounter)),
        urgent=(*_isolated(risks), *ecg_marks(board.records(ECG, encounter=encounter))),
        risks=risks,
    )


def _isolated(risks: Iterable[Risk]) -> tuple[str, ...]:
    return tuple(risk.mark_text() for risk in risks if risk.code in precautions())
