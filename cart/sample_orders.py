"""Invented orders and doses of the invented ward: new ones, one half checked, one on hold, one that was stopped."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from wardlink.clinical.drugs import sample_drugs
from wardlink.messages.base import Actor
from wardlink.messages.doses import DoseView
from wardlink.messages.encounters import EncounterView
from wardlink.messages.orders import OrderedDrug, OrderStep, OrderView
from wardlink.messages.records import RecordView

NURSE = Actor(kind="staff", id="n-lijing")
OTHER = Actor(kind="staff", id="n-wangfang")
DOCTOR = Actor(kind="staff", id="d-zhoutao")
PHARMACIST = Actor(kind="staff", id="p-qian")

_NAMES = {"n-lijing": "李静", "n-wangfang": "王芳", "d-zhoutao": "周涛", "p-qian": "钱药师"}

_REVIEWED = (("review", PHARMACIST),)
_BY_ME = (*_REVIEWED, ("transcribe", NURSE))
_BY_OTHER = (*_REVIEWED, ("transcribe", OTHER))
_CHECKED = (*_BY_OTHER, ("check", NURSE))

# Bed, state, drugs with dose and unit, route, frequency, steps, and what else it says.
_ORDERS: tuple[tuple[Any, ...], ...] = (
    ("12", "active", (("amlodipine-5mg", 1, "片"),), "po", "qd", _CHECKED, {}),
    ("12", "active", (("budesonide-1mg", 1, "支"),), "inh", "bid", _CHECKED, {}),
    ("12", "reviewed", (("furosemide-20mg", 1, "支"),), "iv", "st", _REVIEWED, {"kind": "temporary"}),
    ("12", "transcribed", (("warfarin-2.5mg", 1, "片"),), "po", "qn", _BY_OTHER, {}),
    (
        "12",
        "active",
        (("ibuprofen-300mg", 1, "粒"),),
        "po",
        "prn",
        _CHECKED,
        {"kind": "standing-prn", "indication": "疼痛", "min_interval_min": 360, "max_per_day": 3},
    ),
    ("12", "stopped", (("aspirin-100mg", 1, "片"),), "po", "qd", (*_CHECKED, ("stop", DOCTOR)), {}),
    (
        "10",
        "active",
        (("ceftriaxone-1g", 2, "支"), ("nacl-0.9-250", 250, "mL")),
        "ivgtt",
        "q12h",
        _CHECKED,
        {"category": "infusion", "volume_ml": 250, "rate_ml_per_h": 125},
    ),
    ("10", "transcribed", (("morphine-10mg", 0.5, "支"),), "sc", "st", _BY_ME, {"kind": "temporary"}),
    ("6", "on-hold", (("metformin-500mg", 1, "片"),), "po", "tid", (*_CHECKED, ("hold", DOCTOR)), {}),
    ("2", "active", (("insulin-aspart", 8, "U"),), "sc", "tid", _CHECKED, {}),
    (
        "6",
        "active",
        (("penicillin-test", 0.1, "mL"),),
        "id",
        "once",
        _CHECKED,
        {"kind": "temporary", "category": "skin-test"},
    ),
    ("6", "active", (("penicillin-800k", 2, "支"),), "im", "bid", _CHECKED, {"category": "injection"}),
    ("2", "active", (("penicillin-800k", 2, "支"),), "im", "bid", _CHECKED, {}),
)


def sample_records(stays: list[EncounterView], now: datetime) -> dict[tuple[str, str], RecordView]:
    """Orders and their doses, by kind and id."""
    found: dict[tuple[str, str], RecordView] = {}
    for number, row in enumerate(_ORDERS, 1):
        stay = next(stay for stay in stays if stay.bed == row[0])
        order = _order(number, row, stay, now)
        found["order", order.id] = order
        if order.state in ("active", "on-hold") and order.frequency != "prn":
            hours_from_now = (-0.25,) if order.frequency == "once" else (-1.5, 2.3, 10.3)
            for index, hours in enumerate(hours_from_now):
                dose = _dose(order, index, now + timedelta(hours=hours))
                found["dose", dose.id] = dose
    return found


def _order(number: int, row: tuple[Any, ...], stay: EncounterView, now: datetime) -> OrderView:
    _bed, state, drugs, route, frequency, steps, more = row
    started_at = now - timedelta(hours=20)
    fields: dict[str, Any] = {"kind": "standing", "category": "drug"} | more
    return OrderView(
        id=f"00000000-0000-7000-a000-{number:012d}",
        encounter=stay.id,
        bed=stay.bed,
        state=state,
        items=tuple(_item(*drug) for drug in drugs),
        route=route,
        frequency=frequency,
        start_at=started_at,
        stop_at=now - timedelta(minutes=20) if state == "stopped" else None,
        issued_at=started_at,
        doctor=DOCTOR,
        doctor_name=_NAMES[DOCTOR.id],
        steps=tuple(_step(number, index, what, by, now) for index, (what, by) in enumerate(steps)),
        **fields,
    )


def _step(number: int, index: int, what: str, by: Actor, now: datetime) -> OrderStep:
    at = now - timedelta(minutes=20) if what in ("stop", "hold") else now - timedelta(hours=19, minutes=50 - index)
    command = f"00000000-0000-7000-b{number:03d}-{index:012d}"
    return OrderStep(command=command, what=what, at=at, by=by, by_name=_NAMES[by.id])


def _item(code: str, dose: float, unit: str) -> OrderedDrug:
    drug = sample_drugs()[code]
    return OrderedDrug(
        drug=code,
        dose=dose,
        unit=unit,
        name_zh=drug.name_zh,
        name_en=drug.name_en,
        ingredient=drug.ingredient,
        classes=tuple(sorted(drug.classes)),
        strength=drug.strength,
        high_alert=drug.high_alert,
        skin_test=drug.skin_test,
        analgesic=drug.analgesic,
        gtins=drug.gtins,
    )


def _dose(order: OrderView, index: int, due_at: datetime) -> DoseView:
    return DoseView(
        id=str(uuid.uuid5(uuid.UUID(order.id), str(index))),
        encounter=order.encounter,
        bed=order.bed,
        order=order.id,
        due_at=due_at,
        opens_at=due_at - timedelta(hours=1),
        closes_at=due_at + timedelta(hours=1),
        missed_at=due_at + timedelta(hours=4),
        state="planned",
        items=order.items,
    )
