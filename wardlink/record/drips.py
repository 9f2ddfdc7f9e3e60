"""An infusion that runs: how much of it is left by the last look, and when somebody should look again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wardlink.clinical.infusion import is_nearly_empty, next_patrol_at, remaining_ml, stays_full_for
from wardlink.messages.doses import DoseEvent, DoseView


@dataclass(frozen=True)
class Drip:
    """How it stood when somebody last looked. `rate_ml_per_h` is 0 while it is paused."""

    started_at: datetime
    looked_at: datetime
    left_ml: float
    rate_ml_per_h: float
    volume_ml: float

    def left_now_ml(self, now: datetime) -> float:
        """An estimate by the rate; only a look knows."""
        return remaining_ml(self.left_ml, self.rate_ml_per_h, self.looked_at, now)

    def is_nearly_empty(self, now: datetime) -> bool:
        """Whether somebody should come."""
        return is_nearly_empty(self.left_now_ml(now), self.rate_ml_per_h)

    @property
    def patrol_at(self) -> datetime:
        """When the next look is due."""
        return next_patrol_at(self.started_at, self.looked_at)

    @property
    def nearly_empty_at(self) -> datetime | None:
        """When the bag will be nearly empty at this rate; None while nothing drips."""
        if self.rate_ml_per_h <= 0:
            return None
        return self.looked_at + stays_full_for(self.left_ml, self.rate_ml_per_h)


def drip_of(dose: DoseView) -> Drip | None:
    """The infusion of a dose that runs or rests; None for every other dose."""
    if dose.state not in ("running", "paused"):
        return None
    drip: Drip | None = None
    for event in dose.events:
        if event.struck_at is None and event.counted:
            drip = _after(drip, event)
    return drip


def _after(drip: Drip | None, event: DoseEvent) -> Drip | None:
    if event.act == "start" and event.volume_ml is not None and event.rate_ml_per_h is not None:
        return Drip(event.at, event.at, event.volume_ml, event.rate_ml_per_h, event.volume_ml)
    if drip is None or event.act not in ("patrol", "pause", "resume"):
        return drip
    left = event.remaining_ml if event.remaining_ml is not None else drip.left_now_ml(event.at)
    rate = 0.0 if event.act == "pause" else event.rate_ml_per_h
    return Drip(drip.started_at, event.at, left, drip.rate_ml_per_h if rate is None else rate, drip.volume_ml)
