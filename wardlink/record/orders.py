"""Orders in the ward record. Drugs' facts are put in by the server, which holds the dictionary."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from wardlink.clinical.order_states import DRUG_CATEGORIES, MOVES, OPEN, OrderAct, OrderState, after
from wardlink.messages.orders import OrderStep, OrderView
from wardlink.record.kind import Fold, Kind, Said


def _with(
    known: OrderView | None, said: Said, act: OrderAct | None, reason: str | None = None, **facts: Any
) -> OrderView | None:
    """The order after an act: a step more, and a new state where the act is a move."""
    command = said.command
    if known is None or any(step.command == command.id for step in known.steps):
        return known
    state = None if act is None else after(known.state, act)
    counted = act is None or state is not None
    step = OrderStep(
        command=command.id,
        what=command.kind.removeprefix("order.") if act is None else act,
        at=command.measured_at,
        by=command.actor,
        by_name=said.actor_name,
        reason=reason,
        counted=counted,
    )
    changed = {"steps": (*known.steps, step)} | (facts if counted else {})
    return known.model_copy(update=changed | ({} if state is None else {"state": state}))


def _reviewed(known: OrderView | None, said: Said) -> OrderView | None:
    return _with(known, said, "review" if said.body.accepted else "reject", said.body.reason)


def _checked(known: OrderView | None, said: Said) -> OrderView | None:
    step = said.body.step
    if step == "stop-seen":
        return _with(known, said, None)
    if step == "transcribed":
        # Drugs go through the pharmacist first.
        early = known is not None and known.state == "issued" and known.category in DRUG_CATEGORIES
        return _with(known, said, None if early else "transcribe")
    if known is not None and said.command.actor in transcribers(known):
        # The same nurse twice is no second pair of eyes: the step stands, the order does not move.
        return _with(known, said, None)
    return _with(known, said, "check")


def _stopped(known: OrderView | None, said: Said) -> OrderView | None:
    return _with(known, said, "stop", said.body.reason, stop_at=said.body.stop_at)


def transcribers(order: OrderView) -> frozenset[Any]:
    """Who has taken the order over."""
    return frozenset(step.by for step in order.steps if step.what == "transcribe" and step.counted)


def state_at(order: OrderView, at: datetime) -> OrderState:
    """The state that an order was in at an instant, by the steps that had been done until then."""
    state: OrderState = "issued"
    for step in sorted(order.steps, key=lambda step: step.at):
        if step.at <= at and step.counted:
            state = MOVES.get((state, cast("OrderAct", step.what)), state)
    return state


def is_changed_by(act: OrderAct) -> Fold[OrderView]:
    """The fold of a command that does one act, perhaps with a reason."""
    return Fold(
        lambda known, said: _with(known, said, act, getattr(said.body, "reason", None)),
        target=_order,
    )


def _order(command: Any, body: Any) -> str:
    return str(body.order)


ORDER = Kind(
    "order",
    OrderView,
    at=lambda view: view.start_at,
    folds={
        "order.review": Fold(_reviewed, target=_order),
        "order.check": Fold(_checked, target=_order),
        "order.reject": is_changed_by("reject"),
        "order.hold": is_changed_by("hold"),
        "order.resume": is_changed_by("resume"),
        "order.stop": Fold(_stopped, target=_order),
        "order.cancel": is_changed_by("cancel"),
        "order.mark-wrong": is_changed_by("mark-wrong"),
    },
    is_open=lambda view: view.state in OPEN,
    state=lambda view: view.state,
    kept_for=timedelta(hours=72),
)
