"""A patient's own readings: the newest with their ages, a plain sentence about each, and the curves. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bedside.usecases.words import age_text
from wardlink.clinical.freshness import is_stale, manual_expected_every, monitor_expected_every
from wardlink.clinical.items import ITEMS, Range
from wardlink.clinical.news2_chart import Spo2Scale
from wardlink.clinical.reference import reference_range, spo2_target
from wardlink.i18n import N_, domain
from wardlink.terminal.picture import Picture, Series
from wardlink.terminal.trend import MANUAL_JOINS, readings_of

if TYPE_CHECKING:
    from bedside.ports import Board
    from wardlink.device import Latest
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.vitals import VitalsRecorded

_ = domain("bedside").gettext

PERIODS = (
    (timedelta(hours=24), N_("24 hours")),
    (timedelta(days=3), N_("3 days")),
    (timedelta(hours=6), N_("6 hours")),
)
LONGEST = max(period for period, _said in PERIODS)


@dataclass(frozen=True)
class Group:
    """Readings of one unit on one curve. `least_span`: the scale never shows less, so that noise stays small."""

    code: str
    label: str
    keys: tuple[str, ...]
    least_span: float


GROUPS = (
    Group("temp", N_("Temperature"), ("temp_c",), 2.0),
    Group("pulse", N_("Pulse"), ("pulse_per_min", "hr_per_min"), 30.0),
    Group("pressure", N_("Blood pressure"), ("sbp_mmhg", "dbp_mmhg", "abp_sbp_mmhg", "abp_dbp_mmhg"), 50.0),
    Group("spo2", N_("Oxygen in blood"), ("spo2_pct",), 8.0),
    Group("breath", N_("Breathing"), ("rr_per_min",), 12.0),
)


@dataclass(frozen=True)
class Shown:
    """The newest value of a reading. `text` None: its lead is off and it never had a value."""

    key: str
    value: float | None
    measured_at: datetime
    stale: bool
    off_at: datetime | None
    usual: Range | None

    @property
    def text(self) -> str:
        """Its value with its unit; a dash without one."""
        return "—" if self.value is None else ITEMS[self.key].quantity(self.value)


@dataclass(frozen=True)
class MyVitals:
    """What the page shows, as of one moment."""

    stay: EncounterView
    sets: tuple[VitalsRecorded, ...]
    shown: Mapping[str, Shown]

    def of(self, group: Group) -> tuple[Shown, ...]:
        """The newest values of a group: of readings that say the same, the one measured last."""
        found = [self.shown[key] for key in group.keys if key in self.shown]
        if group.code == "pressure":
            pairs = [[s for s in found if s.key.startswith("abp") is invasive] for invasive in (False, True)]
            return tuple(max(pairs, key=lambda pair: max((_told_at(s) for s in pair), default=_NEVER)))
        return tuple(sorted(found, key=_told_at, reverse=True)[:1])


def read(board: Board, stay: EncounterView, now: datetime) -> MyVitals:
    """The readings of one stay, as this terminal holds them."""
    latest, leads_off = board.latest(stay.id), board.leads_off(stay.id)
    sets = tuple(board.vitals(stay.id, since=now - LONGEST - timedelta(hours=1), limit=5000))
    return MyVitals(stay, sets, _newest(latest, leads_off, stay, now))


def _newest(
    latest: Mapping[str, Latest], leads_off: Mapping[str, datetime], stay: EncounterView, now: datetime
) -> dict[str, Shown]:
    method = latest.get("temp_method")
    site = None if method is None else str(method.value)
    shown: dict[str, Shown] = {}
    for key in (key for group in GROUPS for key in group.keys):
        usual = usual_of(key, stay, site)
        newest = latest.get(key)
        if newest is not None and isinstance(newest.value, int | float):
            every = manual_expected_every(key) if newest.source == "manual" else monitor_expected_every(None, key)
            stale = is_stale(newest.measured_at, now, every)
            shown[key] = Shown(key, newest.value, newest.measured_at, stale, newest.lead_off_at, usual)
        elif key in leads_off:
            shown[key] = Shown(key, None, leads_off[key], False, leads_off[key], usual)
    return shown


def usual_of(key: str, stay: EncounterView, temp_method: str | None) -> Range | None:
    """The range to compare a reading with: of a patient whose oxygen is kept lower, the one that is aimed at."""
    if key == "spo2_pct" and stay.spo2_scale == 2:
        return spo2_target(Spo2Scale(2))
    return reference_range(key, temp_method=temp_method)


def sentences(shown: Sequence[Shown], now: datetime) -> list[str]:
    """What the newest values of a group mean, in plain words, without a diagnosis."""
    return [_sentence(one, now) for one in shown] or [_("Nothing measured yet.")]


def _sentence(one: Shown, now: datetime) -> str:
    name, age = ITEMS[one.key].text(), age_text(now - one.measured_at)
    if one.off_at is not None:
        if one.value is None:
            return _("{name}: the sensor is off, there is no reading. Please call the nurse.").format(name=name)
        said = _("{name}: the sensor is off, there is no reading now. Last {value}, {age}. Please call the nurse.")
        return said.format(name=name, value=one.text, age=age)
    if one.stale:
        return _("{name} {value}, {age}: this value is old.").format(name=name, value=one.text, age=age)
    usual = one.usual
    if usual is None or one.value is None:
        return _("{name} {value}, {age}.").format(name=name, value=one.text, age=age)
    item = ITEMS[one.key]
    low, high = item.show(usual.low), item.show(usual.high)
    if usual.holds(one.value):
        said = _("{name} {value}, {age}: within the usual range of {low} to {high}.")
    elif one.value < usual.low:
        said = _("{name} {value}, {age}: below the usual range of {low} to {high}. Your nurse can tell you more.")
    else:
        said = _("{name} {value}, {age}: above the usual range of {low} to {high}. Your nurse can tell you more.")
    return said.format(name=name, value=one.text, age=age, low=low, high=high)


def picture(mine: MyVitals, group: Group, period: timedelta, now: datetime) -> Picture:
    """The curve of a group over the last `period`: readings that nobody has taken are not named."""
    first = ITEMS[group.keys[0]]
    known = [s.key for s in mine.of(group)] if group.code == "pressure" else [k for k in group.keys if k in mine.shown]
    keys = known or [group.keys[0]]
    return Picture(
        unit=first.unit,
        series=tuple(_series(mine, key) for key in keys),
        start_at=now - period,
        end_at=now,
        least_span=group.least_span,
        limits=(first.hard.low, first.hard.high) if first.hard else (0.0, 1.0),
        decimals=first.decimals,
    )


def _series(mine: MyVitals, key: str) -> Series:
    shown = mine.shown.get(key)
    usual = usual_of(key, mine.stay, None) if shown is None else shown.usual
    return Series(
        label=ITEMS[key].text(),
        readings=readings_of(mine.sets, key),
        joins=MANUAL_JOINS,
        stale=shown is not None and (shown.stale or shown.off_at is not None),
        usual=None if usual is None else (usual.low, usual.high),
    )


def _told_at(shown: Shown) -> datetime:
    return shown.off_at or shown.measured_at


_NEVER = datetime.min.replace(tzinfo=UTC)
