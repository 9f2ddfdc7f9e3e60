"""Invented assessments of the invented stays: most low, some high, one overdue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from cart.sample_stays import NURSE, SECOND_NURSE
from wardlink.clinical.assessments.scales import scales
from wardlink.clinical.assessments.weighing import weigh
from wardlink.clinical.names import age_years
from wardlink.clock import ward_date
from wardlink.messages.assessments import AssessmentView
from wardlink.messages.base import Actor
from wardlink.messages.encounters import EncounterView

_MORSE = ("history", "diagnoses", "aid", "iv", "gait", "mind")
_BRADEN = ("sensory", "moisture", "activity", "mobility", "nutrition", "friction")
_BARTHEL = (
    "feeding", "bathing", "grooming", "dressing", "bowels", "bladder", "toilet", "transfer", "walking", "stairs"
)  # fmt: skip
_PASSED = {"low-bmi": "no", "lost-weight": "no", "eats-less": "no", "severely-ill": "no"}
_USUAL: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("morse", dict(zip(_MORSE, ("0", "0", "0", "20", "0", "0"), strict=True))),
    ("braden", dict(zip(_BRADEN, ("4", "4", "3", "4", "3", "3"), strict=True))),
    ("barthel", dict(zip(_BARTHEL, ("10", "5", "5", "10", "10", "10", "10", "15", "10", "5"), strict=True))),
    ("padua", {}),
    ("nrs2002", _PASSED),
    ("psych", {"self-harm": "no", "dt": "2"}),
)
_MADE: tuple[tuple[str, str, float, Mapping[str, str]], ...] = (
    ("6", "braden", 24 + 5 / 60, dict(zip(_BRADEN, ("3", "2", "2", "2", "2", "1"), strict=True))),
    ("11", "braden", 20, dict(zip(_BRADEN, ("2", "2", "1", "2", "2", "1"), strict=True))),
    ("12", "morse", 26, dict(zip(_MORSE, ("0", "15", "0", "20", "0", "0"), strict=True))),
    ("12", "morse", 3, dict(zip(_MORSE, ("25", "15", "15", "20", "10", "0"), strict=True))),
    ("12", "braden", 26, dict(zip(_BRADEN, ("3", "3", "2", "3", "3", "2"), strict=True))),
    ("12", "barthel", 26, dict(zip(_BARTHEL, ("10", "0", "5", "5", "10", "0", "5", "10", "10", "0"), strict=True))),
    ("12", "padua", 20, {"infection": "yes", "mobility": "yes"}),
)


def sample_assessments(stays: Sequence[EncounterView], now: datetime) -> list[AssessmentView]:
    """What was assessed, the result of each by the rules that everybody uses. One is overdue, at bed 6."""
    special = {(bed, scale) for bed, scale, _hours, _answers in _MADE}
    usual = [
        (stay.bed, scale, 30.0, answers)
        for stay in stays
        for scale, answers in _USUAL
        if (stay.bed, scale) not in special
    ]
    by_bed = {stay.bed: stay for stay in stays}
    return [
        _made(number, by_bed[bed], scale, now - timedelta(hours=hours), answers)
        for number, (bed, scale, hours, answers) in enumerate((*_MADE, *usual))
    ]


def _made(number: int, stay: EncounterView, code: str, at: datetime, answers: Mapping[str, str]) -> AssessmentView:
    scale = scales()[code]
    weighed = weigh(scale, answers, age_years=age_years(stay.birth_on, ward_date(at)))
    staff = (NURSE, SECOND_NURSE)[number % 2]
    return AssessmentView(
        id=f"00000000-0000-7000-c000-{number:012d}",
        encounter=stay.id,
        bed=stay.bed,
        scale=code,
        version=scale.version,
        cut=scale.cut,
        answers=dict(weighed.answers),
        totals=dict(weighed.totals),
        band=None if weighed.band is None else weighed.band.code,
        assessed_at=at,
        entered_at=at,
        next_at=weighed.next_at(at),
        by=Actor(kind="staff", id=staff.id),
        by_name=staff.name,
        received_at=at,
    )
