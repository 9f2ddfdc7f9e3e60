"""What a report about a call makes of it. Pure: rows in, changed columns out; the handlers read and write.

Reports come late and out of order, from carts that were out of reach. Whatever the order, the earliest nurse
who took a call is the one who took it, and nothing that happened before a press silences that press.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wardlink.clinical.call_reasons import class_of, higher, may_cancel, refined_class, refined_reason
from wardlink.errors import Collision
from wardlink.i18n import N_
from wardlink.messages.calls import CallClass

OPEN = ("raised", "acknowledged", "arrived")

Row = Mapping[str, Any]
Changed = dict[str, Any]

# State now, report: state afterwards. What is absent cannot be, and is told to who reported it.
MOVES = {
    ("raised", "call.acknowledge"): "acknowledged",
    ("raised", "call.arrive"): "arrived",
    ("raised", "call.resolve"): "resolved",
    ("raised", "call.cancel"): "cancelled",
    ("acknowledged", "call.acknowledge"): "acknowledged",  # a second nurse took it too
    ("acknowledged", "call.arrive"): "arrived",
    ("acknowledged", "call.resolve"): "resolved",
    ("acknowledged", "call.cancel"): "cancelled",
    ("arrived", "call.acknowledge"): "arrived",  # told late: who took it is still filled in
    ("arrived", "call.arrive"): "arrived",
    ("arrived", "call.resolve"): "resolved",
    ("resolved", "call.acknowledge"): "resolved",
    ("resolved", "call.arrive"): "resolved",
    ("resolved", "call.resolve"): "resolved",  # dealt with twice: both outcomes are kept
    ("cancelled", "call.acknowledge"): "cancelled",
    ("cancelled", "call.arrive"): "cancelled",
    ("cancelled", "call.resolve"): "cancelled",
}


def pressed(call: Row, reason: str | None, at: datetime) -> Changed:
    """The open call after another press of the same bed, at `at`: they merge, and the highest class wins.

    It rings again if it has become more urgent, or if somebody was there already: whoever that was has left.
    """
    cls = higher(call["cls"], class_of(reason))
    changed: Changed = {"count": call["count"] + 1, "cls": cls, "pressed_at": max(at, call["pressed_at"])}
    if cls != call["cls"] or (call["reason"] is None and class_of(reason) == cls):
        changed["reason"] = reason
    if cls != call["cls"] or call["state"] == "arrived":
        changed |= _ringing(at)
    return changed


def refined(call: Row, reason: str, at: datetime) -> Changed:
    """The call once its reason is said, at `at`; it rings again where that makes it more urgent."""
    cls: CallClass = refined_class(call["cls"], reason, former=call["reason"], count=call["count"])
    changed: Changed = {"cls": cls, "reason": refined_reason(cls, reason, former=call["reason"])}
    if call["state"] in OPEN[1:] and cls != call["cls"] and higher(cls, call["cls"]) == cls:
        changed |= _ringing(max(at, call["rang_at"]))
    return changed


def acknowledged(call: Row, at: datetime, by: str, eta_min: int | None) -> Changed:
    """The call once a nurse has taken it at `at`; of two who did, the earlier one has it."""
    state = MOVES[call["state"], "call.acknowledge"]
    if _superseded(call, at) or (call["acknowledged_at"] is not None and call["acknowledged_at"] <= at):
        return {}
    return {"state": state, "acknowledged_at": at, "acknowledged_by": by, "eta_min": eta_min}


def arrived(call: Row, at: datetime, by: str) -> Changed:
    """The call once somebody is at the bed, at `at`; of two who were, the earlier one counts."""
    state = MOVES[call["state"], "call.arrive"]
    if _superseded(call, at) or (call["arrived_at"] is not None and call["arrived_at"] <= at):
        return {}
    return {"state": state, "arrived_at": at, "arrived_by": by}


def resolved(call: Row, at: datetime, by: str, outcome: str) -> Changed:
    """The call once it is dealt with, at `at`. A press after that keeps it open.

    Raises:
        Collision: a P1 that nobody has arrived at; it is ended by staff at the bed.
    """
    state = MOVES[call["state"], "call.resolve"]
    if state == call["state"]:
        return {} if outcome == call["outcome"] else {"outcome": "; ".join(filter(None, (call["outcome"], outcome)))}
    if at < call["pressed_at"]:
        return {}
    if call["cls"] == "P1" and call["state"] != "arrived":
        raise Collision(N_("This call is urgent: it can be ended only at the bed, by somebody who has arrived there."))
    return {"state": state, "closed_at": at, "closed_by": by, "outcome": outcome}


def cancelled(call: Row, at: datetime, by: str) -> Changed:
    """The call once the patient has taken it back, at `at`.

    Raises:
        Collision: too late, too urgent, or somebody is there or was.
    """
    if (call["state"], "call.cancel") not in MOVES:
        raise Collision(N_("Somebody has come for this call already; it cannot be taken back."))
    if not may_cancel(call["cls"], at - call["raised_at"]):
        raise Collision(N_("This call can no longer be taken back; the nurse will come."))
    return {"state": "cancelled", "closed_at": at, "closed_by": by}


def _superseded(call: Row, at: datetime) -> bool:
    # Taken before it last began to ring: that was the earlier, less urgent call.
    return call["state"] in OPEN and at < call["rang_at"]


def _ringing(at: datetime) -> Changed:
    return {
        "state": "raised",
        "rang_at": at,
        "acknowledged_at": None,
        "acknowledged_by": None,
        "eta_min": None,
        "arrived_at": None,
        "arrived_by": None,
    }
