"""How far a request has come. Words of the states: FHIR R4 Task.status."""

from __future__ import annotations

from typing import Literal

from wardlink.i18n import N_, gettext

RequestState = Literal["requested", "accepted", "in-progress", "completed", "rejected", "cancelled"]
RequestAct = Literal["accept", "begin", "complete", "reject", "cancel", "end"]
"""`cancel` is the patient's; `end`: the stay, or its time in the ward, is over."""

MOVES: dict[tuple[RequestState, RequestAct], RequestState] = {
    ("requested", "accept"): "accepted",
    ("requested", "begin"): "in-progress",
    # Told late, or not at all: what is done is done, whatever was told before.
    ("requested", "complete"): "completed",
    ("requested", "reject"): "rejected",
    ("requested", "cancel"): "cancelled",
    ("requested", "end"): "cancelled",
    ("accepted", "begin"): "in-progress",
    ("accepted", "complete"): "completed",
    ("accepted", "reject"): "rejected",
    ("accepted", "cancel"): "cancelled",
    ("accepted", "end"): "cancelled",
    ("in-progress", "complete"): "completed",
    ("in-progress", "reject"): "rejected",
    ("in-progress", "end"): "cancelled",
}

OPEN: frozenset[RequestState] = frozenset({"requested", "accepted", "in-progress"})
"""Somebody still waits."""

STATES: dict[RequestState, str] = {
    "requested": N_("asked for"),
    "accepted": N_("accepted"),
    "in-progress": N_("under way"),
    "completed": N_("done"),
    "rejected": N_("not possible"),
    "cancelled": N_("cancelled"),
}
"""In words."""


def after(state: RequestState, act: RequestAct) -> RequestState | None:
    """The state after an act; None where it is no move."""
    return MOVES.get((state, act))


def state_text(state: RequestState) -> str:
    """A state in words, in the language of this context."""
    return gettext(STATES[state])
