"""The life of a dose: one order at one due time. What is absent is no move.

Source: ward domain sheet 4.4.
"""

from __future__ import annotations

from typing import Literal

DoseState = Literal[
    "planned",
    "running",  # an infusion drips
    "paused",
    "done",
    "held",  # not given for now, with a reason
    "refused",  # by the patient
    "missed",
    "cancelled",  # its order was stopped
]
DoseAct = Literal["give", "start", "pause", "resume", "end", "hold", "refuse", "miss", "cancel", "strike"]

MOVES: dict[tuple[DoseState, DoseAct], DoseState] = {
    ("planned", "give"): "done",
    ("planned", "start"): "running",
    ("running", "pause"): "paused",
    ("paused", "resume"): "running",
    ("running", "end"): "done",
    ("paused", "end"): "done",
    ("planned", "hold"): "held",
    ("planned", "refuse"): "refused",
    ("planned", "miss"): "missed",
    ("planned", "cancel"): "cancelled",
    # Minds change within the window: the patient takes it after all, or it is found in time.
    ("held", "give"): "done",
    ("held", "start"): "running",
    ("refused", "give"): "done",
    ("refused", "start"): "running",
    ("missed", "give"): "done",
    ("missed", "start"): "running",
    # A wrong entry is struck out and the dose stands as if it had not been made.
    ("done", "strike"): "planned",
    ("running", "strike"): "planned",
    ("paused", "strike"): "planned",
    ("held", "strike"): "planned",
    ("refused", "strike"): "planned",
    ("missed", "strike"): "planned",
}

GIVEN: frozenset[DoseState] = frozenset({"running", "paused", "done"})
"""Something of it is in the patient."""

WAITING: frozenset[DoseState] = frozenset({"planned", "running", "paused"})
"""Somebody still has to do something about it."""


def after(state: DoseState, act: DoseAct) -> DoseState | None:
    """The state after this act; None if it is no move."""
    return MOVES.get((state, act))
