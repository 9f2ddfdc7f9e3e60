"""What is normal for an adult, to show beside a reading. Nothing is scored or refused here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wardlink.clinical.exact import half_up
from wardlink.clinical.items import Range
from wardlink.clinical.news2_chart import Spo2Scale
from wardlink.clinical.tables import load
from wardlink.i18n import gettext


def reference_range(key: str, *, temp_method: str | None = None) -> Range | None:
    """The adult reference range of the reading `key`; None where there is none, or none for that site."""
    table = load("reference_values")
    row = table["temp_c"].get(temp_method) if key == "temp_c" else table["adult"].get(key)
    return None if row is None else _range(row)


def spo2_target(scale: Spo2Scale) -> Range:
    """The saturation that oxygen is given for, by the patient's scale."""
    return _range(load("reference_values")["spo2_target"][str(scale.value)])


def fever_grade_text(oral_temp_c: float) -> str | None:
    """The grade of a fever in words, for a temperature taken in the mouth; None without fever.

    Other sites have no grades of their own, and a value is never converted between sites.
    """
    label: str | None = None
    for row in load("reference_values")["fever"].values():
        if half_up(oral_temp_c, 1) >= half_up(row["oral_from_c"], 1):
            label = row["label"]
    return None if label is None else gettext(label)


def _range(row: Mapping[str, Any]) -> Range:
    return Range(float(row["low"]), float(row["high"]), row["trust"])
