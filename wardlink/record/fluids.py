"""Intake and output in the ward record."""

from __future__ import annotations

from datetime import timedelta

from wardlink.messages.fluids import Fluid, FluidView
from wardlink.record.kind import Fold, Kind, Said

_SAID = (*Fluid.model_fields, "confirmed", "late_reason", "corrects")


def _recorded(known: FluidView | None, said: Said) -> FluidView:
    if known is not None:
        return known
    command, body = said.command, said.body
    return FluidView(
        id=command.id,
        encounter=command.encounter,
        bed=command.bed,
        at=command.measured_at,
        entered_at=command.entered_at,
        received_at=said.received_at,
        by=command.actor,
        by_name=said.actor_name,
        **{name: getattr(body, name) for name in _SAID},
    )


def _struck(known: FluidView | None, said: Said) -> FluidView | None:
    if known is None or known.struck_at is not None:
        return known
    marks = {"struck_at": said.command.entered_at, "struck_by": said.command.actor, "struck_reason": said.body.reason}
    return known.model_copy(update=marks)


FLUID = Kind(
    "fluid",
    FluidView,
    at=lambda view: view.at,
    folds={
        "fluid.record": Fold(_recorded),
        "fluid.strike": Fold(_struck, target=lambda command, body: body.fluid),
    },
    state=lambda view: view.direction if view.struck_at is None else "struck",
    # As long as doses are: a day is added up from both, and half of it would be a wrong sum.
    kept_for=timedelta(hours=72),
)
