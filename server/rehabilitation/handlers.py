"""Plans and sessions come in: who may write them, what is refused in words, and what is kept although it collides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from server.actors import role_of, staff_only
from server.batch import Batch
from server.family.acting import is_for_patient
from server.handlers import Handler
from server.identity.roles import Right, demand
from server.patients.service import encounter_view
from server.record.service import record_called, records_of
from server.record.writing import fold_in
from wardlink.clinical.rehabilitation.catalogue import exercises, words
from wardlink.clinical.rehabilitation.planning import sessions_on, version_on
from wardlink.clock import ward_date
from wardlink.errors import Collision, InvalidInput, NotAllowed, NotFound
from wardlink.i18n import N_
from wardlink.messages.commands import Command
from wardlink.messages.rehabilitation import (
    ChangePlan,
    EndPlan,
    PlanContent,
    RehabPlanView,
    RehabSessionView,
    ReportSession,
    StartPlan,
)
from wardlink.record.rehabilitation import REHAB_PLAN, REHAB_SESSION

_OVER = N_("This stay is over already.")
_PLANNED = N_("There is a plan for this patient already. Change that one, or end it first.")
_ENDED = N_("Somebody has ended this plan meanwhile.")
_CHANGED = N_("Somebody else has changed this plan meanwhile. Look at it as it is now, then change it again.")
_ANSWERED = N_("Somebody else was quicker: this session is confirmed or refused already.")
_OTHERS = N_("Only the patient of this bed may say that a session was done.")
_PAST = N_("The plan is over before today.")


def start(batch: Batch, command: Command, body: StartPlan) -> int:
    """A plan for a stay.

    Raises:
        Collision: there is one already, or the stay is over.
        InvalidInput: an exercise that no table knows, or no day from today on.
    """
    _demand(batch, command, "rehab.plan")
    _check_stay(batch, command)
    _check_content(batch, body)
    known = records_of(batch.conn, REHAB_PLAN, encounter=command.encounter, only_open=True)
    if any(one.id != command.id for one in known):
        raise Collision(_PLANNED)
    return fold_in(batch, REHAB_PLAN, command, body).seq


def change(batch: Batch, command: Command, body: ChangePlan) -> int:
    """The plan says something else from today on.

    Raises:
        Collision: it is ended, or somebody has changed it since it was looked at.
        InvalidInput: as for `start`.
    """
    _demand(batch, command, "rehab.plan")
    found = _open_plan(batch, body.plan)
    _check_content(batch, body)
    if found.version != body.version:
        raise Collision(_CHANGED)
    return fold_in(batch, REHAB_PLAN, command, body).seq


def end(batch: Batch, command: Command, body: EndPlan) -> int:
    """Nothing more is planned by it.

    Raises:
        Collision: it is ended already.
    """
    _demand(batch, command, "rehab.plan")
    _open_plan(batch, body.plan)
    return fold_in(batch, REHAB_PLAN, command, body).seq


def report(batch: Batch, command: Command, body: ReportSession) -> int:
    """Keep what the patient did, also where the plan was ended or changed meanwhile.

    Raises:
        NotAllowed: in another patient's name, at another patient's bed, or by another patient's plan.
    """
    resident = batch.census.resident(batch.conn, command.encounter) if command.encounter else None
    device = batch.census.device(batch.conn, command.device)
    at_another = device is not None and resident is not None and device.bed not in (None, resident.bed)
    if not is_for_patient(command) or resident is None or at_another:
        raise NotAllowed(_OTHERS)
    known = record_called(batch.conn, REHAB_PLAN, body.plan)
    if known is not None and known[1].encounter != command.encounter:
        raise NotAllowed(_OTHERS)
    beside = known is None or not _is_planned(known[1], body)

    def marked(view: RehabSessionView) -> RehabSessionView:
        return view.model_copy(update={"beside_plan": view.beside_plan or beside})

    return fold_in(batch, REHAB_SESSION, command, body, then=marked).seq


def answer(batch: Batch, command: Command, body: Any) -> int:
    """It is confirmed, or does not count.

    Raises:
        Collision: somebody else has said so already.
    """
    _demand(batch, command, "rehab.confirm")
    known = record_called(batch.conn, REHAB_SESSION, body.session)
    if known is None:
        raise NotFound(what="session", name=body.session)
    if known[1].state != "reported":
        raise Collision(_ANSWERED)
    return fold_in(batch, REHAB_SESSION, command, body).seq


def _is_planned(plan: RehabPlanView, body: ReportSession) -> bool:
    if plan.ended_at is not None and body.begun_at >= plan.ended_at:
        return False
    version = version_on(plan.versions, body.on)
    return version is not None and any(one.number == body.number for one in sessions_on(version, body.on))


def _check_content(batch: Batch, body: PlanContent) -> None:
    known, helps = exercises(), words("assists")
    if any(item.exercise not in known or item.assist not in helps for item in body.items):
        raise InvalidInput(N_("There is no such exercise."))
    if body.until_on < ward_date(batch.now):
        raise InvalidInput(_PAST)


def _check_stay(batch: Batch, command: Command) -> None:
    stay = encounter_view(batch.conn, command.encounter) if command.encounter else None
    if stay is None:
        raise NotFound(what="stay", name=str(command.encounter))
    if stay.status != "in-progress":
        raise Collision(_OVER)


def _open_plan(batch: Batch, plan: str) -> RehabPlanView:
    found = record_called(batch.conn, REHAB_PLAN, plan)
    if found is None:
        raise NotFound(what="rehabilitation plan", name=plan)
    if not found[1].is_open:
        raise Collision(_ENDED)
    return found[1]


def _demand(batch: Batch, command: Command, right: Right) -> None:
    staff_only(command)
    role = role_of(batch, command.actor.id)
    if role is None:
        raise NotAllowed
    demand(role, right)


def _request(apply: Callable[[Batch, Command, Any], int], *devices: str) -> Handler:
    return Handler(apply, request=True, devices=frozenset(devices))


HANDLERS = {
    "rehab-plan.start": _request(start),
    "rehab-plan.change": _request(change),
    "rehab-plan.end": _request(end),
    "rehab-session.report": Handler(report, devices=frozenset({"terminal"})),
    "rehab-session.confirm": _request(answer, "cart"),
    "rehab-session.refuse": _request(answer, "cart"),
}
