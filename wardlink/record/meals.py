"""Meals in the ward record: each step of a meal, whoever says it, and the state that follows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from wardlink.clinical.meals.states import EATEN, MealAct, after
from wardlink.clinical.meals.times import Slot
from wardlink.messages.meals import MealItem, MealStep, MealView
from wardlink.record.kind import Fold, Kind, Said

_ACTS: dict[str, MealAct] = {
    "meal.lock": "lock",
    "meal.cook": "cook",
    "meal.dispatch": "dispatch",
    "meal.deliver": "deliver",
    "meal.return": "return",
    "meal.undo": "undo",
    "meal.intake": "close",
    "meal.cancel": "cancel",
    "meal.stop": "cancel",
}


def _ordered(known: MealView | None, said: Said) -> MealView:
    if known is not None:
        return known
    command, body = said.command, said.body
    return MealView(
        id=command.id,
        encounter=command.encounter,
        bed=command.bed,
        on=body.on,
        slot=body.slot,
        state="placed",
        items=tuple(MealItem(code=code) for code in body.dishes),
        served_at=Slot(body.on, body.slot).served_at,
        placed_at=command.measured_at,
        by=command.actor,
        by_name=said.actor_name,
        steps=(_step(said, "order", counted=True),),
    )


def _changed(known: MealView | None, said: Said) -> MealView | None:
    if known is None or _has(known, said):
        return known
    counted = known.state == "placed"
    step = _step(said, "change", counted=counted)
    items = tuple(MealItem(code=code) for code in said.body.dishes) if counted else known.items
    return known.model_copy(update={"items": items, "steps": (*known.steps, step)})


def _acted(known: MealView | None, said: Said) -> MealView | None:
    if known is None or _has(known, said):
        return known
    act, body = _ACTS[said.command.kind], said.body
    # One tray goes back once.
    state = None if act == "return" and known.back is not None else after(known.state, act)
    step = _step(said, act, counted=state is not None)
    changed: dict[str, Any] = {"steps": (*known.steps, step)}
    if state is not None:
        changed |= {"state": state} | _facts(said)
    elif act == "close" and known.state in EATEN:
        # A second look at the tray: the later one holds, the former stays in the steps.
        changed |= _facts(said)
    if hasattr(body, "why") and state is not None:
        changed["why"] = body.why
    return known.model_copy(update=changed)


def _facts(said: Said) -> dict[str, Any]:
    body = said.body
    match said.command.kind:
        case "meal.deliver":
            return {"delivered_at": said.command.measured_at}
        case "meal.undo":
            return {"delivered_at": None, "eaten_pct": None, "fluid_ml": None, "fluid": None, "medical": False}
        case "meal.return":
            return {"medical": body.medical}
        case "meal.intake":
            return {"eaten_pct": body.eaten_pct, "fluid_ml": body.fluid_ml, "fluid": body.fluid}
        case _:
            return {}


def _has(known: MealView, said: Said) -> bool:
    return any(step.command == said.command.id for step in known.steps)


def _step(said: Said, what: str, *, counted: bool) -> MealStep:
    command = said.command
    return MealStep(
        command=command.id,
        what=what,
        at=command.measured_at,
        by=command.actor,
        by_name=said.actor_name,
        reason=getattr(said.body, "reason", None) or getattr(said.body, "dietitian_reason", None),
        counted=counted,
    )


def _meal(command: Any, body: Any) -> str:
    return str(body.meal)


MEAL = Kind(
    "meal",
    MealView,
    at=lambda view: view.served_at,
    folds={"meal.order": Fold(_ordered), "meal.change": Fold(_changed, target=_meal)}
    | {kind: Fold(_acted, target=_meal) for kind in _ACTS},
    state=lambda view: view.state,
    # By the clock alone: a tray that nobody scanned must not stay on every device for ever.
    kept_for=timedelta(hours=48),
    for_bed=True,
)
