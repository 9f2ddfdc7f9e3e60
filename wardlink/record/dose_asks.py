"""What patients were asked about doses at their beds, in the ward record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from wardlink.messages.dose_asks import DoseAskView
from wardlink.record.kind import Fold, Kind, Said

STANDS = timedelta(minutes=10)
"""So long a question stands on the bed's screen; a nurse is at the bed for less. A default of this product."""


def _asked(known: DoseAskView | None, said: Said) -> DoseAskView:
    command, body = said.command, said.body
    return known or DoseAskView(
        id=command.id,
        encounter=command.encounter,
        bed=command.bed,
        order=body.order,
        dose=body.dose,
        items=body.items,
        route=body.route,
        indication=body.indication,
        asked_at=command.measured_at,
        by=command.actor,
        by_name=said.actor_name,
    )


def _answered(known: DoseAskView | None, said: Said) -> DoseAskView | None:
    if known is None or known.answer is not None:
        return known
    return known.model_copy(update={"answer": said.body.answer, "answered_at": said.command.measured_at})


def _ended(known: DoseAskView | None, said: Said) -> DoseAskView | None:
    if known is None or known.ended_at is not None:
        return known
    return known.model_copy(update={"ended_at": said.command.measured_at})


def _state(view: DoseAskView) -> str:
    return view.answer or ("asked" if view.ended_at is None else "unanswered")


DOSE_ASK = Kind(
    "dose-ask",
    DoseAskView,
    at=lambda view: view.asked_at,
    folds={
        "dose-ask.ask": Fold(_asked),
        "dose-ask.answer": Fold(_answered, target=lambda command, body: body.ask),
        "dose-ask.end": Fold(_ended, target=lambda command, body: body.ask),
    },
    state=_state,
    kept_for=timedelta(hours=24),
    for_bed=True,
)


def waiting_ask(asks: Iterable[DoseAskView], now: datetime) -> DoseAskView | None:
    """The newest question that still waits for the patient's answer; None where there is none."""
    waiting = [ask for ask in asks if ask.answer is None and ask.ended_at is None and ask.asked_at > now - STANDS]
    return max(waiting, key=lambda ask: (ask.asked_at, ask.id), default=None)
