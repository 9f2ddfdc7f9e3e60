"""Alerts in the ward record: what people do about them. What the server does by its clock stands in the server."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from wardlink.messages.alerts import AlertDeed, AlertEvent, AlertView
from wardlink.record.kind import Fold, Kind, Said


def waiting(view: AlertView, **changed: Any) -> AlertView:
    """The alert when nobody has it any more; `changed` says what else is new."""
    nobody: dict[str, Any] = dict.fromkeys(
        ("accepted_at", "accepted_by", "accepted_name", "eta_min", "arrived_at", "arrived_name")
    )
    return view.model_copy(update=nobody | {"state": "offered"} | changed)


def _accepted(known: AlertView | None, said: Said) -> AlertView | None:
    def take(view: AlertView) -> AlertView:
        at = said.command.measured_at
        is_first = view.accepted_at is None or at < view.accepted_at
        if view.state == "resolved" or at < view.since_at or not is_first:
            return view
        return view.model_copy(
            update={
                "state": "accepted" if view.state in ("raised", "offered") else view.state,
                "accepted_at": at,
                "accepted_by": said.command.actor,
                "accepted_name": said.actor_name,
                "eta_min": said.body.eta_min,
            }
        )

    return _with(known, said, "accepted", take, eta_min=said.body.eta_min)


def _refused(known: AlertView | None, said: Said) -> AlertView | None:
    def give_back(view: AlertView) -> AlertView:
        mine = view.accepted_by == said.command.actor and view.state in ("accepted", "arrived")
        return waiting(view, since_at=max(view.since_at, said.command.measured_at)) if mine else view

    return _with(known, said, "refused", give_back, reason=said.body.reason)


def _handed_on(known: AlertView | None, said: Said) -> AlertView | None:
    def give(view: AlertView) -> AlertView:
        if view.state == "resolved":
            return view
        to = said.body.to
        roles = view.offered_to if to in view.offered_to else (*view.offered_to, to)
        return waiting(view, offered_to=roles, since_at=max(view.since_at, said.command.measured_at))

    return _with(known, said, "handed-on", give, to=said.body.to, reason=said.body.reason)


def _arrived(known: AlertView | None, said: Said) -> AlertView | None:
    def be_there(view: AlertView) -> AlertView:
        at = said.command.measured_at
        if view.state == "resolved" or at < view.since_at or (view.arrived_at is not None and view.arrived_at <= at):
            return view
        return view.model_copy(update={"state": "arrived", "arrived_at": at, "arrived_name": said.actor_name})

    return _with(known, said, "arrived", be_there)


def _resolved(known: AlertView | None, said: Said) -> AlertView | None:
    def end(view: AlertView) -> AlertView:
        if view.state == "resolved" or said.command.measured_at < view.raised_at:
            return view
        done = {"resolved_at": said.command.measured_at, "resolved_name": said.actor_name}
        return view.model_copy(update=done | {"state": "resolved", "outcome": said.body.outcome, "answer_by_at": None})

    return _with(known, said, "resolved", end, reason=said.body.outcome)


def _with(known: AlertView | None, said: Said, deed: AlertDeed, change: Any, **facts: Any) -> AlertView | None:
    if known is None or any(event.command == said.command.id for event in known.events):
        return known
    event = AlertEvent(
        deed=deed,
        at=said.command.measured_at,
        command=said.command.id,
        by=said.command.actor,
        by_name=said.actor_name,
        **facts,
    )
    changed: AlertView = change(known)
    return changed.model_copy(update={"events": (*known.events, event)})


def _alert(command: Any, body: Any) -> str:
    return str(body.alert)


ALERT = Kind(
    "alert",
    AlertView,
    at=lambda view: view.raised_at,
    folds={
        "alert.accept": Fold(_accepted, target=_alert),
        "alert.refuse": Fold(_refused, target=_alert),
        "alert.hand-on": Fold(_handed_on, target=_alert),
        "alert.arrive": Fold(_arrived, target=_alert),
        "alert.resolve": Fold(_resolved, target=_alert),
    },
    is_open=lambda view: view.state != "resolved",
    state=lambda view: view.state,
    kept_for=timedelta(hours=24),
)
