"""How safely drugs are given: the figures as data, in the shape of the KPIs. The server counts their terms.

Source: ward domain sheet 4.4, 4.7, 4.9 and 11.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from wardlink.clinical.kpis import Kpi, figures_of

OF_GIVINGS = (
    "given",
    "patient_read",
    "drug_read",
    "both_read",
    "overridden",
    "unexplained",
    "high_alert",
    "witnessed",
    "timed",
    "early",
    "in_time",
    "late",
    "wrong_time",
)
"""Terms of what was given, each by somebody. `timed`: the first giving of a dose that has a window."""

OF_DOSES = ("due", "missed", "waiting", "not_given", "due_or_not")
"""Terms of doses with a set time, whether or not somebody gave them."""

OF_EXCEPTIONS = ("opened", "closed", "open_minutes")
"""Terms of what a person had to clear up."""


@cache
def figures() -> Mapping[str, Kpi]:
    """Every figure by its code, those that can be computed first."""
    return figures_of("medication_safety", "figures")


def is_of_person(figure: Kpi) -> bool:
    """Whether it says something of one person: it is made of what she gave, and of nothing that nobody gave."""
    return not figure.missing and {figure.above, figure.below} <= set(OF_GIVINGS)


def is_of_place(figure: Kpi) -> bool:
    """Whether it can be told by bed, hour and drug."""
    return not figure.missing and not {figure.above, figure.below} & set(OF_EXCEPTIONS)
