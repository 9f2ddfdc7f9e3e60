"""The four areas of the home page and what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from wardlink.i18n import N_

Opens = Literal[
    "me",
    "vitals",
    "wellness",
    "guides",
    "guide",
    "pay",
    "bill",
    "estimate",
    "meals",
    "care",
    "cleaning",
    "repair",
    "interpreter",
    "shopping",
    "requests",
    "plan",
    "nutrition",
    "complaints",
    "survey",
    "lessons",
    "consults",
    "results",
    "rehabilitation",
]


@dataclass(frozen=True)
class Entry:
    """One thing in an area. `opens` names its page. `private`: hidden while visitors are here."""

    code: str
    title: str
    opens: Opens
    private: bool = True


@dataclass(frozen=True)
class Area:
    """One of the four."""

    code: str
    title: str
    entries: tuple[Entry, ...]


AREAS = (
    Area(
        "medical",
        N_("Medical care"),
        (
            Entry("me", N_("About me"), opens="me"),
            Entry("vitals", N_("My vital signs"), opens="vitals"),
            Entry("results", N_("Test results"), opens="results"),
            Entry("consults", N_("Consultation"), opens="consults"),
            Entry("rehabilitation", N_("Rehabilitation"), opens="rehabilitation"),
            Entry("lessons", N_("Health lessons"), opens="lessons"),
        ),
    ),
    Area(
        "health",
        N_("Health"),
        (
            Entry("pay", N_("Pay deposit"), opens="pay"),
            Entry("bill", N_("My bill"), opens="bill"),
            Entry("nutrition", N_("Nutrition"), opens="nutrition"),
            Entry("wellness", N_("Wellness"), opens="wellness"),
        ),
    ),
    Area(
        "life",
        N_("Daily life"),
        (
            Entry("meals", N_("Order meals"), opens="meals"),
            Entry("care", N_("Care worker"), opens="care", private=False),
            Entry("cleaning", N_("Cleaning"), opens="cleaning", private=False),
            Entry("repair", N_("Repair"), opens="repair", private=False),
            Entry("shopping", N_("Shopping"), opens="shopping"),
            Entry("requests", N_("My requests"), opens="requests"),
        ),
    ),
    Area(
        "special",
        N_("Other services"),
        (
            Entry("policy", N_("Insurance"), opens="guides", private=False),
            Entry("reimbursement", N_("Reimbursement"), opens="guide", private=False),
            Entry("estimate", N_("Cost estimate"), opens="estimate"),
            Entry("complaint", N_("Complaints"), opens="complaints"),
            Entry("survey", N_("Survey"), opens="survey"),
            Entry("interpreter", N_("Interpreter"), opens="interpreter", private=False),
        ),
    ),
)

PLAN = Entry("plan", N_("Today's plan"), opens="plan")
"""Opened from the home page itself."""

AREA = {area.code: area for area in AREAS}
ENTRY = {entry.code: entry for area in AREAS for entry in area.entries} | {PLAN.code: PLAN}
