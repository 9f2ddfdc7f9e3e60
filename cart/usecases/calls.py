"""Calls as the cart holds them: which comes first, how long it waits, and what a nurse does about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from wardlink.clinical.call_reasons import call_reasons, class_rules
from wardlink.messages.calls import AcknowledgeCall, ArriveAtCall, CallChanged, ResolveCall

if TYPE_CHECKING:
    from cart.ports import Ward
    from cart.usecases.session import Session
    from wardlink.messages.commands import Command

CLOSED = ("resolved", "cancelled")
RING_EVERY_S: Mapping[str, float] = {"P1": 3.0, "P2": 8.0, "P3": 20.0, "P4": 30.0}
"""How often a call that nobody has taken sounds again. It never falls silent by itself (DOMAIN 10.1)."""


def open_calls(calls: Iterable[CallChanged]) -> list[CallChanged]:
    """Calls that are not over: those nobody has taken first, then the higher class, then the older."""
    found = [call for call in calls if call.state not in CLOSED]
    return sorted(found, key=lambda call: (call.state != "raised", call.cls, call.raised_at, call.id))


def is_late(call: CallChanged, now: datetime) -> bool:
    """Whether nobody has taken it within its time: that of its reason, but no longer than its class allows."""
    known = call_reasons().get(call.reason or "")
    within = class_rules()[call.cls].acknowledge_within
    if known is not None and known.cls == call.cls:
        within = known.acknowledge_within
    return call.state == "raised" and now - call.raised_at > within


def may_resolve(call: CallChanged) -> bool:
    """A P1 can be ended only by somebody who has arrived at the bed."""
    return call.state == "arrived" or (call.cls != "P1" and call.state not in CLOSED)


def acknowledge(ward: Ward, session: Session, call: CallChanged, eta_min: int | None) -> Command:
    """Take a call, and say in how many minutes."""
    return _record(ward, session, call, "call.acknowledge", AcknowledgeCall(call=call.id, eta_min=eta_min))


def arrive(ward: Ward, session: Session, call: CallChanged) -> Command:
    """Say that somebody is at the bed."""
    return _record(ward, session, call, "call.arrive", ArriveAtCall(call=call.id))


def resolve(ward: Ward, session: Session, call: CallChanged, outcome: str) -> Command:
    """End a call with what was done.

    Raises:
        ValueError: a P1 that nobody has arrived at.
    """
    if not may_resolve(call):
        raise ValueError("a P1 is resolved at the bed")
    return _record(ward, session, call, "call.resolve", ResolveCall(call=call.id, outcome=outcome))


def _record(
    ward: Ward, session: Session, call: CallChanged, kind: str, body: AcknowledgeCall | ArriveAtCall | ResolveCall
) -> Command:
    # Whoever answers a call does so after it was raised, also where the bed's clock is ahead of the cart's: with an
    # earlier time, the server would take it for an answer to a call before this one, and let it ring on.
    at = max(ward.clock.now(), call.raised_at)
    return ward.record(kind, body, actor=session.actor, encounter=call.encounter, bed=call.bed, measured_at=at)
