"""The patient's call: raised with one tap, refined by a reason, followed until somebody has been there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from math import ceil
from typing import TYPE_CHECKING

from wardlink.clinical.call_reasons import CallClass, class_of, higher, may_cancel, refined_class
from wardlink.errors import WardlinkError
from wardlink.ids import new_id
from wardlink.messages.base import Actor
from wardlink.messages.calls import CallChanged, CallNotice, CancelCall, RaiseCall, RefineCall

if TYPE_CHECKING:
    from datetime import datetime

    from bedside.ports import Place, Terminal
    from bedside.usecases.session import Session

REPEAT_AFTER = timedelta(seconds=10)
"""A second tap so soon is a trembling finger; after it, the same button calls again."""

SHOWN_AFTER_END = timedelta(seconds=60)
"""So long a call that is over is still shown as such."""

CANCELLING = timedelta(seconds=5)
"""A wish to take a call back that got no answer in this time has failed: somebody will come."""

PAGES: tuple[tuple[str, ...], ...] = (
    ("CHEST", "BREATH", "PAIN", "INFUSION", "ELIM", "MOVE"),
    ("FALL", "BLEED", "TUBE", "TOILET", "EMERG", "NAUSEA"),
    ("FEVER", "WATER", "MEAL", "QUESTION", "ENV"),
)
"""The reasons, six on a page, those first that are said most often or cannot wait. A default of this product."""


class Stage(Enum):
    """How far a call has come."""

    FAILED = "failed"
    UNSENT = "unsent"
    DELIVERED = "delivered"
    TAKEN = "taken"
    THERE = "there"
    DONE = "done"
    CANCELLED = "cancelled"


OPEN = (Stage.UNSENT, Stage.DELIVERED, Stage.TAKEN, Stage.THERE)


@dataclass(frozen=True)
class Call:
    """A call as the patient sees it. `eta_at`: when the nurse said that she would be here.

    `rung`: the ward's carts were told directly, though the server may not have it yet.
    """

    id: str
    stage: Stage
    cls: CallClass
    reason: str | None
    count: int
    raised_at: datetime
    rung: bool = False
    by: str | None = None
    eta_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to come or is there."""
        return self.stage in OPEN

    @property
    def is_waiting(self) -> bool:
        """Whether nobody is there yet."""
        return self.is_open and self.stage is not Stage.THERE

    def eta_min(self, now: datetime) -> int | None:
        """Minutes until the nurse said she would be here; 0 once they are over, None if she said none."""
        if self.eta_at is None:
            return None
        return max(0, ceil((self.eta_at - now) / timedelta(minutes=1)))

    def cancel_left_s(self, now: datetime) -> int:
        """Seconds in which the patient may still take it back; 0 if not."""
        age = now - self.raised_at
        if self.stage not in (Stage.UNSENT, Stage.DELIVERED) or not may_cancel(self.cls, age):
            return 0
        return next((s for s in range(10, 0, -1) if may_cancel(self.cls, age + timedelta(seconds=s))), 1)


@dataclass(frozen=True)
class Press:
    """One press of the button. `error`: this terminal's own disk did not take it; nothing was queued."""

    id: str
    at: datetime
    rung: bool
    error: WardlinkError | None = None


def press(terminal: Terminal, place: Place, session: Session | None, reason: str | None = None) -> Press:
    """Raise a call at once: into the outbox, and straight to the ward's carts. Needs no login.

    A disk that fails does not keep the carts from ringing.
    """
    at = terminal.clock.now()
    actor = session.actor if session else Actor(kind="device", id=place.device)
    call_id, error = new_id(), None
    try:
        command = terminal.record(
            "call.raise",
            RaiseCall(reason=reason),
            actor=actor,
            encounter=session.encounter if session else None,
            bed=place.bed,
        )
        call_id, at = command.id, command.measured_at
    except WardlinkError as failed:
        error = failed
    return Press(call_id, at, _ring(terminal, place, call_id, reason, class_of(reason), at), error)


def refine(terminal: Terminal, place: Place, session: Session | None, call: Call, reason: str) -> None:
    """Say why. A more urgent call rings anew on carts that have heard only from this bed.

    Raises:
        StoreFailed: it could not be kept; the call itself stands.
    """
    actor = session.actor if session else Actor(kind="device", id=place.device)
    encounter = session.encounter if session else None
    body = RefineCall(call=call.id, reason=reason)
    terminal.record("call.refine", body, actor=actor, encounter=encounter, bed=place.bed)
    cls = refined_class(call.cls, reason, former=call.reason, count=call.count)
    if higher(cls, call.cls) != call.cls:
        _ring(terminal, place, call.id, reason, cls, call.raised_at)


def cancel(terminal: Terminal, place: Place, session: Session | None, call: Call) -> None:
    """Ask to take a small call back. The server may say that it is too late.

    Raises:
        StoreFailed: it could not be kept; the call stands.
    """
    actor = session.actor if session else Actor(kind="device", id=place.device)
    encounter = session.encounter if session else None
    terminal.record("call.cancel", CancelCall(call=call.id), actor=actor, encounter=encounter, bed=place.bed)


def calls_again(call: Call | None, last: Press | None, now: datetime, *, is_shown: bool) -> bool:
    """Whether a tap on Call raises one: always, unless one is on its way.

    Then the first tap shows it, and a tap on the page that shows it calls again, but not twice by a trembling finger.
    """
    if last is not None and timedelta(0) <= now - last.at < REPEAT_AFTER:
        return False
    return call is None or not call.is_waiting or is_shown


def current(terminal: Terminal, place: Place, last: Press | None, now: datetime) -> Call | None:
    """The call of this bed that matters: an open one, what became of the last press, or one that has just ended."""
    here = {call.id: call for call in terminal.replica.calls() if call.bed == place.bed}
    entries = {entry.id: entry for entry in terminal.outbox.entries() if entry.kind == "call.raise"}
    unsent = {id for id, entry in entries.items() if entry.state in ("waiting", "sent")}
    for call_id in unsent - set(here):
        # After half an hour the replica lets go of a call that was only heard; here it still waits to be sent.
        here |= _from_outbox(terminal, call_id)
    open_ones = [call for call in here.values() if call.state not in ("resolved", "cancelled")]
    if open_ones:
        # Of several the first that the server has holds the answers; calls that wait only count with it.
        first = min(open_ones, key=lambda c: (c.received_at is None, c.cls, c.raised_at, c.id))
        return _seen(first, first.id in unsent, last)
    if last is not None and (last.error is not None or _was_refused(entries.get(last.id))):
        failed = Call(last.id, Stage.FAILED, class_of(None), None, 1, last.at, last.rung)
        return failed if now - last.at < SHOWN_AFTER_END * 10 else None
    ended = [call for call in here.values() if call.closed_at and now - call.closed_at <= SHOWN_AFTER_END]
    newest = max(ended, key=lambda call: call.closed_at or call.raised_at, default=None)
    return None if newest is None else _seen(newest, False, last)


def _seen(call: CallChanged, is_unsent: bool, last: Press | None) -> Call:
    eta_at = None
    if call.eta_min is not None and call.acknowledged_at is not None:
        eta_at = call.acknowledged_at + timedelta(minutes=call.eta_min)
    return Call(
        id=call.id,
        stage=_stage(call, is_unsent),
        cls=call.cls,
        reason=call.reason,
        count=call.count,
        raised_at=call.raised_at,
        rung=last is not None and last.id == call.id and last.rung,
        by=call.arrived_name or call.acknowledged_name,
        eta_at=eta_at,
        ended_at=call.closed_at,
    )


def _stage(call: CallChanged, is_unsent: bool) -> Stage:
    told = {
        "acknowledged": Stage.TAKEN,
        "arrived": Stage.THERE,
        "resolved": Stage.DONE,
        "cancelled": Stage.CANCELLED,
    }
    return told.get(call.state) or (Stage.UNSENT if is_unsent and call.received_at is None else Stage.DELIVERED)


def _from_outbox(terminal: Terminal, call_id: str) -> dict[str, CallChanged]:
    command = terminal.outbox.command(call_id)
    if command is None:
        return {}
    reason = RaiseCall.model_validate(command.body).reason
    raised_at, bed = command.measured_at, command.bed or ""
    return {
        call_id: CallChanged(
            id=call_id, bed=bed, reason=reason, cls=class_of(reason), state="raised", raised_at=raised_at
        )
    }


def _was_refused(entry: object) -> bool:
    return getattr(entry, "state", None) in ("refused", "parked")


def _ring(
    terminal: Terminal, place: Place, call_id: str, reason: str | None, cls: CallClass, raised_at: datetime
) -> bool:
    return terminal.notify_call(CallNotice(id=call_id, bed=place.bed, reason=reason, cls=cls, raised_at=raised_at))
