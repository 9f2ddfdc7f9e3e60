"""Drops, millilitres and hours: the arithmetic of an infusion, and what it asks of the nurse meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

from wardlink.clinical.exact import exact
from wardlink.clinical.tables import load


def drops_per_min(volume_ml: float, minutes: float, gtt_per_ml: int) -> int:
    """How fast to drip so that `volume_ml` is in after `minutes`, to the nearest drop; half a drop counts as one.

    Raises:
        ValueError: no volume, no time, or a giving set that nobody has.
    """
    _check_set(gtt_per_ml)
    return _nearest(_positive(volume_ml) * gtt_per_ml / _positive(minutes))


def ml_per_hour(volume_ml: float, minutes: float) -> float:
    """The same as a pump is set, to a tenth of a millilitre.

    Raises:
        ValueError: no volume or no time.
    """
    return _nearest(_positive(volume_ml) * 600 / _positive(minutes)) / 10


def minutes_to_run(volume_ml: float, gtt_per_min: float, gtt_per_ml: int) -> int:
    """How long `volume_ml` lasts at this rate, to the nearest minute.

    Raises:
        ValueError: no volume, no rate, or a giving set that nobody has.
    """
    _check_set(gtt_per_ml)
    return _nearest(_positive(volume_ml) * gtt_per_ml / _positive(gtt_per_min))


def remaining_ml(volume_ml: float, rate_ml_per_h: float, since_at: datetime, now: datetime) -> float:
    """What is left of `volume_ml` that ran from `since_at` on at this rate; never below 0.

    An estimate: only a patrol knows what hangs there.
    """
    hours = max(0.0, (now - since_at).total_seconds() / 3600)
    return max(0.0, volume_ml - rate_ml_per_h * hours)


def is_nearly_empty(remaining: float, rate_ml_per_h: float) -> bool:
    """Whether somebody should come: little is left, or it will be over within minutes (ward domain sheet 4.8)."""
    row = load("infusion")["nearly"]["empty"]
    soon = rate_ml_per_h > 0 and remaining / rate_ml_per_h * 60 <= row["up_to_min"]
    return remaining <= row["up_to_ml"] or soon


def stays_full_for(remaining: float, rate_ml_per_h: float) -> timedelta:
    """For how long at this rate the bag is not yet nearly empty.

    Raises:
        ValueError: no rate.
    """
    row = load("infusion")["nearly"]["empty"]
    rate = float(_positive(rate_ml_per_h))
    spare_ml = remaining - max(row["up_to_ml"], rate * row["up_to_min"] / 60)
    return timedelta(hours=max(0.0, spare_ml) / rate)


def next_patrol_at(started_at: datetime, last_at: datetime) -> datetime:
    """When the infusion is looked after next: often in the first hour, then less."""
    rows = load("infusion")["patrol"]
    first = rows["first-hour"]
    young = last_at - started_at < timedelta(minutes=first["until_min"])
    return last_at + timedelta(minutes=(first if young else rows["later"])["every_min"])


def _check_set(gtt_per_ml: int) -> None:
    known = load("infusion")["drip"]["factors"]["gtt_per_ml"]
    if gtt_per_ml not in known:
        raise ValueError(f"no giving set has {gtt_per_ml} drops a millilitre")


def _positive(value: float) -> Fraction:
    if not value > 0:
        raise ValueError(f"{value} is nothing to drip")
    return Fraction(exact(value))


def _nearest(value: Fraction) -> int:
    return int(value + Fraction(1, 2))
