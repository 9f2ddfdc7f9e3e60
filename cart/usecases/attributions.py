"""Values of a monitor that are nobody's: which there are, who lay in the bed then, and whose they are said to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cart.usecases.draft import Draft, measured_at
from cart.usecases.scan import Scanned, understand
from wardlink.i18n import N_
from wardlink.messages.attributions import LONGEST, AttributeValues, AttributionView, StrikeAttribution
from wardlink.record.attributions import ATTRIBUTION
from wardlink.record.occupancy import MINUTE, Candidate, Stretch, candidates, stretch_of

if TYPE_CHECKING:
    from cart.ports import Board, Ward
    from cart.usecases.session import Session
    from wardlink.messages.commands import Command
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.exceptions import ExceptionView
    from wardlink.messages.vitals import VitalsRecorded

REASONS = (
    N_("monitor was connected before the wristband was scanned"),
    N_("the monitor's tag could not be scanned"),
    N_("emergency, nobody could scan"),
)
STRIKE_REASONS = (N_("wrong patient"), N_("wrong time"))


@dataclass(frozen=True)
class Nobodys:
    """A monitor's values that are nobody's, oldest first, and their time to the full minute.

    The cart may hold only the newest of them: what the case says of the first one counts.
    """

    monitor: str
    bed: str | None
    sets: tuple[VitalsRecorded, ...]
    time: Stretch

    def within(self, stretch: Stretch) -> tuple[VitalsRecorded, ...]:
        """Those of them that were measured then."""
        return tuple(found for found in self.sets if stretch.holds(found.measured_at))


def monitor_of(case: ExceptionView) -> str | None:
    """The monitor whose values are nobody's by this case; None for a case of another kind."""
    if case.kind != "unknown-encounter" or case.encounter is not None:
        return None
    return case.detail.get("monitor") or case.device


def nobodys(board: Board, case: ExceptionView) -> Nobodys | None:
    """What the case is about; None where it is about no monitor, or nothing is nobody's any more.

    More than can be said at once ends after the longest time that can.
    """
    monitor = monitor_of(case)
    sets = tuple(board.nobodys(monitor)) if monitor else ()
    if monitor is None or not sets:
        return None
    # A case that was opened anew by taking a word back speaks of the time of that word's time, not of its own.
    told = [case.measured_at] if case.measured_at is not None and "monitor" not in case.detail else []
    first = min([*told, sets[0].measured_at])
    return Nobodys(monitor, case.bed, sets, stretch_of(first, sets[-1].measured_at))


def candidates_of(board: Board, bed: str | None, stretch: Stretch) -> list[Candidate]:
    """Who may be meant; those who have left the ward within the last day are among them."""
    left = [stay for name in board.departed() if (stay := board.encounter(name)) is not None]
    here = board.encounters()
    ward = next((stay.ward for stay in here), "")
    return candidates([*here, *left], ward, bed, stretch)


def time_typed(typed: str, now: datetime, *, day: datetime) -> Stretch | None:
    """What “10:02-10:41” means on the day of `day`, its last minute included; None where it means nothing.

    The end of a stretch over midnight is the next day's.
    """
    parts = typed.replace("\uff0d", "-").replace("\u2013", "-").replace("~", "-").split("-")
    if len(parts) != 2:
        return None
    found = [measured_at(Draft(at=part), day) for part in parts if part.strip()]
    if len(found) != 2 or found[0] is None or found[1] is None:
        return None
    begin, end = found[0], found[1] + MINUTE
    if end <= begin:
        end += timedelta(days=1)
    return Stretch(begin, end) if end - begin <= LONGEST and begin <= now else None


def stay_scanned(board: Board, text: str) -> EncounterView | None:
    """Whose wristband was scanned, also of somebody who has left; None for every other code."""
    scan = understand(text, board.encounters(), former=board.encounter)
    whose = scan.encounter if scan.what in (Scanned.PATIENT, Scanned.DISCHARGED, Scanned.MOVED) else None
    return board.encounter(whose) if whose else None


def give(ward: Ward, session: Session, found: Nobodys, stay: EncounterView, stretch: Stretch, reason: str) -> Command:
    """Say that these values were this patient's. The values follow when the server has it."""
    return ward.record(
        "attribution.record",
        AttributeValues(monitor=found.monitor, from_at=stretch.from_at, until_at=stretch.until_at, reason=reason),
        actor=session.actor,
        encounter=stay.id,
        bed=stay.bed,
        measured_at=stretch.from_at,
    )


def take_back(ward: Ward, session: Session, view: AttributionView, reason: str) -> Command:
    """Say that the values were not this patient's."""
    return ward.record(
        "attribution.strike",
        StrikeAttribution(attribution=view.id, reason=reason),
        actor=session.actor,
        encounter=view.encounter,
        bed=view.bed,
        measured_at=view.from_at,
    )


def given(board: Board) -> Sequence[AttributionView]:
    """What has been said of the last three days, newest first."""
    return sorted(board.records(ATTRIBUTION), key=lambda view: (view.entered_at, view.id), reverse=True)


def unanswered(board: Board, monitor: str) -> AttributionView | None:
    """What was said of this monitor here and waits for the server."""
    mine = board.unsent_records(ATTRIBUTION)
    return next((view for view in given(board) if view.id in mine and view.monitor == monitor), None)
