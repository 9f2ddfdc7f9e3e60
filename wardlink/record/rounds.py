"""Rounds in the ward record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from wardlink.messages.rounds import RoundView
from wardlink.record.kind import Fold, Kind, Said


def _recorded(known: RoundView | None, said: Said) -> RoundView:
    if known is not None:
        return known
    command, body = said.command, said.body
    return RoundView(
        id=command.id,
        encounter=command.encounter,
        bed=command.bed,
        done_at=command.measured_at,
        by=command.actor,
        by_name=said.actor_name,
        evidence=body.evidence,
        asleep=body.asleep,
        note=body.note,
        received_at=said.received_at,
    )


def _struck(known: RoundView | None, said: Said) -> RoundView | None:
    if known is None or known.struck_at is not None:
        return known
    marks = {"struck_at": said.command.entered_at, "struck_by": said.command.actor, "struck_reason": said.body.reason}
    return known.model_copy(update=marks)


def last_round(rounds: Iterable[RoundView]) -> RoundView | None:
    """The newest that was not struck out."""
    done = (found for found in rounds if found.struck_at is None)
    return max(done, key=lambda found: (found.done_at, found.id), default=None)


ROUND = Kind(
    "round",
    RoundView,
    at=lambda view: view.done_at,
    folds={
        "round.record": Fold(_recorded),
        "round.strike": Fold(_struck, target=lambda command, body: body.round),
    },
    state=lambda view: "done" if view.struck_at is None else "struck",
    kept_for=timedelta(hours=24),
)
