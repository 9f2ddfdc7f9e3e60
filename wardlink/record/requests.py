"""Requests in the ward record: each word of one, whoever says it, and the state that follows."""

from __future__ import annotations

from typing import Any

from wardlink.clinical.requests.catalogue import is_urgent
from wardlink.clinical.requests.states import OPEN, RequestAct, after
from wardlink.messages.requests import RequestStep, RequestView
from wardlink.record.kind import Fold, Kind, Said

ACTS: dict[str, RequestAct] = {
    "request.accept": "accept",
    "request.begin": "begin",
    "request.complete": "complete",
    "request.reject": "reject",
    "request.cancel": "cancel",
}
"""What a kind of command does to a request."""

_OWNING = frozenset({"accept", "begin", "complete"})


def placed(known: RequestView | None, said: Said) -> RequestView:
    """The request that this command makes; or that was made before, after it was asked for once more.

    As long as nobody has taken it, what is asked for later holds.
    """
    command, body = said.command, said.body
    if known is None:
        return RequestView(
            id=command.id,
            encounter=command.encounter,
            bed=command.bed,
            category=body.category,
            code=body.code,
            state="requested",
            urgent=is_urgent(body.category, body.code),
            requested_at=command.measured_at,
            changed_at=command.measured_at,
            by=command.actor,
            by_name=said.actor_name,
            steps=(_step(said, "place"),),
            **_details(body),
        )
    if _has(known, said):
        return known
    details = _details(body) if known.state == "requested" else {}
    again = {"count": known.count + 1, "changed_at": command.measured_at}
    return known.model_copy(update=details | again | {"steps": (*known.steps, _step(said, "place"))})


def ended(known: RequestView, said: Said) -> RequestView:
    """The request once the stay is over; as it was if it is not open."""
    return _moved(known, said, "end")


def _acted(known: RequestView | None, said: Said) -> RequestView | None:
    if known is None or _has(known, said):
        return known
    return _moved(known, said, ACTS[said.command.kind])


def _moved(known: RequestView, said: Said, act: RequestAct) -> RequestView:
    state, command = after(known.state, act), said.command
    step = _step(said, act, counted=state is not None)
    changed: dict[str, Any] = {"steps": (*known.steps, step)}
    if state is not None:
        changed |= {"state": state, "changed_at": command.measured_at}
        if act in _OWNING and known.owner is None:
            changed |= {"owner": command.actor, "owner_name": said.actor_name}
        if step.text is not None:
            changed["text"] = step.text
    return known.model_copy(update=changed)


def _details(body: Any) -> dict[str, Any]:
    return {"from_at": body.from_at, "articles": body.articles, "about": body.about}


def _has(known: RequestView, said: Said) -> bool:
    return any(step.command == said.command.id for step in known.steps)


def _step(said: Said, what: str, *, counted: bool = True) -> RequestStep:
    command, body = said.command, said.body
    return RequestStep(
        command=command.id,
        what=what,
        at=command.measured_at,
        by=command.actor,
        by_name=said.actor_name,
        text=getattr(body, "answer", None) or getattr(body, "reason", None),
        counted=counted,
    )


def _request(command: Any, body: Any) -> str:
    return str(body.request)


REQUEST = Kind(
    "request",
    RequestView,
    at=lambda view: view.requested_at,
    folds={"request.place": Fold(placed)} | {kind: Fold(_acted, target=_request) for kind in ACTS},
    is_open=lambda view: view.state in OPEN,
    state=lambda view: view.state,
    for_bed=True,
)
