"""Pairings of monitors in the ward record."""

from __future__ import annotations

from datetime import timedelta

from wardlink.messages.pairings import PairingView
from wardlink.record.kind import Fold, Kind, Said


def _made(known: PairingView | None, said: Said) -> PairingView:
    command, body = said.command, said.body
    return known or PairingView(
        id=command.id,
        encounter=command.encounter,
        bed=command.bed,
        monitor=body.monitor,
        paired_at=command.measured_at,
        holds=body.holds,
        by=command.actor,
        by_name=said.actor_name,
    )


def _ended(known: PairingView | None, said: Said) -> PairingView | None:
    if known is None or known.ended_at is not None:
        return known
    return known.model_copy(update={"ended_at": said.command.measured_at, "ended_by": said.command.actor})


PAIRING = Kind(
    "pairing",
    PairingView,
    at=lambda view: view.paired_at,
    folds={
        "monitor.pair": Fold(_made),
        "monitor.unpair": Fold(_ended, target=lambda command, body: body.pairing),
    },
    state=lambda view: "ended" if view.ended_at is not None else "paired" if view.holds else "unsure",
    kept_for=timedelta(hours=72),
)
