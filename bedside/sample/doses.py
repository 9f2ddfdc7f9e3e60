"""The medicine of the invented stay today: what was given this morning, and what is still to come."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from bedside.sample.stay import NURSE_ID, NURSE_NAME
from wardlink.clock import WARD_ZONE, ward_date
from wardlink.messages.base import Actor
from wardlink.messages.doses import DoseEvent, DoseView
from wardlink.messages.orders import OrderedDrug
from wardlink.record.doses import DOSE

if TYPE_CHECKING:
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.records import RecordView

_TABLET = OrderedDrug(
    drug="ASA100",
    dose=100,
    unit="mg",
    name_zh="阿司匹林肠溶片",
    name_en="Aspirin enteric-coated tablets",
    ingredient="aspirin",
    strength="100 mg",
)
_STATIN = _TABLET.model_copy(
    update={"drug": "ATV20", "dose": 20, "name_zh": "阿托伐他汀钙片", "name_en": "Atorvastatin", "strength": "20 mg"}
)
_NEBULE = _TABLET.model_copy(
    update={"drug": "BUD1", "dose": 1, "name_zh": "布地奈德混悬液", "name_en": "Budesonide", "strength": "1 mg"}
)
_TIMES = ((8, _TABLET), (8, _NEBULE), (15, _NEBULE), (20, _STATIN))
_EITHER_SIDE = timedelta(minutes=30)


def sample_doses(stay: EncounterView, now: datetime) -> dict[tuple[str, str], RecordView]:
    """The doses of the day; those whose time is over were given."""
    found = [_dose(stay, index, hour, drug, now) for index, (hour, drug) in enumerate(_TIMES)]
    return {(DOSE.name, dose.id): dose for dose in found}


def _dose(stay: EncounterView, index: int, hour: int, drug: OrderedDrug, now: datetime) -> DoseView:
    due_at = datetime.combine(ward_date(now), time(hour), WARD_ZONE)
    given = DoseEvent(
        command=f"00000000-0000-7000-9d0e-{index:012d}",
        act="give",
        at=due_at,
        entered_at=due_at,
        received_at=due_at,
        device="c2",
        by=Actor(kind="staff", id=NURSE_ID),
        by_name=NURSE_NAME,
    )
    is_given = due_at + _EITHER_SIDE < now
    return DoseView(
        id=f"00000000-0000-7000-9d05-{index:012d}",
        encounter=stay.id,
        bed=stay.bed,
        order=f"00000000-0000-7000-9d04-{index:012d}",
        due_at=due_at,
        opens_at=due_at - _EITHER_SIDE,
        closes_at=due_at + _EITHER_SIDE,
        state="done" if is_given else "planned",
        items=(drug,),
        events=(given,) if is_given else (),
    )
