"""Who lies in the invented bed, and what opens its screen."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from bedside.ports import Place
from wardlink.messages.encounters import EncounterView

PLACE = Place("w3", "12", "t12")
ADMISSION_NO, LAST4, BIRTHDAY = "ZY026001", "123X", "19590626"
VOUCHER = "SAMPLE0000000000000000000012"
"""The token that the sample's patient shows."""
NURSE_ID, NURSE_NAME = "n-lijing", "李静"


def sample_stay(now: datetime, **changed: Any) -> EncounterView:
    """王秀英 in bed 12, five days here."""
    fields: dict[str, Any] = {
        "id": "00000000-0000-7000-8000-000000000012",
        "admission_no": ADMISSION_NO,
        "mrn": "M88012",
        "name": "王秀英",
        "sex": "female",
        "birth_on": date(1959, 6, 26),
        "ward": PLACE.ward,
        "bed": PLACE.bed,
        "status": "in-progress",
        "level": "level2",
        "diet": "low-salt",
        "allergies": ("头孢类",),
        "nurse": NURSE_ID,
        "nurse_name": NURSE_NAME,
        "doctor": "d-zhoutao",
        "doctor_name": "周涛",
        "admitted_at": now - timedelta(days=5),
    }
    return EncounterView.model_validate(fields | changed)
