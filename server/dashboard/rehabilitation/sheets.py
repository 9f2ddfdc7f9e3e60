"""Patients of wards with their plan of rehabilitation: what waits to be confirmed first, then who has no plan."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, select
from sqlmodel import col

from server.dashboard import PREFIX
from server.dashboard.sheet import Cell, Column, Row, Sheet
from server.dashboard.sheets.names import patient_names
from server.patients.models import Bed, Encounter
from server.record.service import records_of
from wardlink.clinical.names import masked_name
from wardlink.clinical.rehabilitation.catalogue import effort_text, exercise_text, word
from wardlink.clinical.rehabilitation.effort import stop_text
from wardlink.clinical.rehabilitation.planning import Progress, progress
from wardlink.clock import ward_date, ward_time
from wardlink.i18n import domain
from wardlink.messages.rehabilitation import PlannedExercise, RehabPlanView, RehabSessionView
from wardlink.record.rehabilitation import REHAB_PLAN, REHAB_SESSION

_ = domain("server").gettext

Show = Literal["all", "confirm", "planned", "without"]
SHOWN: tuple[Show, ...] = ("all", "confirm", "planned", "without")


@dataclass(frozen=True)
class OfStay:
    """One patient. `plan`: the one that runs, or else the newest; `sessions` of all plans, the newest first."""

    plans: tuple[RehabPlanView, ...]
    sessions: tuple[RehabSessionView, ...]

    @property
    def plan(self) -> RehabPlanView | None:
        """The one that runs."""
        return next((plan for plan in self.plans if plan.is_open), None)

    @property
    def waiting(self) -> tuple[RehabSessionView, ...]:
        """What is to be confirmed, the oldest first."""
        return tuple(one for one in reversed(self.sessions) if one.state == "reported")

    def progress(self, now: datetime) -> Progress | None:
        """How far with the plan that runs."""
        plan = self.plan
        if plan is None:
            return None
        states = [(one.key, one.state) for one in self.sessions if one.plan == plan.id]
        return progress(plan.versions, states, ward_date(now))


def of_stay(conn: Connection, encounter: str) -> OfStay:
    """All there is about one patient."""
    return OfStay(
        tuple(records_of(conn, REHAB_PLAN, encounter=encounter, newest_first=True)),
        tuple(records_of(conn, REHAB_SESSION, encounter=encounter, newest_first=True)),
    )


def of_wards(conn: Connection, wards: Collection[str], now: datetime, show: Show) -> Sheet:
    """Everybody who lies there, or a part of them."""
    columns = (
        Column("ward", _("Ward")),
        Column("bed", _("Bed")),
        Column("name", _("Patient")),
        Column("plan", _("Plan")),
        Column("until", _("Until")),
        Column("progress", _("Progress")),
        Column("waiting", _("To be confirmed")),
        Column("stopped", _("Stopped")),
    )
    query = (
        select(col(Encounter.id), col(Encounter.ward), col(Encounter.bed))
        .outerjoin(Bed, (col(Bed.ward) == col(Encounter.ward)) & (col(Bed.id) == col(Encounter.bed)))
        .where(col(Encounter.status) == "in-progress", col(Encounter.ward).in_(list(wards)))
        .order_by(col(Encounter.ward), col(Bed.position), col(Encounter.bed))
    )
    stays = conn.execute(query).all()
    names = patient_names(conn, (stay.id for stay in stays))
    found = [(stay, of_stay(conn, stay.id)) for stay in stays]
    kept = [(stay, of) for stay, of in found if _is_shown(of, show)]
    kept.sort(key=lambda one: (not one[1].waiting, one[1].waiting[0].last.at if one[1].waiting else now))
    return Sheet(columns, tuple(_row(stay, of, names.get(stay.id, ""), now) for stay, of in kept))


def _is_shown(of: OfStay, show: Show) -> bool:
    return {
        "all": True,
        "confirm": bool(of.waiting),
        "planned": of.plan is not None,
        "without": of.plan is None,
    }[show]


def _row(stay: object, of: OfStay, name: str, now: datetime) -> Row:
    ident, ward, bed = stay.id, stay.ward, stay.bed  # type: ignore[attr-defined]
    plan, far = of.plan, of.progress(now)
    waits = of.waiting
    stopped = [one for one in waits if one.stops]
    cells = {
        "ward": Cell(ward),
        "bed": Cell(bed or ""),
        "name": Cell(masked_name(name), href=f"{PREFIX}/rehabilitation/{ident}"),
        "plan": Cell(plan.now.goal if plan is not None else _("no plan")),
        "until": Cell(plan.now.until_on.isoformat() if plan is not None else ""),
        "progress": Cell(progress_text(far) if far is not None else ""),
        "waiting": Cell(waiting_text(waits, now)),
        "stopped": Cell(
            stop_text(stopped[-1].stops, stopped[-1].last.signs) if stopped else "", cls="bad" if stopped else ""
        ),
    }
    return Row(ident, cells)


def progress_text(far: Progress) -> str:
    """How far, in words: what was only said is told apart."""
    said = _("{confirmed} confirmed, {reported} said done, of {planned}")
    return said.format(confirmed=far.confirmed, reported=far.reported, planned=far.planned)


def waiting_text(waits: Collection[RehabSessionView], now: datetime) -> str:
    """How many, and how long the oldest has waited."""
    if not waits:
        return ""
    hours = int((now - min(one.last.at for one in waits)) / timedelta(hours=1))
    age = _("{n} h").format(n=hours) if hours else _("less than an hour")
    return _("{n} ({age})").format(n=len(waits), age=age)


def item_text(item: PlannedExercise) -> str:
    """One exercise of a plan, in a line."""
    parts = [
        exercise_text(item.exercise),
        _("{n} times a day").format(n=item.per_day),
        *([_("every {n} days").format(n=item.every_days)] if item.every_days > 1 else []),
        _("{n} sets").format(n=item.sets),
        *([_("{n} repetitions").format(n=item.reps)] if item.reps is not None else []),
        *([_("{n} minutes").format(n=item.minutes)] if item.minutes is not None else []),
        _("Borg {low} to {high}").format(low=item.rpe_low, high=item.rpe_high),
        word("assists", item.assist),
        *([item.precautions] if item.precautions else []),
    ]
    return " · ".join(parts)


def session_text(one: RehabSessionView) -> str:
    """Everything that was said about a session; two reports stand side by side."""
    lines = []
    for report in one.reports:
        parts = [
            f"{ward_time(report.at):%m-%d %H:%M}",
            _("{n} of {all} exercises").format(n=report.done, all=report.asked),
        ]
        parts += [f"Borg {report.rpe} ({effort_text(report.rpe)})"] if report.rpe is not None else []
        parts += [_("pain {n}").format(n=report.pain)] if report.pain is not None else []
        parts += [word("signs", sign) for sign in report.signs]
        if report.stops:
            parts.append(_("stopped: {why}").format(why=stop_text(report.stops, report.signs)))
        lines.append(" · ".join(parts))
    if len(one.reports) > 1:
        lines.append(_("Said {n} times: all of it is kept.").format(n=len(one.reports)))
    if one.beside_plan:
        lines.append(_("No plan asked for it when it came."))
    return "\n".join(lines)
