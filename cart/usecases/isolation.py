"""Isolation of a patient on the cart: what holds, beginning it with a reason, ending it, taking back a mistake."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from wardlink.clinical.isolation import Precaution, precautions
from wardlink.i18n import N_
from wardlink.messages.isolations import EndIsolation, IsolationView, StartIsolation, StrikeIsolation
from wardlink.record.isolations import ISOLATION, holding

if TYPE_CHECKING:
    from cart.ports import Board, Ward
    from cart.usecases.session import Session
    from wardlink.messages.commands import Command
    from wardlink.messages.encounters import EncounterView

START_REASONS = (
    N_("resistant organism (MDRO)"),
    N_("infection, confirmed"),
    N_("infection, suspected"),
    N_("low defences"),
)
END_REASONS = (
    N_("doctor's order"),
    N_("cultures negative"),
    N_("symptoms over"),
)
STRIKE_REASONS = (
    N_("wrong patient"),
    N_("entered twice"),
    N_("wrong kind of isolation"),
)


def holding_here(board: Board, encounter: str) -> tuple[IsolationView, ...]:
    """How this patient is isolated now, as far as this cart knows."""
    return tuple(holding(board.records(ISOLATION, encounter=encounter)))


def free_to_begin(held: Iterable[IsolationView]) -> list[Precaution]:
    """The precautions that do not hold yet."""
    taken = {view.precaution for view in held}
    return [rule.code for rule in precautions().values() if rule.code not in taken]


def begin(ward: Ward, session: Session, stay: EncounterView, precaution: Precaution, reason: str) -> Command:
    """From now on this patient is isolated like this."""
    body = StartIsolation(precaution=precaution, reason=reason)
    return ward.record("isolation.start", body, actor=session.actor, encounter=stay.id, bed=stay.bed)


def end(ward: Ward, session: Session, stay: EncounterView, isolation: str, reason: str) -> Command:
    """It is over now."""
    body = EndIsolation(isolation=isolation, reason=reason)
    return ward.record("isolation.end", body, actor=session.actor, encounter=stay.id, bed=stay.bed)


def strike(ward: Ward, session: Session, stay: EncounterView, isolation: str, reason: str) -> Command:
    """It was entered by mistake."""
    body = StrikeIsolation(isolation=isolation, reason=reason)
    return ward.record("isolation.strike", body, actor=session.actor, encounter=stay.id, bed=stay.bed)
