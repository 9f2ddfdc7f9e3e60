"""What is known of a stay, as the facts of its temperature chart. Pure: a cart and the server call the same function.

What was struck out is not drawn; it is counted, so that a page can say that it was revised.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from wardlink.clinical.names import age_years
from wardlink.clinical.temperature_chart.conventions import Conventions, conventions
from wardlink.clinical.temperature_chart.facts import Event, EventKind, Facts, Lain, Risk, SkinTest
from wardlink.clock import ward_date
from wardlink.i18n import N_, gettext, language
from wardlink.messages.assessments import AssessmentView
from wardlink.messages.chart_events import ChartEventView
from wardlink.messages.doses import DoseView
from wardlink.messages.encounters import EncounterView
from wardlink.messages.fluids import FluidView
from wardlink.messages.observations import ObservationView
from wardlink.messages.skin_tests import SkinTestView
from wardlink.messages.vitals import VitalsRecorded
from wardlink.record.chart_measurements import NO_EVENTS, of_observations, of_set, of_stools
from wardlink.record.chart_totals import totals_of
from wardlink.record.fluid_days import chart_totals, flows_of, stools_by_day

_SEXES = {"male": N_("male"), "female": N_("female"), "other": N_("other"), "unknown": N_("unknown")}

CARTS_KNOW = timedelta(days=14)
"""So far back a cart holds what was measured by hand: its page of the chart is whole, and the one before it."""


@dataclass(frozen=True)
class Told:
    """Everything of one stay that its chart is made of, struck entries included."""

    sets: Sequence[VitalsRecorded] = ()
    events: Sequence[ChartEventView] = ()
    fluids: Sequence[FluidView] = ()
    doses: Sequence[DoseView] = ()
    observations: Sequence[ObservationView] = ()
    skin_tests: Sequence[SkinTestView] = ()
    assessments: Sequence[AssessmentView] = ()


def source_for_chart(by: Conventions | None = None) -> str | None:
    """Whose sets a chart asks for: those by hand, or also a monitor's (None)."""
    return None if (by or conventions()).takes_monitor else "manual"


def facts_of(
    stay: EncounterView,
    told: Told,
    *,
    as_of: datetime,
    ward_name: str,
    known_since: datetime | None = None,
    flows_known_since: datetime | None = None,
    by: Conventions | None = None,
) -> Facts:
    """The facts of a chart as of an instant, its words in the language of this context.

    `ward_name`: of the ward where the patient lies. `known_since`: what was measured earlier is not known here;
    `flows_known_since`: the same of intake and output. Days added up from single entries come before those that a
    nurse has entered as a sum. A monitor's sets are left out unless the hospital takes them for the chart.
    """
    by = by or conventions()
    marked = [event for event in told.events if event.struck_at is None and event.at <= as_of]
    offered = [found for found in told.sets if found.source == "manual" or by.takes_monitor]
    counted = [found for found in offered if found.struck_at is None and found.measured_at <= as_of]
    flows = [flow for flow in flows_of(told.fluids, told.doses) if flow.at <= as_of]
    happened = [Event(e.at, cast(EventKind, e.what)) for e in marked if e.what not in NO_EVENTS]
    added_up = chart_totals(stay, flows, as_of=as_of, known_since=flows_known_since)
    return Facts(
        admitted_at=stay.admitted_at,
        as_of=as_of,
        discharged_at=stay.discharged_at,
        header=_header(stay),
        places=_places(stay, ward_name),
        measurements=(
            *(of_set(found, marked, by) for found in counted),
            *of_observations(told.observations, as_of),
            *of_stools(stools_by_day(flows, as_of=as_of, known_since=flows_known_since), counted),
        ),
        events=(*happened, *_transfers(stay)),
        totals=totals_of(stay, counted, added_up, by),
        skin_tests=tuple(_skin_tests(told.skin_tests, as_of)),
        risks=tuple(_risks(told.assessments, as_of)),
        revised=tuple(found.measured_at for found in offered if found.struck_at is not None),
        known_since=known_since,
        flows_known_since=flows_known_since,
    )


def _header(stay: EncounterView) -> tuple[tuple[str, str], ...]:
    years = age_years(stay.birth_on, max(stay.birth_on, ward_date(stay.admitted_at)))
    allergies = ", ".join(stay.allergies)
    return (
        (gettext(N_("Name")), stay.name),
        (gettext(N_("Sex")), gettext(_SEXES[stay.sex])),
        (gettext(N_("Age")), gettext(N_("{years} y")).format(years=years)),
        (gettext(N_("Admitted on")), ward_date(stay.admitted_at).isoformat()),
        (gettext(N_("Admission no.")), stay.admission_no),
        *(((gettext(N_("Allergy")), allergies),) if allergies else ()),
    )


def _places(stay: EncounterView, ward_name: str) -> tuple[Lain, ...]:
    if not stay.places:
        return (Lain(stay.admitted_at, ward_name, stay.bed),)
    return tuple(Lain(place.since, place.ward_name, place.bed) for place in stay.places)


def _transfers(stay: EncounterView) -> Iterable[Event]:
    """The ward that receives a patient writes it down; another bed of the same ward is no transfer."""
    for before, after in zip(stay.places, stay.places[1:], strict=False):
        if before.ward != after.ward:
            yield Event(after.since, "transfer-in")


def _skin_tests(tests: Iterable[SkinTestView], as_of: datetime) -> Iterable[SkinTest]:
    for test in tests:
        if test.struck_at is None and test.read_at <= as_of:
            for item in test.items:
                yield SkinTest(test.read_at, item.name_en if language() == "en" else item.name_zh, test.result)


def _risks(assessments: Iterable[AssessmentView], as_of: datetime) -> Iterable[Risk]:
    for one in assessments:
        if one.struck_at is None and one.assessed_at <= as_of and one.total is not None:
            yield Risk(one.assessed_at, one.scale, one.total)
