"""Bag labels and what they were made for: which label a dose gets, and why a label that is scanned does not fit it.

A label is printed when a bag is prepared, hours before it is given; what has happened since shows here. Pure.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from wardlink.codes.kinds import BagLabel
from wardlink.messages.doses import DoseView
from wardlink.messages.orders import OrderView

VERSION = 1
"""An order is never altered, only replaced by another: what hangs on it is always its first version."""

Fault = Literal[
    "bag-unknown",  # nobody here knows what it was made for
    "bag-superseded",  # its order was replaced by another
    "bag-stopped",
    "bag-returned",  # the order, or this dose of it, was taken back: it goes to the pharmacy
    "bag-expired",
    "bag-mismatch",  # names a dose that its order does not have, or another time
    "bag-given",
]

_TAKEN_BACK = frozenset({"rejected", "cancelled", "entered-in-error"})


def label_of(dose: DoseView, *, use_by: datetime | None = None) -> BagLabel:
    """What is printed on the bag of a dose. `use_by`: until when it may be hung, as the pharmacy says.

    Raises:
        ValueError: it belongs to no stay, or has no due time: it is not prepared ahead.
    """
    if dose.encounter is None or dose.due_at is None:
        raise ValueError("not prepared ahead")
    return BagLabel(dose.encounter, dose.order, VERSION, dose.due_at, dose.id, use_by)


def fault_of(label: BagLabel, order: OrderView | None, dose: DoseView | None, now: datetime) -> Fault | None:
    """Why this bag must not be hung; None where it is the bag of this dose. The gravest first."""
    if order is not None and (order.replaced_by is not None or label.version != VERSION):
        return "bag-superseded"
    if order is not None and order.state in _TAKEN_BACK:
        return "bag-returned"
    if order is not None and order.state == "stopped" and (order.stop_at is None or now >= order.stop_at):
        return "bag-stopped"
    if label.use_by is not None and now > label.use_by:
        return "bag-expired"
    if dose is None:
        return "bag-unknown" if order is None else "bag-mismatch"
    if dose.order != label.group or dose.encounter != label.encounter or not _is_due(dose, label.due_at):
        return "bag-mismatch"
    if dose.state == "cancelled":
        return "bag-returned"
    return "bag-given" if dose.state in ("running", "paused", "done") else None


def _is_due(dose: DoseView, at: datetime) -> bool:
    # The label keeps minutes.
    return dose.due_at is not None and timedelta(0) <= dose.due_at - at < timedelta(minutes=1)
