"""Calls come in: presses at the bed, and what nurses report of them. What each makes of a call: `rules`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table, insert, update

from server.actors import note_unknown_actor, staff_only
from server.batch import Batch
from server.calls import rules
from server.calls.models import CallRow
from server.calls.service import call_called, call_view, open_call_of
from server.handlers import Handler
from server.kpis.sums import follow_call
from server.patients.service import occupant_of
from wardlink.clinical.call_reasons import UNKNOWN_CLASS, class_of
from wardlink.errors import InvalidInput, NotAllowed, NotFound
from wardlink.i18n import N_
from wardlink.messages.calls import AcknowledgeCall, ArriveAtCall, CancelCall, RaiseCall, RefineCall, ResolveCall
from wardlink.messages.commands import Command

_CALL: Table = CallRow.__table__  # type: ignore[attr-defined]

TOILET = "TOILET"
"""The reason of a call from the toilet, whatever was chosen there: it is an emergency (DOMAIN 10.1)."""


def raise_call(batch: Batch, command: Command, body: RaiseCall) -> int:
    """Open a call, or merge the press into the bed's open one.

    Raises:
        InvalidInput: nobody knows from which bed; the message is parked.
    """
    device = batch.census.device(batch.conn, command.device)
    bed = command.bed or (device.bed if device else None)
    if bed is None:
        raise InvalidInput(detail="a call without a bed")
    reason = TOILET if body.place == "toilet" else body.reason
    at = min(command.measured_at, batch.now)
    known = call_called(batch.conn, command.id)
    if known is not None:
        # A nurse's report of this call was here before the call itself.
        fields = {"reason": reason, "cls": class_of(reason), "count": 1, "raised_at": at, "received_at": batch.now}
        fields["raised_by"] = command.actor.kind
        return _changed(batch, command, known, fields | {"encounter": command.encounter or known["encounter"]})
    open_call = open_call_of(batch.conn, command.ward, bed)
    if open_call is not None:
        return _changed(batch, command, open_call, rules.pressed(open_call, reason, at))
    return _opened(
        batch,
        command,
        id=command.id,
        bed=bed,
        encounter=command.encounter or occupant_of(batch.conn, command.ward, bed),
        reason=reason,
        cls=class_of(reason),
        raised_at=at,
        raised_by=command.actor.kind,
        pressed_at=at,
        rang_at=at,
    )


def refine(batch: Batch, command: Command, body: RefineCall) -> int:
    """The reason of a call is known now."""
    call = _call(batch, command, body.call)
    return _changed(batch, command, call, rules.refined(call, body.reason, min(command.measured_at, batch.now)))


def acknowledge(batch: Batch, command: Command, body: AcknowledgeCall) -> int:
    """A nurse has taken the call."""
    staff_only(command)
    call = _call(batch, command, body.call)
    return _changed(
        batch,
        command,
        call,
        rules.acknowledged(call, command.measured_at, str(command.actor), body.eta_min),
    )


def arrive(batch: Batch, command: Command, body: ArriveAtCall) -> int:
    """Somebody of the staff is at the bed."""
    staff_only(command)
    call = _call(batch, command, body.call)
    return _changed(batch, command, call, rules.arrived(call, command.measured_at, str(command.actor)))


def resolve(batch: Batch, command: Command, body: ResolveCall) -> int:
    """The call is dealt with."""
    staff_only(command)
    call = _call(batch, command, body.call)
    changed = rules.resolved(call, command.measured_at, str(command.actor), body.outcome)
    return _changed(batch, command, call, changed)


def cancel(batch: Batch, command: Command, body: CancelCall) -> int:
    """The patient takes the call back, if it is not too late."""
    call = call_called(batch.conn, body.call)
    if call is None:
        raise NotFound(what="call", name=body.call)
    _check_place(batch, command, call)
    return _changed(batch, command, call, rules.cancelled(call, command.measured_at, str(command.actor)))


def _call(batch: Batch, command: Command, press: str) -> dict[str, Any]:
    found = call_called(batch.conn, press)
    if found is not None:
        _check_place(batch, command, found)
        return found
    if command.bed is None:
        raise InvalidInput(detail="a call nobody knows, without a bed")
    # The cart heard the bed's own notice while we did not: keep what it reports, the call itself will come.
    at = command.measured_at
    row: dict[str, Any] = dict.fromkeys(_CALL.c.keys())
    row |= {"id": press, "ward": command.ward, "bed": command.bed, "encounter": command.encounter}
    row |= {"cls": UNKNOWN_CLASS, "state": "raised", "count": 1, "raised_at": at, "pressed_at": at, "rang_at": at}
    row["received_at"] = batch.now
    batch.conn.execute(insert(_CALL).values(row))
    follow_call(batch.conn, None, row)
    return row


def _check_place(batch: Batch, command: Command, call: dict[str, Any]) -> None:
    device = batch.census.device(batch.conn, command.device)
    if call["ward"] != command.ward or (device is not None and device.bed not in (None, call["bed"])):
        raise NotAllowed(N_("This call is of another bed or ward."))


def _opened(batch: Batch, command: Command, **fields: Any) -> int:
    row = {"ward": command.ward, "state": "raised", "count": 1, "received_at": batch.now} | fields
    batch.conn.execute(insert(_CALL).values(row))
    follow_call(batch.conn, None, {"arrived_at": None} | row)
    return _tell(batch, command, row)


def _changed(batch: Batch, command: Command, call: dict[str, Any], changed: rules.Changed) -> int:
    # Also what changes nothing is told: the device that reported it waits for the server's word.
    if changed:
        batch.conn.execute(update(_CALL).where(_CALL.c.id == call["id"]).values(changed))
        follow_call(batch.conn, call, call | changed)
    return _tell(batch, command, call)


def _tell(batch: Batch, command: Command, call: dict[str, Any]) -> int:
    view = call_view(batch.conn, call["id"])
    if view is None:
        raise NotFound(what="call", name=call["id"])
    seq = batch.change(
        call["ward"],
        "call.changed",
        view.model_dump(mode="json", exclude_none=True),
        command=command,
        actor=str(command.actor),
        bed=call["bed"],
        encounter=view.encounter,
    )
    note_unknown_actor(batch, command, ward=call["ward"], encounter=view.encounter, bed=call["bed"])
    return seq


def _by(apply: Callable[[Batch, Command, Any], int], *devices: str, request: bool = False) -> Handler:
    return Handler(apply, request=request, devices=frozenset(devices))


HANDLERS = {
    "call.raise": _by(raise_call, "terminal", "cart"),
    "call.refine": _by(refine, "terminal", "cart"),
    "call.acknowledge": _by(acknowledge, "cart", "terminal"),
    "call.arrive": _by(arrive, "cart", "terminal"),
    "call.resolve": _by(resolve, "cart", "terminal"),
    "call.cancel": _by(cancel, "terminal", request=True),
}
