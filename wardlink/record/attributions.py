"""Values that were given to a patient afterwards, in the ward record."""

from __future__ import annotations

from datetime import timedelta

from wardlink.messages.attributions import AttributionView
from wardlink.record.kind import Fold, Kind, Said


def _made(known: AttributionView | None, said: Said) -> AttributionView:
    command, body = said.command, said.body
    return known or AttributionView(
        id=command.id,
        encounter=command.encounter,
        bed=command.bed,
        monitor=body.monitor,
        from_at=body.from_at,
        until_at=body.until_at,
        reason=body.reason,
        device=command.device,
        entered_at=command.entered_at,
        received_at=said.received_at,
        by=command.actor,
        by_name=said.actor_name,
    )


def _struck(known: AttributionView | None, said: Said) -> AttributionView | None:
    if known is None or known.struck_at is not None:
        return known
    marks = {"struck_at": said.command.entered_at, "struck_by": said.command.actor, "struck_reason": said.body.reason}
    return known.model_copy(update=marks)


def state_of(view: AttributionView) -> str:
    """In a word."""
    return "struck" if view.struck_at is not None else "in-doubt" if view.in_doubt else "stands"


ATTRIBUTION = Kind(
    "attribution",
    AttributionView,
    at=lambda view: view.from_at,
    folds={
        "attribution.record": Fold(_made),
        "attribution.strike": Fold(_struck, target=lambda command, body: body.attribution),
    },
    is_open=lambda view: view.struck_at is None and view.in_doubt,
    state=state_of,
    kept_for=timedelta(hours=72),
)
