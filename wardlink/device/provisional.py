"""What our own command will make of a record once the server has confirmed it. Pure.

Shown until then, so that a nurse sees at once what she has done; the server's word replaces it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wardlink.clinical.call_reasons import class_of, refined_class, refined_reason
from wardlink.messages import calls, encounters, exceptions
from wardlink.messages.bodies import parse_body
from wardlink.messages.calls import CallChanged, CallNotice
from wardlink.messages.commands import Command
from wardlink.messages.encounters import EncounterView
from wardlink.messages.exceptions import ExceptionView
from wardlink.messages.vitals import RecordVitals, VitalsRecorded


def recorded(command: Command, body: RecordVitals, actor_name: str | None) -> VitalsRecorded:
    """The set as this device shows it before the server has it: without `received_at`, with the score seen here."""
    return VitalsRecorded(
        id=command.id,
        encounter=command.encounter,
        measured_at=command.measured_at,
        entered_at=command.entered_at,
        device=command.device,
        actor=command.actor,
        actor_name=actor_name,
        news2=body.seen,
        **{name: getattr(body, name) for name in RecordVitals.model_fields if name != "seen"},
    )


def raised(command: Command, body: calls.RaiseCall) -> CallChanged:
    """The call as this device shows it before the server has it."""
    return CallChanged(
        id=command.id,
        bed=command.bed or "",
        encounter=command.encounter,
        reason=body.reason,
        cls=class_of(body.reason),
        state="raised",
        raised_at=command.measured_at,
    )


def heard(notice: CallNotice) -> CallChanged:
    """A call of which only the bed's own notice is known."""
    return CallChanged(
        id=notice.id,
        bed=notice.bed,
        reason=notice.reason,
        cls=notice.cls,
        state="raised",
        raised_at=notice.raised_at,
    )


def call_after(call: CallChanged, command: Command, actor_name: str | None) -> CallChanged:
    """`call` once this command is confirmed."""
    change = _CALL_CHANGES[command.kind]
    return call.model_copy(update=change(call, parse_body(command.kind, command.body), command, actor_name))


def exception_after(exception: ExceptionView, command: Command) -> ExceptionView:
    """`exception` once it is closed by this command."""
    return exception.model_copy(
        update={
            "closed_at": command.entered_at,
            "closed_by": command.actor,
            "closed_reason": command.body["reason"],
        }
    )


def encounter_after(encounter: EncounterView, command: Command) -> EncounterView:
    """`encounter` once this update is confirmed."""
    decided = encounters.UpdateEncounter.model_validate(command.body).model_dump(exclude_none=True)
    return encounter.model_copy(update={name: v for name, v in decided.items() if name in EncounterView.model_fields})


def target_of(command: Command, body: object) -> str | None:
    """The record that a command changes, by id; None where it makes a new one or changes nothing shown."""
    match body:
        case calls.RefineCall() | calls.AcknowledgeCall() | calls.ArriveAtCall():
            return body.call
        case calls.ResolveCall() | calls.CancelCall():
            return body.call
        case exceptions.CloseException():
            return body.exception
        case encounters.UpdateEncounter():
            return command.encounter
        case _:
            return None


def _refined(call: CallChanged, reason: str) -> dict[str, Any]:
    cls = refined_class(call.cls, reason, former=call.reason, count=call.count)
    return {"cls": cls, "reason": refined_reason(cls, reason, former=call.reason)}


_Changes = Callable[[CallChanged, Any, Command, str | None], dict[str, Any]]

_CALL_CHANGES: dict[str, _Changes] = {
    "call.refine": lambda call, body, command, name: _refined(call, body.reason),
    "call.acknowledge": lambda call, body, command, name: {
        "state": "acknowledged",
        "acknowledged_at": command.measured_at,
        "acknowledged_by": command.actor,
        "acknowledged_name": name,
        "eta_min": body.eta_min,
    },
    "call.arrive": lambda call, body, command, name: {
        "state": "arrived",
        "arrived_at": command.measured_at,
        "arrived_name": name,
    },
    "call.resolve": lambda call, body, command, name: {
        "state": "resolved",
        "closed_at": command.measured_at,
        "outcome": body.outcome,
    },
    "call.cancel": lambda call, body, command, name: {"state": "cancelled", "closed_at": command.measured_at},
}
