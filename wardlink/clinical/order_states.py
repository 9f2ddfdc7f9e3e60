"""The life of an order: which act leads from which state to which. What is absent is no move.

Source: ward domain sheet 4.4.
"""

from __future__ import annotations

from typing import Literal

OrderState = Literal[
    "issued",  # a doctor has signed it
    "reviewed",  # a pharmacist has approved its drugs
    "transcribed",  # one nurse has taken it over
    "active",  # a second nurse has checked it: it is carried out
    "on-hold",
    "stopped",
    "completed",
    "rejected",  # sent back by the pharmacist or a nurse
    "cancelled",  # taken back before anything was done
    "entered-in-error",
]
OrderAct = Literal[
    "review", "reject", "transcribe", "check", "hold", "resume", "stop", "complete", "cancel", "mark-wrong"
]

MOVES: dict[tuple[OrderState, OrderAct], OrderState] = {
    ("issued", "review"): "reviewed",
    ("issued", "reject"): "rejected",
    ("reviewed", "reject"): "rejected",
    # What is no drug needs no pharmacist; `needs_review` says which.
    ("issued", "transcribe"): "transcribed",
    ("reviewed", "transcribe"): "transcribed",
    ("transcribed", "check"): "active",
    ("transcribed", "reject"): "rejected",
    ("active", "hold"): "on-hold",
    ("on-hold", "resume"): "active",
    ("active", "stop"): "stopped",
    ("on-hold", "stop"): "stopped",
    ("active", "complete"): "completed",
    ("issued", "cancel"): "cancelled",
    ("reviewed", "cancel"): "cancelled",
    ("transcribed", "cancel"): "cancelled",
    ("active", "cancel"): "cancelled",
    ("on-hold", "cancel"): "cancelled",
    ("active", "mark-wrong"): "entered-in-error",
    ("on-hold", "mark-wrong"): "entered-in-error",
    ("stopped", "mark-wrong"): "entered-in-error",
    ("completed", "mark-wrong"): "entered-in-error",
}

OPEN: frozenset[OrderState] = frozenset({"issued", "reviewed", "transcribed", "active", "on-hold"})
"""Somebody still has to do something about it."""

DRUG_CATEGORIES = frozenset({"drug", "infusion", "injection", "nebuliser", "skin-test"})
"""Orders of drugs: a pharmacist reviews them, and each is split into doses."""


def after(state: OrderState, act: OrderAct) -> OrderState | None:
    """The state after this act; None if it is no move."""
    return MOVES.get((state, act))
