"""The bodies that commands may carry, by kind. A kind that is not here is parked, never guessed."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from wardlink.errors import MessageUnreadable
from wardlink.messages import audit, calls, encounters, exceptions, vitals
from wardlink.messages.base import Message
from wardlink.messages.commands import faults

BODIES: dict[str, type[Message]] = {
    "vitals.record": vitals.RecordVitals,
    "vitals.strike": vitals.StrikeVitals,
    "call.raise": calls.RaiseCall,
    "call.refine": calls.RefineCall,
    "call.acknowledge": calls.AcknowledgeCall,
    "call.arrive": calls.ArriveAtCall,
    "call.resolve": calls.ResolveCall,
    "call.cancel": calls.CancelCall,
    "encounter.admit": encounters.Admit,
    "encounter.transfer": encounters.Transfer,
    "encounter.discharge": encounters.Discharge,
    "encounter.update": encounters.UpdateEncounter,
    "exception.close": exceptions.CloseException,
    "audit.event": audit.AuditEvent,
}


def parse_body(kind: str, body: dict[str, Any]) -> Message:
    """The typed body of a command of this kind.

    Raises:
        MessageUnreadable: an unknown kind, or a body with wrong fields (named, without values).
    """
    model = BODIES.get(kind)
    if model is None:
        raise MessageUnreadable(detail=f"unknown kind {kind[:40]!r}")
    try:
        return model.model_validate(body)
    except ValidationError as exc:
        raise MessageUnreadable(detail=faults(exc)) from exc
