"""Isolations in the ward record: open while they hold, so that every cart keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from wardlink.clinical.isolation import precautions
from wardlink.messages.isolations import IsolationView
from wardlink.record.kind import Fold, Kind, Said


def _started(known: IsolationView | None, said: Said) -> IsolationView:
    if known is not None:
        return known
    command, body = said.command, said.body
    return IsolationView(
        id=command.id,
        encounter=command.encounter,
        bed=command.bed,
        precaution=body.precaution,
        reason=body.reason,
        started_at=command.measured_at,
        by=command.actor,
        by_name=said.actor_name,
        device=command.device,
        received_at=said.received_at,
    )


def _ended(known: IsolationView | None, said: Said) -> IsolationView | None:
    # Who ended it first stays; the server puts a second story before a person.
    if known is None or known.ended_at is not None:
        return known
    marks = {
        "ended_at": said.command.measured_at,
        "ended_by": said.command.actor,
        "ended_by_name": said.actor_name,
        "ended_device": said.command.device,
        "end_reason": said.body.reason,
    }
    return known.model_copy(update=marks)


def _struck(known: IsolationView | None, said: Said) -> IsolationView | None:
    if known is None or known.struck_at is not None:
        return known
    marks = {"struck_at": said.command.entered_at, "struck_by": said.command.actor, "struck_reason": said.body.reason}
    return known.model_copy(update=marks)


def _state(view: IsolationView) -> str:
    if view.struck_at is not None:
        return "struck"
    return "holds" if view.ended_at is None else "ended"


ISOLATION = Kind(
    "isolation",
    IsolationView,
    at=lambda view: view.started_at,
    folds={
        "isolation.start": Fold(_started),
        "isolation.end": Fold(_ended, target=lambda command, body: body.isolation),
        "isolation.strike": Fold(_struck, target=lambda command, body: body.isolation),
    },
    is_open=lambda view: view.holds,
    state=_state,
    kept_for=timedelta(days=7),
)


def holding(found: Iterable[IsolationView]) -> list[IsolationView]:
    """Those by which the patient is isolated now: the strictest precaution first, of one precaution the oldest."""
    order = list(precautions())
    held = [view for view in found if view.holds]
    return sorted(held, key=lambda view: (order.index(view.precaution), view.started_at, view.id))
