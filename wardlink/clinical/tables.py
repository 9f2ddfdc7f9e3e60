"""The package's own data files, read once each when first asked for.

Every row carries `source` (where the numbers come from), `as_of` (the date of that source as used here) and
`trust`: V confirmed against a primary text, V2 against a secondary one, K knowledge that the hospital must
confirm, D a default of this product that may be changed freely.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

TRUST_TAGS = ("V", "V2", "K", "D")
TABLES = (
    "adverse_events",
    "assessment_barthel",
    "assessment_braden",
    "assessment_camicu",
    "assessment_caprini",
    "assessment_flacc",
    "assessment_frail",
    "assessment_gcs",
    "assessment_morse",
    "assessment_nrs2002",
    "assessment_padua",
    "assessment_psych",
    "assessment_rass",
    "assessment_swallow",
    "assessment_tubes",
    "alert_rules",
    "baduanjin",
    "bed_closing",
    "call_reasons",
    "complaints",
    "compound_surnames",
    "consults",
    "critical_values",
    "cross_field",
    "diet_advice",
    "dose_checks",
    "dose_windows",
    "drug_purposes",
    "due",
    "ecg_leads",
    "family",
    "fluid_balance",
    "frequencies",
    "freshness",
    "holidays",
    "infusion",
    "isolation",
    "kpis",
    "lab_tests",
    "measurements",
    "medication_safety",
    "meals",
    "measurement_timetable",
    "mews",
    "news2_response",
    "night_sleep",
    "nursing_levels",
    "reference_values",
    "rehabilitation",
    "requests",
    "result_release",
    "routes",
    "sample_drugs",
    "set_window",
    "shifts",
    "skin_test",
    "survey",
    "temperature_chart",
    "vital_items",
    "wellness_terms",
)
TEXT_KEYS = frozenset({"label", "text", "monitoring", "mark", "sign", "numerator", "denominator", "counted", "missing"})
"""Keys whose values are message ids of the catalogue `wardlink`."""
TEXT_LISTS = frozenset({"choices", "actions"})
"""Keys whose values are lists of such message ids."""


@cache
def load(name: str) -> Mapping[str, Any]:
    """The table `data/{name}.toml`. Shared by all callers: read it, never change it."""
    return tomllib.loads(files(__package__).joinpath("data", f"{name}.toml").read_text(encoding="utf-8"))


def texts() -> Iterator[tuple[str, str]]:
    """Every (table, message id) that the tables put before a person: what a catalogue must hold."""
    for name in TABLES:
        for text in _texts_in(load(name)):
            yield name, text


def _texts_in(node: object) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key in TEXT_KEYS and isinstance(value, str):
                yield value
            elif key in TEXT_LISTS and isinstance(value, list):
                yield from value
            else:
                yield from _texts_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts_in(value)
