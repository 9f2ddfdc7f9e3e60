"""A patient's call: raised at the bed, refined, acknowledged, arrived at, resolved."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from wardlink.ids import Id, Slug
from wardlink.messages.base import Actor, Instant, Message

CallClass = Literal["P1", "P2", "P3", "P4"]
CallState = Literal["raised", "acknowledged", "arrived", "resolved", "cancelled"]


class RaiseCall(Message):
    """Fact: somebody at this bed pressed Call. A call without a reason yet counts as P2."""

    reason: str | None = Field(default=None, max_length=20)
    place: Literal["bed", "toilet"] = "bed"


class RefineCall(Message):
    """Fact: the reason of a call became known; repeats merge and the highest class wins."""

    call: Id
    reason: str = Field(max_length=20)


class AcknowledgeCall(Message):
    """Fact: a nurse has taken the call and says when she will be there."""

    call: Id
    eta_min: int | None = Field(default=None, ge=0, le=120)


class ArriveAtCall(Message):
    """Fact: somebody is at the bed."""

    call: Id


class ResolveCall(Message):
    """Fact: the call is dealt with. A P1 can be resolved only by staff at the bed, that is after arriving."""

    call: Id
    outcome: str = Field(default="helped", max_length=200)


class CancelCall(Message):
    """Request: the patient takes back a P3 or P4 within ten seconds."""

    call: Id


class CallChanged(Message):
    """Change `call.changed`: a call as everybody holds it. `id` is the id of the command that raised it."""

    id: Id
    bed: Slug
    encounter: Id | None = None
    reason: str | None = None
    cls: CallClass
    state: CallState
    count: int = 1
    raised_at: Instant
    received_at: Instant | None = None
    acknowledged_at: Instant | None = None
    acknowledged_by: Actor | None = None
    acknowledged_name: str | None = None
    eta_min: int | None = None
    arrived_at: Instant | None = None
    arrived_name: str | None = None
    closed_at: Instant | None = None
    outcome: str | None = None


class CallNotice(Message):
    """What goes from the terminal straight to the carts, so that it rings while the server is down."""

    v: int = 1
    id: Id
    bed: Slug
    reason: str | None = None
    cls: CallClass
    raised_at: Instant
