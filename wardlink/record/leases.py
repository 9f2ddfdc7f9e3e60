"""Leases of doses in the ward record: which nurse is on a round with them."""

from __future__ import annotations

from datetime import timedelta

from wardlink.messages.doses import LeaseView
from wardlink.record.kind import Fold, Kind, Said


def _taken(known: LeaseView | None, said: Said) -> LeaseView:
    command = said.command
    return known or LeaseView(
        id=command.id,
        encounter=command.encounter,
        bed=command.bed,
        doses=said.body.doses,
        device=command.device,
        by=command.actor,
        by_name=said.actor_name,
        taken_at=command.measured_at,
        until_at=said.body.until_at,
    )


def _released(known: LeaseView | None, said: Said) -> LeaseView | None:
    if known is None or known.released_at is not None:
        return known
    return known.model_copy(update={"released_at": said.command.measured_at})


LEASE = Kind(
    "lease",
    LeaseView,
    at=lambda view: view.taken_at,
    folds={
        "lease.take": Fold(_taken),
        "lease.release": Fold(_released, target=lambda command, body: body.lease),
    },
    state=lambda view: "held" if view.released_at is None else "released",
    kept_for=timedelta(hours=12),
)
