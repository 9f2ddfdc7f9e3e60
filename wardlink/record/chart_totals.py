"""Totals of 24 hours that a nurse has entered as sums with a set, as days of the temperature chart. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from wardlink.clinical.temperature_chart.conventions import Conventions
from wardlink.clinical.temperature_chart.facts import DayTotals
from wardlink.clock import WARD_ZONE, ward_date, ward_time
from wardlink.messages.encounters import EncounterView
from wardlink.messages.vitals import VitalsRecorded


def totals_of(
    stay: EncounterView, sets: Iterable[VitalsRecorded], added_up: Sequence[DayTotals], by: Conventions
) -> tuple[DayTotals, ...]:
    """By day, what was added up from single events; for other days what was entered last as a sum.

    A sum belongs to the nursing day that ended before it was taken. What ended on the morning of the admission
    stands on the day of admission, unless that day has a sum of its own.
    """
    found: dict[date, DayTotals] = {}
    admitted_on = ward_date(stay.admitted_at)
    early: DayTotals | None = None
    for one in sorted(sets, key=lambda one: one.measured_at):
        r = one.readings
        if r.intake_24h_ml is None and r.urine_24h_ml is None and r.output_24h_ml is None:
            continue
        day = day_ended(one.measured_at, by)
        before = found.get(day) or DayTotals(day, hours=hours_of(day, stay, by))
        sums = DayTotals(
            day,
            intake_ml=before.intake_ml if r.intake_24h_ml is None else r.intake_24h_ml,
            urine_ml=before.urine_ml if r.urine_24h_ml is None else r.urine_24h_ml,
            output_ml=before.output_ml if r.output_24h_ml is None else r.output_24h_ml,
            hours=before.hours,
        )
        if day < admitted_on:
            early = DayTotals(admitted_on, sums.intake_ml, sums.urine_ml, sums.output_ml, hours=sums.hours)
        else:
            found[day] = sums
    for summed in added_up:
        if summed.day < admitted_on:
            early = replace(summed, day=admitted_on)
        else:
            found[summed.day] = summed
    if early is not None:
        found.setdefault(admitted_on, early)
    return tuple(found[day] for day in sorted(found))


def day_ended(at: datetime, by: Conventions) -> date:
    """The nursing day that had ended when a sum was taken, by the day on which it began."""
    return (ward_time(at) - timedelta(hours=by.day_begins_h - by.early_h)).date() - timedelta(days=1)


def hours_of(day: date, stay: EncounterView, by: Conventions) -> int:
    """How many hours of a nursing day the patient was here: fewer on the first and on the last one."""
    begin_at = datetime.combine(day, time(by.day_begins_h), WARD_ZONE)
    end_at = begin_at + timedelta(days=1)
    here_from = max(begin_at, stay.admitted_at)
    here_until = end_at if stay.discharged_at is None else min(end_at, stay.discharged_at)
    return max(0, round((here_until - here_from) / timedelta(hours=1)))
