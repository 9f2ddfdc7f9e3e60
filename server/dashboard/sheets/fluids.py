"""Intake and output of one stay: the sums of the last nursing days and of their shifts."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.words import NOTHING
from server.record.service import records_of
from wardlink.clinical.fluid_balance import Flow, Period, balance, day_of, nursing_day, shifts_of, stools
from wardlink.clinical.temperature_chart.conventions import conventions
from wardlink.clinical.urine import urine_of_day, urine_text
from wardlink.clock import ward_time
from wardlink.i18n import domain
from wardlink.messages.encounters import EncounterView
from wardlink.record.chart_totals import hours_of
from wardlink.record.doses import DOSE
from wardlink.record.fluid_days import flows_of
from wardlink.record.fluids import FLUID

_ = domain("server").gettext

DAYS = 3
"""So many nursing days before today's are shown; the temperature chart has them all."""
_BEFORE = timedelta(days=3)
"""A bag that was due so long before a day may still have ended in it."""


def of_stay(conn: Connection, stay: EncounterView, now: datetime) -> Sheet:
    """Each day and its shifts, today's first; days without an entry are left out."""
    as_of = min(now, stay.discharged_at or now)
    today = nursing_day(as_of)
    since = day_of(today - timedelta(days=DAYS)).start_at
    fluids = records_of(conn, FLUID, encounter=stay.id, since=since)
    doses = records_of(conn, DOSE, encounter=stay.id, since=since - _BEFORE)
    flows = flows_of(fluids, doses)
    rows: list[Row] = []
    for back in range(DAYS + 1):
        day = today - timedelta(days=back)
        whole = day_of(day)
        if not any(whole.start_at <= flow.at < whole.end_at for flow in flows):
            continue
        hours = hours_of(day, stay, conventions())
        running = whole.end_at > as_of and stay.discharged_at is None
        if running:
            hours = max(0, round((as_of - max(whole.start_at, stay.admitted_at)) / timedelta(hours=1)))
        rows.append(_row(whole, flows, hours, running=running))
        rows += [
            _row(shift, flows, None, running=shift.end_at > as_of)
            for shift in shifts_of(day)
            if shift.start_at <= as_of
        ]
    return Sheet(_columns(), tuple(rows))


def _columns() -> tuple[Column, ...]:
    return (
        Column("period", _("Nursing day")),
        Column("intake", _("Intake mL"), "number"),
        Column("output", _("Output mL"), "number"),
        Column("net", _("Balance mL"), "number"),
        Column("urine", _("Urine mL"), "number"),
        Column("drains", _("Drains")),
        Column("stools", _("Stools")),
        Column("notes", _("Notes"), "wide"),
    )


def _row(period: Period, flows: tuple[Flow, ...], hours: int | None, *, running: bool) -> Row:
    """`hours`: of a whole day; None for a shift."""
    sums = balance(flows, period.start_at, period.end_at)
    begun, ends = ward_time(period.start_at), ward_time(period.end_at)
    if hours is None:
        named = f"{period.text()} {begun:%H:%M}-{ends:%H:%M}"
    else:
        named = f"{begun:%m-%d} · " + _("{hours} h").format(hours=hours)
    notes = [_("still running")] if running else []
    judged = urine_of_day(sums.urine_ml, hours=hours) if hours is not None and not running else None
    if judged is not None:
        notes.append(urine_text(judged))
    if sums.unmeasured:
        notes.append(_("{n} without a volume: the sum is too small").format(n=sums.unmeasured))
    if sums.estimated:
        notes.append(_("partly estimated"))
    unnamed = _("Drain")
    drains = ", ".join(f"{site or unnamed} {volume:g}" for site, volume in sums.by_site.items())
    cells = {
        "period": Cell(named, "strong" if hours is not None else "muted"),
        "intake": _ml(sums.intake_ml),
        "output": _ml(sums.output_ml),
        "net": Cell(NOTHING if sums.net_ml is None else f"{sums.net_ml:+g}"),
        "urine": _ml(sums.urine_ml),
        "drains": Cell(drains or NOTHING),
        "stools": Cell(
            stools(flow for flow in flows if period.start_at <= flow.at < period.end_at) or NOTHING,
        ),
        "notes": Cell("; ".join(notes), "why"),
    }
    return Row(f"{begun.isoformat()}-{hours is None}", cells)


def _ml(volume: float | None) -> Cell:
    return Cell(NOTHING if volume is None else f"{volume:g}")
