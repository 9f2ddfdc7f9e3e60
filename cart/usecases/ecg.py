"""A patient's ECG strips, read from this cart's disk; reading one is noted, and a wrong one is struck out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from cart.usecases.patient import names_alike
from wardlink.clinical.ecg.rate import NoRate, rate
from wardlink.clinical.ecg.strip import Strip
from wardlink.i18n import N_
from wardlink.messages.ecg import SeeEcg, StrikeEcg
from wardlink.record.ecg import ECG, ECG_PART, lead_of, strip_of

if TYPE_CHECKING:
    from cart.ports import Board, Ward
    from cart.usecases.session import Session
    from wardlink.clinical.ecg.rate import Rate
    from wardlink.messages.commands import Command
    from wardlink.messages.ecg import EcgPart, EcgView
    from wardlink.messages.encounters import EncounterView

Held = Literal["whole", "absent", "damaged"]
"""What this cart has of the samples: all, not all, or something that was never taken."""

STRIKE_REASONS = (
    N_("wrong patient"),
    N_("leads were swapped"),
    N_("it cannot be judged: noise, loose electrodes"),
    N_("sent twice"),
)


@dataclass(frozen=True)
class Counted:
    """How fast the heart beat. `rate` None: nobody counted, or `refused` says why it would be a guess."""

    rate: Rate | None = None
    refused: NoRate | None = None


@dataclass(frozen=True)
class Listed:
    """A strip in the list. `is_unsent`: something that we said of it is not confirmed yet."""

    view: EcgView
    held: Held
    counted: Counted
    is_unsent: bool


@dataclass(frozen=True)
class Strips:
    """Whose, and every strip that this cart knows of; the newest first, struck ones included."""

    stay: EncounterView
    others: tuple[str, ...]
    strips: tuple[Listed, ...]


@dataclass(frozen=True)
class Opened:
    """One strip. `strip` is None unless it is held whole."""

    stay: EncounterView
    others: tuple[str, ...]
    view: EcgView
    held: Held
    strip: Strip | None
    counted: Counted
    is_unsent: bool


def listed(board: Board, encounter: str) -> Strips | None:
    """The strips of a stay; None if the stay is not known here any more."""
    stay = board.encounter(encounter)
    if stay is None:
        return None
    parts: dict[str, list[EcgPart]] = defaultdict(list)
    for part in board.records(ECG_PART, encounter=encounter):
        parts[part.strip].append(part)
    unsent = board.unsent_records(ECG)
    found = [_listed(view, parts[view.id], view.id in unsent) for view in board.records(ECG, encounter=encounter)]
    return Strips(stay, names_alike(board, stay), tuple(reversed(found)))


def opened(board: Board, encounter: str, strip_id: str) -> Opened | None:
    """One strip, whole if it can be; None if stay or strip are not known here any more."""
    stay, view = board.encounter(encounter), board.record(ECG, strip_id)
    if stay is None or view is None or view.encounter != encounter:
        return None
    parts = [part for part in board.records(ECG_PART, encounter=encounter) if part.strip == view.id]
    held: Held = "whole"
    try:
        strip = strip_of(view, parts)
    except ValueError:
        held, strip = "damaged", None
    else:
        held = "absent" if strip is None else "whole"
    return Opened(
        stay=stay,
        others=names_alike(board, stay),
        view=view,
        held=held,
        strip=strip,
        counted=_counted(view, strip),
        is_unsent=view.id in board.unsent_records(ECG),
    )


def see(ward: Ward, session: Session, view: EcgView) -> Command:
    """Note that this nurse has read a strip and the reports that are there now."""
    body = SeeEcg(strip=view.id, reports=len(view.reports))
    return ward.record("ecg.see", body, actor=session.actor, encounter=view.encounter, bed=view.bed)


def strike(ward: Ward, session: Session, view: EcgView, reason: str) -> Command:
    """Strike a strip out; it stays readable, with the reason."""
    body = StrikeEcg(strip=view.id, reason=reason)
    return ward.record("ecg.strike", body, actor=session.actor, encounter=view.encounter, bed=view.bed)


def _listed(view: EcgView, parts: Iterable[EcgPart], is_unsent: bool) -> Listed:
    # The list needs the lead in which beats were found and no other: gaps in it decide which intervals count.
    lead, found = view.beats_lead or view.leads[0], list(parts)
    if {part.lead for part in found} != set(view.leads):
        return Listed(view, "absent", Counted(), is_unsent)
    try:
        samples = lead_of(view, lead, found)
        strip = None if samples is None else Strip(view.taken_at, view.rate_hz, view.uv_per_unit, {lead: samples})
    except ValueError:
        return Listed(view, "damaged", Counted(), is_unsent)
    return Listed(view, "absent" if strip is None else "whole", _counted(view, strip), is_unsent)


def _counted(view: EcgView, strip: Strip | None) -> Counted:
    if strip is None or view.beats is None or view.beats_lead is None or view.beats_lead not in strip.leads:
        return Counted()
    try:
        return Counted(rate(strip, view.beats_lead, view.beats))
    except NoRate as refused:
        return Counted(refused=refused)
