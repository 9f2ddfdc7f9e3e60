"""How old is too old: every value on a screen is fresh or shown as old, never silently stale."""

from __future__ import annotations

from datetime import datetime, timedelta

from wardlink.clinical.news2 import News2, NotApplicable, PartialNews2
from wardlink.clinical.news2_chart import SOURCES
from wardlink.clinical.tables import load

_SCORED = frozenset(name for names in SOURCES.values() for name in names)


def is_stale(measured_at: datetime, now: datetime, expected_every: timedelta) -> bool:
    """Whether a value has outlived the time in which the next one should have come.

    A value from further in the future than clocks may differ is stale as well: its age is not known.
    """
    ahead = timedelta(minutes=load("freshness")["clock"]["ahead_min"])
    return not -ahead <= now - measured_at <= expected_every


def ward_is_quiet(measured_at: datetime | None, now: datetime) -> bool:
    """Whether a ward with patients has been silent for too long; `measured_at` is the newest reading of all of them."""
    quiet = timedelta(minutes=load("freshness")["ward"]["quiet_min"])
    return measured_at is None or is_stale(measured_at, now, quiet)


def monitor_expected_every(interval_s: float | None, key: str | None = None) -> timedelta:
    """How long a monitor's value stays fresh: the silence allowed, or three of its own intervals if longer.

    With the reading `key`: a pressure of the cuff, which inflates now and then, stays fresh longer.
    """
    row, cuff = load("freshness")["monitor"], load("freshness")["monitor_cuff"]
    usual = timedelta(seconds=max(row["silent_s"], row["missed_samples"] * (interval_s or 0)))
    return max(usual, timedelta(minutes=cuff["max_age_min"])) if key in cuff["readings"] else usual


def manual_expected_every(key: str, assessment: News2 | PartialNews2 | NotApplicable | None = None) -> timedelta:
    """How long a value of the reading `key` that a nurse entered stays fresh.

    Where its set's score, or what is known of it, plans the next set, a scored reading is stale once that set
    is overdue. Otherwise the reading's own limit holds.
    """
    own = timedelta(hours=load("freshness")["manual"][key]["manual_max_age_h"])
    response = None if assessment is None or isinstance(assessment, NotApplicable) else assessment.response
    return own if response is None or key not in _SCORED else response.overdue_after
