"""The menu of the invented ward, and how the invented patient eats."""

from __future__ import annotations

from datetime import datetime

from wardlink.clinical.meals.diets import diets_written
from wardlink.clinical.meals.eater import Eater
from wardlink.clinical.meals.menu_file import sample_menu
from wardlink.messages.base import Actor
from wardlink.messages.encounters import EncounterView
from wardlink.messages.meals import DietCardView, MenuView
from wardlink.messages.records import RecordView
from wardlink.record.diet_cards import DIET_CARD, diet_card_id
from wardlink.record.menus import MENU, menu_id

_SERVER = Actor(kind="system", id="server")
_COMMAND = "00000000-0000-7000-8000-0000000000c1"


def sample_meals(stay: EncounterView, now: datetime, eater: Eater | None = None) -> dict[tuple[str, str], RecordView]:
    """The menu and the card, as the server tells them. `eater`: somebody who eats otherwise than the stay's diet."""
    card = DietCardView(
        id=diet_card_id(stay.id),
        encounter=stay.id,
        bed=stay.bed,
        eater=eater or Eater(diets=diets_written(stay.diet)),
        changed_at=now,
        command=_COMMAND,
        by=_SERVER,
    )
    menu = MenuView(id=menu_id(stay.ward), menu=sample_menu(), told_at=now, command=_COMMAND)
    return {(DIET_CARD.name, card.id): card, (MENU.name, menu.id): menu}
