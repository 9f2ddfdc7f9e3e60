"""Events of the temperature chart in the ward record."""

from __future__ import annotations

from datetime import timedelta

from wardlink.messages.chart_events import ChartEventView
from wardlink.record.kind import Fold, Kind, Said


def _recorded(known: ChartEventView | None, said: Said) -> ChartEventView:
    if known is not None:
        return known
    command, body = said.command, said.body
    return ChartEventView(
        id=command.id,
        encounter=command.encounter,
        bed=command.bed,
        what=body.what,
        vitals=body.vitals,
        at=command.measured_at,
        entered_at=command.entered_at,
        note=body.note,
        by=command.actor,
        by_name=said.actor_name,
        received_at=said.received_at,
    )


def _struck(known: ChartEventView | None, said: Said) -> ChartEventView | None:
    if known is None or known.struck_at is not None:
        return known
    marks = {"struck_at": said.command.entered_at, "struck_by": said.command.actor, "struck_reason": said.body.reason}
    return known.model_copy(update=marks)


CHART_EVENT = Kind(
    "chart-event",
    ChartEventView,
    at=lambda view: view.at,
    folds={
        "chart-event.record": Fold(_recorded),
        "chart-event.strike": Fold(_struck, target=lambda command, body: body.event),
    },
    state=lambda view: view.what if view.struck_at is None else "struck",
    # Days after an operation are counted for two weeks on pages that are looked at for longer.
    kept_for=timedelta(days=60),
)
