"""What a patient may read about themselves, in words. Nothing that others could misuse is written out in full."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bedside.usecases.frame import age_text_of, diet_text, level_text, name_text
from bedside.usecases.plan import plan, short_texts
from bedside.usecases.team import here_text
from bedside.usecases.team import read as read_team
from bedside.usecases.vitals import GROUPS, read
from bedside.usecases.words import SEXES, age_text, date_text, word
from wardlink.clinical.items import ITEMS
from wardlink.clinical.nursing import nursing_levels
from wardlink.clock import ward_date
from wardlink.i18n import domain
from wardlink.terminal.cells import clip, plain

if TYPE_CHECKING:
    from datetime import datetime

    from bedside.ports import Board
    from bedside.usecases.vitals import MyVitals, Shown
    from wardlink.messages.encounters import EncounterView

_ = domain("bedside").gettext


CARER_CELLS = 16


@dataclass(frozen=True)
class Home:
    """The lines of the home page."""

    newest: tuple[str, ...]
    team: tuple[str, ...]
    plan: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One line of the page about the patient."""

    label: str
    text: str


def home(board: Board, stay: EncounterView, now: datetime) -> Home:
    """The newest readings with their ages, who looks after the patient, and what comes next today."""
    return Home(
        newest=newest_texts(read(board, stay, now), now),
        team=(*team_texts(stay), *filter(None, [here_text(read_team(board, stay), now)])),
        plan=short_texts(plan(board, stay, now)),
    )


def newest_texts(mine: MyVitals, now: datetime) -> tuple[str, ...]:
    """The newest reading of each kind; a lead that is off and a value that is old say so."""
    said = []
    for group in GROUPS:
        found = mine.of(group)
        if found:
            said.append(_group_text(_(group.label), found, now))
    return tuple(said) or (_("Nothing measured yet."),)


def _group_text(label: str, shown: tuple[Shown, ...], now: datetime) -> str:
    first = shown[0]
    if any(one.off_at is not None for one in shown):
        return f"{label} " + _("sensor off")
    unit = ITEMS[first.key].unit
    value = "/".join(ITEMS[one.key].show(one.value) for one in shown if one.value is not None)
    age = age_text(now - min(one.measured_at for one in shown))
    old = " " + _("(old)") if any(one.stale for one in shown) else ""
    return f"{label} {value} {unit} ({age}){old}"


def team_texts(stay: EncounterView) -> tuple[str, ...]:
    """The nurse and the doctor, as far as they are known."""
    said = []
    if stay.nurse_name:
        said.append(_("Your nurse: {name}").format(name=clip(plain(stay.nurse_name), CARER_CELLS)))
    if stay.doctor_name:
        said.append(_("Your doctor: {name}").format(name=clip(plain(stay.doctor_name), CARER_CELLS)))
    return tuple(said) or (_("Your nurse and doctor are not recorded yet."),)


def rows(stay: EncounterView, now: datetime) -> list[Row]:
    """The page about the patient, a line each."""
    allergies = _(", ").join(plain(one) for one in stay.allergies if plain(one).strip())
    day = (ward_date(now) - ward_date(stay.admitted_at)).days + 1
    criteria = nursing_levels()[stay.level].criteria_text()
    return [
        Row(_("Name"), f"{name_text(stay)} {word(SEXES, stay.sex)} {age_text_of(stay, now)}"),
        Row(_("Admission number"), _("ends in {last}").format(last=stay.admission_no[-4:])),
        Row(_("In hospital"), _("since {date}, day {n}").format(date=date_text(stay.admitted_at), n=max(1, day))),
        Row(_("Level of care"), _("{level}: {why}").format(level=level_text(stay), why=criteria)),
        Row(_("Diet"), diet_text(stay)),
        Row(_("Allergies"), allergies or _("none recorded; tell your nurse if you have any")),
        Row(_("Care team"), "\n".join(team_texts(stay))),
    ]
