"""Consultations in the ward record: each step, whoever says it, and the state that follows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from wardlink.clinical.consults import ConsultAct, after
from wardlink.messages.consults import ConsultNoteView, ConsultStep, ConsultView
from wardlink.record.kind import Fold, Kind, Said

ACTS: dict[str, ConsultAct] = {
    "consult.accept": "accept",
    "consult.schedule": "schedule",
    "consult.begin": "begin",
    "consult.sign": "sign",
    "consult.close": "close",
    "consult.decline": "decline",
    "consult.withdraw": "decline",
}
"""What each kind of command does to a consultation."""


def _requested(known: ConsultView | None, said: Said) -> ConsultView:
    command, body = said.command, said.body
    return known or ConsultView(
        id=command.id,
        encounter=command.encounter,
        bed=command.bed,
        specialty=body.specialty,
        form=body.form,
        urgency=body.urgency,
        state="requested",
        requested_at=command.measured_at,
        by=command.actor,
        slot_at=body.slot_at,
        steps=(_step(said, "request", counted=True),),
    )


def _acted(known: ConsultView | None, said: Said) -> ConsultView | None:
    if known is None or any(step.command == said.command.id for step in known.steps):
        return known
    act = ACTS[said.command.kind]
    state = after(known.state, act)
    steps = (*known.steps, _step(said, act, counted=state is not None))
    changed: dict[str, Any] = {"steps": steps}
    if state is not None:
        changed |= {"state": state} | _facts(known, said, act)
    return known.model_copy(update=changed)


def _facts(known: ConsultView, said: Said, act: ConsultAct) -> dict[str, Any]:
    command, body = said.command, said.body
    from_bed = command.actor.kind in ("patient", "family")
    match act:
        case "schedule":
            return {"slot_at": body.slot_at, "consultant": body.consultant or known.consultant}
        case "begin":
            return {"begun_at": command.measured_at, "consent": body.consent}
        case "sign":
            return {"signed_at": command.measured_at}
        case "close":
            return {"ended_at": command.measured_at}
        case "decline":
            return {"ended_at": command.measured_at, "why": "patient" if from_bed else "staff"}
        case "accept":
            return {}


def _step(said: Said, what: str, *, counted: bool) -> ConsultStep:
    command = said.command
    return ConsultStep(
        command=command.id,
        what=what,
        at=command.measured_at,
        by=command.actor,
        by_name=said.actor_name,
        counted=counted,
    )


def _consult(command: Any, body: Any) -> str:
    return str(body.consult)


CONSULT = Kind(
    "consult",
    ConsultView,
    at=lambda view: view.slot_at or view.requested_at,
    folds={"consult.request": Fold(_requested)} | {kind: Fold(_acted, target=_consult) for kind in ACTS},
    is_open=lambda view: view.is_open,
    state=lambda view: view.state,
    kept_for=timedelta(days=7),
    for_bed=True,
)

CONSULT_NOTE = Kind("consult-note", ConsultNoteView, at=lambda view: view.written_at, kept_for=timedelta(days=7))
"""Told by the server beside the consultation; no terminal of a bed holds one."""
