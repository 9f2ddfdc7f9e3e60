"""What the ward record says of a stay's intake and output: from entries and doses to flows, days and chart rows. Pure.

An infusion is counted once: by what its dose says went in. An entry that names such a dose adds nothing to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from wardlink.clinical.fluid_balance import Flow, balance, day_of, nursing_day, stools, stools_counted
from wardlink.clinical.fluid_kinds import fluid_text
from wardlink.clinical.temperature_chart.conventions import conventions
from wardlink.clinical.temperature_chart.facts import DayTotals
from wardlink.clock import ward_date
from wardlink.messages.doses import DoseEvent, DoseView
from wardlink.messages.encounters import EncounterView
from wardlink.messages.fluids import FluidView
from wardlink.record.chart_totals import hours_of


def infused(dose: DoseView) -> DoseEvent | None:
    """The entry that says how much of a dose went in; None while none does.

    One a dose: two carts that ended the same bag have not infused it twice. The end that moved the dose speaks, or
    the last one where none did.
    """
    ends = [e for e in dose.events if e.act == "end" and e.struck_at is None and e.infused_ml is not None]
    return next((event for event in ends if event.counted), ends[-1] if ends else None)


def flows_of(fluids: Iterable[FluidView], doses: Iterable[DoseView]) -> tuple[Flow, ...]:
    """Everything that counts, in the order in which it happened. What was struck out is not in it."""
    given = {dose.id: event for dose in doses if (event := infused(dose)) is not None}
    said = [
        Flow(
            at=found.at,
            direction=found.direction,
            kind=found.kind,
            volume_ml=found.volume_ml,
            estimated=found.estimated,
            site=found.site,
            manner=found.manner,
            times=found.times,
            enemas=found.enemas or 0,
        )
        for found in fluids
        if found.struck_at is None and found.dose not in given
    ]
    dripped = [Flow(event.at, "intake", "infusion", event.infused_ml) for event in given.values()]
    return tuple(sorted((*said, *dripped), key=lambda flow: flow.at))


def chart_totals(
    stay: EncounterView, flows: Sequence[Flow], *, as_of: datetime, known_since: datetime | None = None
) -> tuple[DayTotals, ...]:
    """The nursing days that have ended by `as_of`, or with the stay, and of which something was written down.

    `known_since`: days that began earlier are not whole here and are left out; the day of admission is whole if the
    stay itself is known.
    """
    found = []
    for day in sorted({nursing_day(flow.at) for flow in flows}):
        whole = day_of(day)
        begins_at = max(whole.start_at, stay.admitted_at)
        over = whole.end_at <= as_of or (stay.discharged_at is not None and stay.discharged_at <= as_of)
        if not over or (known_since is not None and begins_at < known_since):
            continue
        found.append(_totals(day, stay, flows))
    return tuple(found)


def _totals(day: date, stay: EncounterView, flows: Sequence[Flow]) -> DayTotals:
    whole = day_of(day)
    sums = balance(flows, whole.start_at, whole.end_at)
    urine = [flow for flow in flows if whole.start_at <= flow.at < whole.end_at and flow.kind == "urine"]
    return DayTotals(
        day,
        intake_ml=sums.intake_ml,
        urine_ml=sums.urine_ml,
        output_ml=sums.output_ml,
        drains={site or fluid_text("output", "drain"): volume for site, volume in sums.by_site.items()},
        hours=hours_of(day, stay, conventions()),
        incontinent=any(flow.manner == "incontinent" for flow in urine),
        catheter=any(flow.manner == "catheter" for flow in urine),
    )


def stools_by_day(flows: Sequence[Flow], *, as_of: datetime, known_since: datetime | None = None) -> Mapping[date, str]:
    """The stools that were written down one by one, by the day on which they would have been asked.

    A day stands there once its 24 hours are over. A nurse's own answer in a set of vital signs is another thing, and
    stands before this one.
    """
    found: dict[date, str] = {}
    asked = {ward_date(flow.at) + timedelta(days=n) for flow in flows if flow.kind == "stool" for n in (0, 1)}
    for day in sorted(asked):
        start_at, until_at = stools_counted(day)
        if until_at > as_of or (known_since is not None and start_at < known_since):
            continue
        text = stools(flow for flow in flows if start_at <= flow.at < until_at)
        if text is not None:
            found[day] = text
    return found
