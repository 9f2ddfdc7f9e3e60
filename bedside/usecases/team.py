"""Who looks after the patient and who is here now, in words. What nobody has recorded is said to be unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bedside.usecases.words import clock_text
from wardlink.clinical.care_team import CareRole, Duty, duty
from wardlink.clinical.shifts import shift_at
from wardlink.i18n import N_, domain
from wardlink.messages.care_team import CareMember
from wardlink.record.care_team import CARE_TEAM, care_team_id
from wardlink.terminal.cells import clip, plain

if TYPE_CHECKING:
    from datetime import datetime

    from bedside.ports import Board
    from wardlink.messages.encounters import EncounterView

_ = domain("bedside").gettext

NAME_CELLS = 24

_OF_SHIFT = N_("Shift nurse")
_ON_DUTY = N_("Doctor on duty")
_ROLES: Mapping[CareRole, str] = {
    "doctor": N_("Your doctor"),
    "nurse": N_("Your nurse"),
    "shift-nurse": _OF_SHIFT,
    "head-nurse": N_("Head nurse"),
    "therapist": N_("Therapist"),
    "dietitian": N_("Dietitian"),
}


@dataclass(frozen=True)
class Carer:
    """Somebody of the team. `is_here`: on duty now."""

    role: str
    text: str
    is_here: bool = False


@dataclass(frozen=True)
class MyTeam:
    """Who looks after this stay, as the server has told it."""

    stay: EncounterView
    members: tuple[CareMember, ...]


def read(board: Board, stay: EncounterView) -> MyTeam:
    """What this terminal holds; before the server has told it, the doctor and the nurse of the stay."""
    known = board.record(CARE_TEAM, care_team_id(stay.id))
    if known is not None:
        return MyTeam(stay, known.members)
    found: list[CareMember] = []
    if stay.doctor and stay.doctor_name:
        found.append(CareMember(role="doctor", staff=stay.doctor, name=stay.doctor_name))
    if stay.nurse and stay.nurse_name:
        found.append(CareMember(role="nurse", staff=stay.nurse, name=stay.nurse_name))
    return MyTeam(stay, tuple(found))


def carers(mine: MyTeam, now: datetime) -> list[Carer]:
    """Everybody who is known, one line each; a shift whose nurse nobody has recorded says so."""
    members = mine.members
    on_shift = [m for m in members if m.role == "shift-nurse" and duty(m.shift_at, now) in ("now", "next")]
    # Of somebody who has taken both shifts the running one is said.
    shifts: dict[str, Duty] = {m.staff: duty(m.shift_at, now) for m in reversed(on_shift)}
    # Another doctor is named for the shift alone, and once that has ended no more.
    answering = [m for m in members if m.role in ("doctor", "nurse") and not (_covers(m, mine) and _is_over(m, now))]
    lines = [
        _carer(m, shifts.get(m.staff, "unknown") if m.role == "nurse" else duty(m.shift_at, now), now, mine)
        for m in answering
    ]
    if "now" not in shifts.values():
        lines.append(Carer(_(_OF_SHIFT), _("not recorded yet who has taken your bed")))
    said = {m.staff for m in answering}
    lines += [_carer(m, duty(m.shift_at, now), now) for m in on_shift if m.staff not in said]
    others = [m for m in members if m.role not in ("doctor", "nurse", "shift-nurse")]
    return lines + [_carer(m, duty(m.shift_at, now), now) for m in others]


def here_text(mine: MyTeam, now: datetime) -> str:
    """For the home page: who has taken the bed in this shift; empty where nobody has."""
    names = dict.fromkeys(_name(m) for m in mine.members if duty(m.shift_at, now) == "now")
    return _("On duty now: {names}").format(names=_(", ").join(names)) if names else ""


def _carer(member: CareMember, when: Duty, now: datetime, mine: MyTeam | None = None) -> Carer:
    said = _("{name} · {when}").format(name=_name(member), when=_when_text(when, now))
    role = _ON_DUTY if mine is not None and _covers(member, mine) else _ROLES[member.role]
    return Carer(_(role), said, is_here=when == "now")


def _covers(member: CareMember, mine: MyTeam) -> bool:
    """Whether it is a doctor who is there in a shift and not the doctor of this stay."""
    return member.role == "doctor" and member.shift_at is not None and member.staff != mine.stay.doctor


def _is_over(member: CareMember, now: datetime) -> bool:
    return duty(member.shift_at, now) == "over"


def _name(member: CareMember) -> str:
    return clip(plain(member.name), NAME_CELLS)


def _when_text(when: Duty, now: datetime) -> str:
    running = shift_at(now)
    match when:
        case "now":
            return _("on duty now, until {time}").format(time=clock_text(running.ends_at))
        case "next":
            return _("on duty next, from {time}").format(time=clock_text(running.ends_at))
        case _:
            return _("when on duty is not recorded")
