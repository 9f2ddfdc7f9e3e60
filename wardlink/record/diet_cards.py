"""How patients eat, in the ward record: one card a stay, what staff have decided and what the record says."""

from __future__ import annotations

import uuid
from typing import Any

from wardlink.messages.meals import DietCardView
from wardlink.record.kind import Fold, Kind, Said

_NAMES = uuid.UUID("9a1d5bfc-6f2f-5b0c-8c61-5b6b7c5f0f7d")


def diet_card_id(encounter: str) -> str:
    """The id of the card of a stay."""
    return str(uuid.uuid5(_NAMES, encounter))


def _begun(known: DietCardView | None, said: Said) -> DietCardView:
    command = said.command
    return known or DietCardView(
        id=diet_card_id(command.encounter or ""),
        encounter=command.encounter,
        bed=command.bed,
        changed_at=command.measured_at,
        command=command.id,
        by=command.actor,
        by_name=said.actor_name,
    )


def _set(known: DietCardView | None, said: Said) -> DietCardView:
    card, body = _begun(known, said), said.body
    if known is not None and known.command == said.command.id:
        return known
    texture = {"iddsi": None, "drink": None} if body.clear_texture else {}
    decided = {name: value for name in ("iddsi", "drink", "avoids") if (value := getattr(body, name)) is not None}
    mapped = {"mapped": card.mapped | body.mapped} if body.mapped else {}
    return _marked(card, said, texture | decided | mapped)


def _followed(known: DietCardView | None, said: Said) -> DietCardView:
    if known is not None and known.command == said.command.id:
        return known
    return _marked(_begun(known, said), said, {"eater": said.body.eater, "ended": said.body.ended})


def _marked(card: DietCardView, said: Said, changed: dict[str, Any]) -> DietCardView:
    command = said.command
    marks = {"command": command.id, "changed_at": command.measured_at, "by": command.actor}
    return card.model_copy(update=changed | marks | {"by_name": said.actor_name})


def _card(command: Any, body: Any) -> str:
    return diet_card_id(command.encounter or "")


DIET_CARD = Kind(
    "diet-card",
    DietCardView,
    at=lambda view: view.changed_at,
    folds={"diet-card.set": Fold(_set, target=_card), "diet-card.follow": Fold(_followed, target=_card)},
    is_open=lambda view: not view.ended,
    state=lambda view: "ended" if view.ended else "held",
    for_bed=True,
)
