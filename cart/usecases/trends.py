"""Which readings share a curve, and how a stay's sets become its picture. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from wardlink.clinical.items import ITEMS
from wardlink.clinical.reference import reference_range
from wardlink.i18n import N_
from wardlink.terminal.picture import Picture, Series
from wardlink.terminal.trend import MANUAL_JOINS, readings_of

if TYPE_CHECKING:
    from cart.usecases.readings import Shown
    from wardlink.messages.vitals import VitalsRecorded

PERIODS = ((timedelta(hours=6), N_("6 h")), (timedelta(hours=24), N_("24 h")), (timedelta(days=3), N_("3 days")))


@dataclass(frozen=True)
class Group:
    """Readings of one unit on one curve. `least_span`: the scale never shows less, so that noise stays small."""

    label: str
    keys: tuple[str, ...]
    least_span: float


GROUPS = (
    Group(N_("Temp"), ("temp_c",), 2.0),
    Group(N_("Pulse"), ("pulse_per_min", "hr_per_min"), 30.0),
    Group(N_("Resp"), ("rr_per_min",), 12.0),
    Group(N_("BP"), ("sbp_mmhg", "dbp_mmhg"), 50.0),
    Group(N_("SpO2"), ("spo2_pct",), 8.0),
    Group(N_("ABP"), ("abp_sbp_mmhg", "abp_dbp_mmhg"), 50.0),
    Group(N_("Pain"), ("pain_nrs",), 10.0),
    Group(N_("Glucose"), ("glucose_mmol_per_l",), 6.0),
)


def picture(
    group: Group, sets: Sequence[VitalsRecorded], shown: Mapping[str, Shown], period: timedelta, now: datetime
) -> Picture:
    """The curve of a group over the last `period`."""
    first = ITEMS[group.keys[0]]
    return Picture(
        unit=first.unit,
        series=tuple(_series(key, sets, shown) for key in group.keys),
        start_at=now - period,
        end_at=now,
        least_span=group.least_span,
        limits=(first.hard.low, first.hard.high) if first.hard else (0.0, 1.0),
        decimals=first.decimals,
    )


def _series(key: str, sets: Sequence[VitalsRecorded], shown: Mapping[str, Shown]) -> Series:
    newest = shown.get(key)
    usual = reference_range(key, temp_method="axillary")
    return Series(
        label=ITEMS[key].text(),
        readings=readings_of(sets, key),
        joins=MANUAL_JOINS,
        stale=newest is not None and (newest.stale or newest.off),
        usual=None if usual is None else (usual.low, usual.high),
    )
