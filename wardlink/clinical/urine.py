"""When urine asks for help: too little or too much in a day, too little an hour."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal

from wardlink.clinical.exact import exact
from wardlink.clinical.fluid_balance import Flow
from wardlink.clinical.tables import load
from wardlink.i18n import N_, gettext

UrineSays = Literal["anuria", "oliguria", "polyuria"]

_WORDS = {"anuria": N_("anuria"), "oliguria": N_("oliguria"), "polyuria": N_("polyuria")}


def urine_text(says: UrineSays) -> str:
    """The word for it, in the language of this context."""
    return gettext(_WORDS[says])


def urine_of_day(urine_ml: float | None, *, hours: int = 24) -> UrineSays | None:
    """What the urine of a nursing day says that is over; None where it is usual, or where nothing was written down.

    `hours`: how long the patient was here; less than a whole day is judged by the hour.

    Source: ward domain sheet 1.6.
    """
    if urine_ml is None or hours <= 0:
        return None
    row = load("fluid_balance")["urine"]
    volume = exact(urine_ml)
    if hours >= 24:
        if volume < row["anuria_below_ml"]:
            return "anuria"
        if volume < row["oliguria_below_ml"]:
            return "oliguria"
    elif volume < row["oliguria_below_ml_per_h"] * hours:
        return "oliguria"
    return "polyuria" if volume > row["polyuria_above_ml"] else None


def slow_urine_ml_per_kg_h(flows: Iterable[Flow], weight_kg: float | None) -> float | None:
    """How slowly a catheter runs, if that asks for help; None where it runs well, or where nothing can be said.

    From the newest emptying back to one that lies at least two hours before it. Who passes urine without a catheter
    is not judged: a bladder that was not emptied says nothing.

    Source: ward domain sheet 1.6; the rule is of this product [D].
    """
    row = load("fluid_balance")["urine_rate"]
    emptied = sorted(
        (f for f in flows if f.kind == "urine" and f.manner == "catheter" and f.volume_ml is not None),
        key=lambda flow: flow.at,
    )
    if not emptied or not weight_kg:
        return None
    newest = emptied[-1]
    before = [flow for flow in emptied if newest.at - flow.at >= timedelta(hours=row["over_h"])]
    if not before:
        return None
    hours = exact((newest.at - before[-1].at) / timedelta(hours=1))
    came = sum(exact(flow.volume_ml or 0) for flow in emptied if before[-1].at < flow.at <= newest.at)
    rate = came / hours / exact(weight_kg)
    return float(rate) if rate < exact(row["below_ml_per_kg_h"]) else None
