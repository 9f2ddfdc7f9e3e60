"""Rehabilitation in the ward record: a plan in all its versions, and one record for each session that was done."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from wardlink.clinical.rehabilitation.planning import SessionState
from wardlink.clock import ward_date
from wardlink.messages.rehabilitation import (
    PlanContent,
    PlanVersion,
    RehabPlanView,
    RehabSessionView,
    SessionAnswer,
    SessionReport,
)
from wardlink.record.kind import Fold, Kind, Said

_NAMES = uuid.UUID("0c6f3a51-9d0e-5f1b-8a7c-3f0a5f0b6f7d")


def session_id(plan: str, on: date, number: int) -> str:
    """The id of one session of a plan."""
    return str(uuid.uuid5(_NAMES, f"{plan} {on.isoformat()} {number}"))


def _version(said: Said) -> PlanVersion:
    content = said.body.model_dump(include=set(PlanContent.model_fields))
    at = said.command.measured_at
    marks = {"from_on": ward_date(at), "command": said.command.id, "at": at, "by": said.command.actor}
    return PlanVersion.model_validate(content | marks | {"by_name": said.actor_name})


def _started(known: RehabPlanView | None, said: Said) -> RehabPlanView:
    command = said.command
    return known or RehabPlanView(
        id=command.id, encounter=command.encounter, bed=command.bed, versions=(_version(said),)
    )


def _changed(known: RehabPlanView | None, said: Said) -> RehabPlanView | None:
    if known is None or any(version.command == said.command.id for version in known.versions):
        return known
    return known.model_copy(update={"versions": (*known.versions, _version(said))})


def _ended(known: RehabPlanView | None, said: Said) -> RehabPlanView | None:
    if known is None or not known.is_open:
        return known
    command = said.command
    marks = {"ended_at": command.measured_at, "ended_by": command.actor, "ended_by_name": said.actor_name}
    return known.model_copy(update=marks | {"end_reason": said.body.reason, "why": "staff"})


def _reported(known: RehabSessionView | None, said: Said) -> RehabSessionView:
    command, body = said.command, said.body
    if known is not None and any(report.command == command.id for report in known.reports):
        return known
    report = SessionReport.model_validate(body.model_dump() | {"command": command.id, "at": command.measured_at})
    if known is None:
        return RehabSessionView(
            id=session_id(body.plan, body.on, body.number),
            encounter=command.encounter,
            bed=command.bed,
            plan=body.plan,
            on=body.on,
            number=body.number,
            state="reported",
            reports=(report,),
        )
    state: SessionState = "reported" if known.state == "refused" else known.state
    reports = sorted((*known.reports, report), key=lambda one: (one.at, one.command))
    return known.model_copy(update={"reports": tuple(reports), "state": state})


def _answered(known: RehabSessionView | None, said: Said) -> RehabSessionView | None:
    command = said.command
    if known is None or any(answer.command == command.id for answer in known.answers):
        return known
    counted = known.state == "reported"
    is_yes = command.kind == "rehab-session.confirm"
    answer = SessionAnswer(
        command=command.id,
        what="confirm" if is_yes else "refuse",
        at=command.measured_at,
        by=command.actor,
        by_name=said.actor_name,
        reason=getattr(said.body, "reason", None),
        counted=counted,
    )
    changed: dict[str, Any] = {"answers": (*known.answers, answer)}
    if counted:
        changed["state"] = "confirmed" if is_yes else "refused"
    return known.model_copy(update=changed)


def _plan(command: Any, body: Any) -> str:
    return str(body.plan)


def _of_plan(command: Any, body: Any) -> str:
    return session_id(body.plan, body.on, body.number)


def _session(command: Any, body: Any) -> str:
    return str(body.session)


REHAB_PLAN = Kind(
    "rehab-plan",
    RehabPlanView,
    at=lambda view: view.ended_at or view.now.at,
    folds={
        "rehab-plan.start": Fold(_started),
        "rehab-plan.change": Fold(_changed, target=_plan),
        "rehab-plan.end": Fold(_ended, target=_plan),
    },
    is_open=lambda view: view.is_open,
    state=lambda view: "open" if view.is_open else "ended",
    kept_for=timedelta(days=7),
    for_bed=True,
)

REHAB_SESSION = Kind(
    "rehab-session",
    RehabSessionView,
    at=lambda view: view.last.at,
    folds={
        "rehab-session.report": Fold(_reported, target=_of_plan),
        "rehab-session.confirm": Fold(_answered, target=_session),
        "rehab-session.refuse": Fold(_answered, target=_session),
    },
    is_open=lambda view: view.state == "reported",
    state=lambda view: view.state,
    # The bar counts every session of the plan.
    kept_for=timedelta(days=60),
    for_bed=True,
)
