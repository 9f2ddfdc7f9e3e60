"""NEWS2: how ill, how soon to look again, whom to call. One function for the cart, the server and the board.

Screens call `assess`, which never fails on an incomplete set; `score` is for those who need the whole score.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from wardlink.clinical import news2_chart as chart
from wardlink.clinical.exact import scaled_half_up
from wardlink.clinical.items import Labels
from wardlink.clinical.news2_chart import Parameter, Spo2Scale
from wardlink.clinical.tables import load
from wardlink.clinical.vitals import VitalSet
from wardlink.errors import IncompleteVitals
from wardlink.i18n import N_, gettext

__all__ = [
    "Band",
    "News2",
    "NotApplicable",
    "Parameter",
    "Part",
    "PartialNews2",
    "Response",
    "Spo2Scale",
    "assess",
    "score",
]


class Band(StrEnum):
    """Clinical risk, from least to most."""

    LOW = "low"
    LOW_MEDIUM = "low-medium"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True)
class Response:
    """What a score asks for. Source: RCP, NEWS2 (2017), Chart 4; the two times are planned by us."""

    key: str
    band: Band
    label: str
    monitoring: str
    text: str
    due_after: timedelta
    overdue_after: timedelta

    def monitoring_text(self) -> str:
        """How often to look, in words."""
        return gettext(self.monitoring)

    def response_text(self) -> str:
        """Who does what, in words."""
        return gettext(self.text)

    def label_text(self) -> str:
        """Which threshold was met, in words."""
        return gettext(self.label)


class Part(NamedTuple):
    """One parameter's share. `source_field` names the reading that was scored, a stand-in included.

    `points` is None where the reading is missing or no code of ours, or where the oxygen answer that decides
    its column is missing.
    """

    parameter: Parameter
    points: int | None
    source_field: str | None

    @property
    def is_stand_in(self) -> bool:
        """Whether a second choice was scored: heart rate for pulse, arterial line for cuff."""
        return self.source_field not in (None, chart.SOURCES[self.parameter][0])


@dataclass(frozen=True)
class News2:
    """A whole score, 0 to 20, with its seven parts in the order of the chart."""

    parts: tuple[Part, ...]
    scale: Spo2Scale

    @property
    def total(self) -> int:
        """The sum of the parts."""
        return _known_points(self.parts)

    @property
    def red(self) -> bool:
        """Whether a single parameter gave 3."""
        return _is_red(self.parts)

    @property
    def response(self) -> Response:
        """What the score asks for."""
        return _response(self.total, self.red)

    @property
    def band(self) -> Band:
        """The clinical risk."""
        return self.response.band

    def next_due_at(self, measured_at: datetime) -> datetime:
        """When the next set is due. A high score asks for continuous monitoring; this is its next charting."""
        return measured_at + self.response.due_after

    def overdue_at(self, measured_at: datetime) -> datetime:
        """When the next set is late."""
        return measured_at + self.response.overdue_after


@dataclass(frozen=True)
class PartialNews2:
    """An incomplete set: no total. What is known may still call for help.

    `missing` holds the fields to measure, in the order of the chart.
    """

    parts: tuple[Part, ...]
    scale: Spo2Scale
    missing: tuple[str, ...]

    @property
    def partial(self) -> int:
        """The sum of the known parts: the total cannot be lower."""
        return _known_points(self.parts)

    @property
    def red(self) -> bool:
        """Whether a known parameter gave 3."""
        return _is_red(self.parts)

    @property
    def fires(self) -> bool:
        """Whether what is known already asks for a response: a sum of 5 or more, or a red score."""
        return self.band_at_least is not None

    @property
    def response(self) -> Response | None:
        """What the known parts ask for already; None while they ask for nothing but the rest of the set."""
        response = _response(self.partial, self.red)
        return None if response.band is Band.LOW else response

    @property
    def band_at_least(self) -> Band | None:
        """The risk that is certain already; None while it may still be low. Never LOW: that would be a guess."""
        return None if self.response is None else self.response.band

    def missing_text(self) -> str:
        """The missing readings, in words."""
        return str(Labels(self.missing))


@dataclass(frozen=True)
class NotApplicable:
    """NEWS2 must not be used for this patient; no number is shown."""

    reason: str

    def text(self) -> str:
        """Why, in words."""
        return gettext(_REASONS[self.reason])


_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "under-16": N_("NEWS2 is not for patients under 16. Please use the paediatric chart."),
        "pregnant": N_("NEWS2 is not for pregnant patients. Please use the obstetric chart."),
    }
)


def score(v: VitalSet, *, scale: Spo2Scale) -> News2:
    """Score one complete adult set of vital signs, 0 to 20.

    A missing reading is never taken for a normal one. Without a palpated pulse the heart rate is scored, and
    without a cuff pressure the arterial one; the part says so.

    Raises:
        IncompleteVitals: names what is missing.

    Source: Royal College of Physicians, NEWS2 (2017). Not under 16, not in pregnancy.
    """
    found = _judged(_parts(v.__dict__, scale), scale)
    if isinstance(found, PartialNews2):
        raise IncompleteVitals(missing=Labels(found.missing))
    return found


def assess(
    v: VitalSet | Mapping[str, Any], *, scale: Spo2Scale, age_years: int, pregnant: bool
) -> News2 | PartialNews2 | NotApplicable:
    """What NEWS2 says about this patient's set, whatever is missing from it.

    A mapping holds readings that are valid as those of a `VitalSet`; what it does not name was not measured.
    """
    if age_years < chart.ADULT_FROM_YEARS:
        return NotApplicable("under-16")
    if pregnant:
        return NotApplicable("pregnant")
    return _judged(_parts(v.__dict__ if isinstance(v, VitalSet) else v, scale), scale)


# Scored for every message of a hospital: both steps are remembered. There are few points, and few values.
@lru_cache(maxsize=20_000)
def _judged(parts: tuple[Part, ...], scale: Spo2Scale) -> News2 | PartialNews2:
    missing = _missing(parts)
    return PartialNews2(parts, scale, missing) if missing else News2(parts, scale)


def _parts(values: Mapping[str, Any], scale: Spo2Scale) -> tuple[Part, ...]:
    of, o2_on = values.get, values.get("o2_on")
    return tuple(
        [
            # Where the first choice was not measured, the second one stands in.
            _part(parameter, first, value, o2_on, scale)
            if (value := of(first)) is not None
            else _part(parameter, second, of(second), o2_on, scale)
            for parameter, first, second in _SOURCES
        ]
    )


@lru_cache(maxsize=20_000)
def _part(parameter: Parameter, name: str, value: Any, o2_on: bool | None, scale: Spo2Scale) -> Part:
    if value is None:
        return Part(parameter, None, None)
    return Part(parameter, _POINTS[parameter](value, o2_on, scale), name)


_SOURCES = tuple((parameter, names[0], names[-1]) for parameter, names in chart.SOURCES.items())


Points = Callable[[Any, bool | None, Spo2Scale], int | None]


def _in_bands(bands: chart.Bands, decimals: int = 0) -> Points:
    return lambda value, o2_on, scale: _band_points(scaled_half_up(value, decimals), bands)


def _saturation(spo2_pct: float, o2_on: bool | None, scale: Spo2Scale) -> int | None:
    whole_pct = scaled_half_up(spo2_pct)
    if scale is Spo2Scale.ONE:
        return _band_points(whole_pct, chart.SPO2_PCT_SCALE_1)
    on_air = _band_points(whole_pct, chart.SPO2_PCT_SCALE_2_ON_AIR)
    on_oxygen = _band_points(whole_pct, chart.SPO2_PCT_SCALE_2_ON_OXYGEN)
    if o2_on is None:
        # Above 92 % only the oxygen decides between good and harmful; below, both columns agree.
        return on_air if on_air == on_oxygen else None
    return on_oxygen if o2_on else on_air


_POINTS: dict[Parameter, Points] = {
    Parameter.RESPIRATION: _in_bands(chart.RR_PER_MIN),
    Parameter.SATURATION: _saturation,
    Parameter.OXYGEN: lambda o2_on, _, scale: chart.ON_OXYGEN if o2_on else 0,
    Parameter.SYSTOLIC: _in_bands(chart.SBP_MMHG),
    Parameter.PULSE: _in_bands(chart.PULSE_PER_MIN),
    Parameter.CONSCIOUSNESS: lambda code, o2_on, scale: chart.ACVPU.get(code),
    Parameter.TEMPERATURE: _in_bands(chart.TEMP_TENTHS_C, decimals=1),
}


def _band_points(value: int, bands: chart.Bands) -> int:
    return next(points for bound, points in bands if value <= bound)


def _missing(parts: tuple[Part, ...]) -> tuple[str, ...]:
    # A saturation that waits for the oxygen answer was measured: the oxygen is named, and it alone.
    return tuple(
        chart.SOURCES[part.parameter][0] for part in parts if part.points is None and part.source_field != "spo2_pct"
    )


def _known_points(parts: tuple[Part, ...]) -> int:
    return sum(part.points for part in parts if part.points is not None)


def _is_red(parts: tuple[Part, ...]) -> bool:
    return any(part.points == chart.RED for part in parts)


@cache
def _responses() -> Mapping[str, Response]:
    return {
        key: Response(
            key=key,
            band=Band(row["band"]),
            label=row["label"],
            monitoring=row["monitoring"],
            text=row["text"],
            due_after=timedelta(minutes=row["due_after_min"]),
            overdue_after=timedelta(minutes=row["overdue_after_min"]),
        )
        for key, row in load("news2_response").items()
    }


# Lowest total, whether a red score is asked for as well, row of the table. The first that fits holds.
_LADDER = (
    (7, False, "high"),
    (5, False, "medium"),
    (3, True, "low-medium"),
    (1, False, "low"),
    (0, False, "zero"),
)


def _response(total: int, red: bool) -> Response:
    key = next(key for least, needs_red, key in _LADDER if total >= least and (red or not needs_red))
    return _responses()[key]
