"""Single measurements in the ward record."""

from __future__ import annotations

from datetime import timedelta

from wardlink.messages.observations import Observation, ObservationView
from wardlink.record.kind import Fold, Kind, Said

_SAID = (*Observation.model_fields, "confirmed", "late_reason", "corrects")


def _recorded(known: ObservationView | None, said: Said) -> ObservationView:
    if known is not None:
        return known
    command, body = said.command, said.body
    return ObservationView(
        id=command.id,
        encounter=command.encounter,
        bed=command.bed,
        measured_at=command.measured_at,
        entered_at=command.entered_at,
        received_at=said.received_at,
        by=command.actor,
        by_name=said.actor_name,
        **{name: getattr(body, name) for name in _SAID},
    )


def _struck(known: ObservationView | None, said: Said) -> ObservationView | None:
    if known is None or known.struck_at is not None:
        return known
    marks = {"struck_at": said.command.entered_at, "struck_by": said.command.actor, "struck_reason": said.body.reason}
    return known.model_copy(update=marks)


OBSERVATION = Kind(
    "observation",
    ObservationView,
    at=lambda view: view.measured_at,
    folds={
        "observation.record": Fold(_recorded),
        "observation.strike": Fold(_struck, target=lambda command, body: body.observation),
    },
    state=lambda view: view.what if view.struck_at is None else "struck",
    # A weight is taken weekly and compared with the one before; a chart page shows the one of last week.
    kept_for=timedelta(days=35),
)
