"""The menu in the ward record: one a ward, held by every device of it, also at the beds."""

from __future__ import annotations

import uuid

from wardlink.messages.meals import MenuView
from wardlink.record.house_texts import house_texts

_NAMES = uuid.UUID("3c7f1b2e-55a9-5d0e-9a43-7e0b6c1d2f90")


def menu_id(ward: str) -> str:
    """The id of the menu of a ward."""
    return str(uuid.uuid5(_NAMES, ward))


MENU = house_texts("menu", MenuView, menu_id)
