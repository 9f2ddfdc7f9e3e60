"""Sets, single measurements and counted stools as measurements of the temperature chart. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time

from wardlink.clinical.temperature_chart.conventions import Conventions
from wardlink.clinical.temperature_chart.facts import Measurement
from wardlink.clock import WARD_ZONE, ward_date
from wardlink.messages.chart_events import ChartEventView
from wardlink.messages.observations import ObservationView
from wardlink.messages.vitals import VitalsRecorded

_PACING = ("paced", "paced-end")

NO_EVENTS = frozenset({*_PACING, "plotted"})
"""What is marked and changes how measurements are drawn, but is no event of the patient."""


def of_set(found: VitalsRecorded, marked: Sequence[ChartEventView], by: Conventions) -> Measurement:
    """A set of vital signs, as it was measured; `marked` says when a pacemaker beats, and which sets must stand."""
    r = found.readings
    must = any(event.what == "plotted" and event.vitals == found.id for event in marked)
    return Measurement(
        at=found.measured_at,
        temp_c=r.temp_c,
        temp_method=r.temp_method,
        pulse_per_min=r.pulse_per_min,
        hr_per_min=r.hr_per_min,
        rr_per_min=r.rr_per_min,
        sbp_mmhg=r.sbp_mmhg,
        dbp_mmhg=r.dbp_mmhg,
        ventilated=r.o2_mode in by.ventilated_modes,
        paced=_is_paced(found.measured_at, marked),
        pain_nrs=r.pain_nrs,
        weight_kg=r.weight_kg,
        height_cm=r.height_cm,
        stool=r.stool,
        not_measured=found.not_measured,
        standing="must" if must else "routine",
    )


def of_observations(observations: Iterable[ObservationView], as_of: datetime) -> Iterator[Measurement]:
    """Weight, height, girth, and pain at rest; a glucose stays in the nursing record."""
    for one in observations:
        if one.struck_at is not None or one.measured_at > as_of:
            continue
        at, value = one.measured_at, one.value
        if one.what == "weight":
            reasons = {"weight_kg": one.not_measured} if one.not_measured else {}
            yield Measurement(at, weight_kg=value, not_measured=reasons)
        elif one.what == "height":
            yield Measurement(at, height_cm=value)
        elif one.what == "girth":
            yield Measurement(at, girth_cm=value)
        elif one.what == "pain" and not one.moving:
            yield Measurement(at, pain_nrs=value)


def of_stools(counted: Mapping[date, str], sets: Sequence[VitalsRecorded]) -> Iterator[Measurement]:
    """Stools that were written down one by one, on days on which nobody has answered for the whole day."""
    answered = {ward_date(found.measured_at) for found in sets if found.readings.stool is not None}
    for day, text in counted.items():
        if day not in answered:
            yield Measurement(datetime.combine(day, time(12), WARD_ZONE), stool=text)


def _is_paced(at: datetime, marked: Iterable[ChartEventView]) -> bool:
    said = [event for event in marked if event.what in _PACING and event.at <= at]
    return bool(said) and max(said, key=lambda event: (event.at, event.entered_at)).what == "paced"
