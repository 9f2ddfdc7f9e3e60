"""What one fact adds to the terms of its ward and day. Pure; `sums` keeps the totals.

A call, a dose or a line of a bill counts for the day on which it was raised, was due, or was charged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import orjson

from server.kpis.days import number_of
from wardlink.clinical.call_reasons import call_reasons, class_of
from wardlink.clock import ward_date
from wardlink.messages.doses import DoseView

_LEFT_OUT = frozenset({"cancelled", "held", "refused"})

TERMS = ("calls", "calls_in_time", "doses", "doses_in_time", "charged_fen", "drugs_fen")
"""Every term that is summed."""

DRUGS = "drug"
"""The category of drugs in the price list."""

Key = tuple[str, int, str]
"""Ward, day and term."""

Added = Mapping[Key, int]


@cache
def rules_in_force() -> str:
    """The times by which calls are judged, in short: other times ask for counting anew."""
    times = {code: (reason.cls, reason.arrive_within.total_seconds()) for code, reason in call_reasons().items()}
    return hashlib.sha256(orjson.dumps(times, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


@dataclass(frozen=True)
class CallTimes:
    """How soon a call is to be answered, and somebody to be at the bed."""

    acknowledge_within: timedelta
    arrive_within: timedelta


def times_of_call(cls: str, reason: str | None) -> CallTimes:
    """What holds for a call: a call whose reason nobody has said has the shortest times of its class."""
    known = call_reasons().get(reason or "")
    if known is not None:
        return CallTimes(known.acknowledge_within, known.arrive_within)
    return _shortest().get(cls, CallTimes(timedelta(), timedelta()))


@cache
def _shortest() -> Mapping[str, CallTimes]:
    found: dict[str, CallTimes] = {}
    for code, reason in call_reasons().items():
        cls = class_of(code)
        other = found.get(cls, CallTimes(reason.acknowledge_within, reason.arrive_within))
        found[cls] = CallTimes(
            min(reason.acknowledge_within, other.acknowledge_within), min(reason.arrive_within, other.arrive_within)
        )
    return found


def of_call(call: Mapping[str, Any]) -> Added:
    """A row of the calls. What the patient took back counts nothing; a call to which nobody has come is late."""
    if call["state"] == "cancelled":
        return {}
    within = times_of_call(call["cls"], call["reason"]).arrive_within
    arrived = call["arrived_at"]
    is_in_time = arrived is not None and arrived - call["raised_at"] <= within
    return _terms(call["ward"], ward_date(call["raised_at"]), calls=1, calls_in_time=int(is_in_time))


def of_dose(ward: str, dose: DoseView) -> Added:
    """A dose with a time at which it is due. One taken back with its order, held or refused counts nothing."""
    if dose.due_at is None or dose.opens_at is None or dose.closes_at is None or dose.state in _LEFT_OUT:
        return {}
    begun = min((event.at for event in dose.givings() if event.counted), default=None)
    is_in_time = begun is not None and dose.opens_at <= begun <= dose.closes_at
    return _terms(ward, ward_date(dose.due_at), doses=1, doses_in_time=int(is_in_time))


def of_line(ward: str, on: date, category: str, amount_fen: int) -> Added:
    """A line of a bill, or what takes one back: with an amount below nought, on the day on which that was known."""
    return _terms(ward, on, charged_fen=amount_fen, drugs_fen=amount_fen if category == DRUGS else 0)


def _terms(ward: str, on: date, **terms: int) -> Added:
    return {(ward, number_of(on), term): n for term, n in terms.items() if n}
