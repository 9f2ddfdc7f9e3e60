"""The four areas of the home page and what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from wardlink.i18n import N_

if TYPE_CHECKING:
    from bedside.usecases.session import Session
    from wardlink.clinical.family import Reach

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
    "family",
]


@dataclass(frozen=True)
class Entry:
    """One thing in an area. `opens` names its page. `private`: hidden while visitors are here.

    `reach`: what the patient must have opened to family for whom this shall be there.
    """

    code: str
    title: str
    opens: Opens
    reach: Reach
    private: bool = True


@dataclass(frozen=True)
class Area:
    """One of the four."""

    code: str
    title: str
    entries: tuple[Entry, ...]

    def entries_for(self, session: Session | None) -> list[Entry]:
        """What of it is there for who has opened the screen."""
        return [entry for entry in self.entries if session is None or session.may(entry.reach)]


AREAS = (
    Area(
        "medical",
        N_("Medical care"),
        (
            Entry("me", N_("About me"), opens="me", reach="medical"),
            Entry("vitals", N_("My vital signs"), opens="vitals", reach="medical"),
            Entry("results", N_("Test results"), opens="results", reach="medical"),
            Entry("consults", N_("Consultation"), opens="consults", reach="medical"),
            Entry("rehabilitation", N_("Rehabilitation"), opens="rehabilitation", reach="patient"),
            Entry("lessons", N_("Health lessons"), opens="lessons", reach="daily"),
        ),
    ),
    Area(
        "health",
        N_("Health"),
        (
            Entry("pay", N_("Pay deposit"), opens="pay", reach="money"),
            Entry("bill", N_("My bill"), opens="bill", reach="money"),
            Entry("nutrition", N_("Nutrition"), opens="nutrition", reach="patient"),
            Entry("wellness", N_("Wellness"), opens="wellness", reach="medical"),
        ),
    ),
    Area(
        "life",
        N_("Daily life"),
        (
            Entry("meals", N_("Order meals"), opens="meals", reach="daily"),
            Entry("care", N_("Care worker"), opens="care", reach="daily", private=False),
            Entry("cleaning", N_("Cleaning"), opens="cleaning", reach="daily", private=False),
            Entry("repair", N_("Repair"), opens="repair", reach="daily", private=False),
            Entry("shopping", N_("Shopping"), opens="shopping", reach="daily"),
            Entry("requests", N_("My requests"), opens="requests", reach="daily"),
        ),
    ),
    Area(
        "special",
        N_("Other services"),
        (
            Entry("policy", N_("Insurance"), opens="guides", reach="anybody", private=False),
            Entry("reimbursement", N_("Reimbursement"), opens="guide", reach="anybody", private=False),
            Entry("estimate", N_("Cost estimate"), opens="estimate", reach="money"),
            Entry("complaint", N_("Complaints"), opens="complaints", reach="patient"),
            Entry("survey", N_("Survey"), opens="survey", reach="patient"),
            Entry("interpreter", N_("Interpreter"), opens="interpreter", reach="daily", private=False),
        ),
    ),
)

PLAN = Entry("plan", N_("Today's plan"), opens="plan", reach="medical")
"""Opened from the home page itself."""

FAMILY = Entry("family", N_("Family at this screen"), opens="family", reach="patient")
"""Opened from the page about the patient."""

AREA = {area.code: area for area in AREAS}
ENTRY = {entry.code: entry for area in AREAS for entry in area.entries} | {
    entry.code: entry for entry in (PLAN, FAMILY)
}


def may_open(session: Session, code: str) -> bool:
    """Whether who has opened the screen may open this entry, or anything in this area."""
    area = AREA.get(code)
    return bool(area.entries_for(session)) if area is not None else session.may(ENTRY[code].reach)
