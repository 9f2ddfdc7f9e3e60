"""A nurse of the invented ward begins with a dose at the bed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bedside.sample.stay import NURSE_ID, NURSE_NAME
from wardlink.clinical.drugs import sample_drugs
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.dose_asks import DoseAskView
from wardlink.messages.encounters import EncounterView
from wardlink.messages.orders import OrderedDrug


def sample_ask(stay: EncounterView, now: datetime, drug: str = "amlodipine-5mg", **changed: Any) -> DoseAskView:
    """李静 asks about one drug by mouth; `changed`: what is otherwise."""
    known = sample_drugs()[drug]
    fields: dict[str, Any] = {
        "id": new_id(),
        "encounter": stay.id,
        "bed": stay.bed,
        "order": "00000000-0000-7000-8000-0000000000d1",
        "dose": "00000000-0000-7000-8000-0000000000d2",
        "items": (
            OrderedDrug(
                drug=drug,
                dose=5,
                unit="mg",
                name_zh=known.name_zh,
                name_en=known.name_en,
                ingredient=known.ingredient,
                classes=known.classes,
                strength=known.strength,
            ),
        ),
        "route": "po",
        "asked_at": now,
        "by": Actor(kind="staff", id=NURSE_ID),
        "by_name": NURSE_NAME,
    }
    return DoseAskView.model_validate(fields | changed)
