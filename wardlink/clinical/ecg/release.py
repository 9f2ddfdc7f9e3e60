"""When an ECG strip may be shown to its patient. Pure; the server asks here before any leaves for a bed.

Source: ward domain sheet 10.7, 1, 2, 5 and 7, as for results: only what somebody stands for, never an automatic
diagnosis; a critical one after it was read, by a doctor's act; for a minor the guardian.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from wardlink.clinical.results.release import is_minor

Why = Literal["struck", "minor", "kept-back", "unconfirmed", "unacknowledged", "critical"]
"""Why a strip is not shown."""


@dataclass(frozen=True)
class Reported:
    """One report on a strip, as far as the release depends on it. What came with the strip is no doctor's."""

    by_doctor: bool
    critical: bool = False


@dataclass(frozen=True)
class Decided:
    """What a doctor said last about showing it, and how many reports there were then."""

    may_see: bool
    reports: int


@dataclass(frozen=True)
class Held:
    """A strip as far as its release depends on it. `seen_reports`: so many of its reports a nurse has read."""

    birth_on: date
    reports: Sequence[Reported] = ()
    seen_reports: int = 0
    is_struck: bool = False
    decided: Decided | None = None


def why_held(found: Held, today: date) -> tuple[Why, ...]:
    """Every reason for which this is not shown; empty: it may be.

    A critical report needs two people, as a critical result does: somebody has read it, and a doctor lets it be seen.
    One that comes later needs them again.
    """
    why: list[Why] = []
    decided, critical = found.decided, [n for n, report in enumerate(found.reports) if report.critical]
    if found.is_struck:
        why.append("struck")
    if is_minor(found.birth_on, today):
        why.append("minor")
    if decided is not None and not decided.may_see:
        why.append("kept-back")
    if not any(report.by_doctor for report in found.reports):
        why.append("unconfirmed")
    if any(n >= found.seen_reports for n in critical):
        why.append("unacknowledged")
    if critical and (decided is None or not decided.may_see or critical[-1] >= decided.reports):
        why.append("critical")
    return tuple(why)
