"""The menu in the ward record: one a ward, held by every device of it, also at the beds."""

from __future__ import annotations

import uuid
from typing import Any

from wardlink.messages.meals import MenuView
from wardlink.record.kind import Fold, Kind, Said

_NAMES = uuid.UUID("3c7f1b2e-55a9-5d0e-9a43-7e0b6c1d2f90")


def menu_id(ward: str) -> str:
    """The id of the menu of a ward."""
    return str(uuid.uuid5(_NAMES, ward))


def _set(known: MenuView | None, said: Said) -> MenuView:
    command = said.command
    if known is not None and known.command == command.id:
        return known
    return MenuView(id=menu_id(command.ward), menu=said.body.menu, told_at=command.measured_at, command=command.id)


def _menu(command: Any, body: Any) -> str:
    return menu_id(command.ward)


MENU = Kind(
    "menu",
    MenuView,
    at=lambda view: view.told_at,
    folds={"menu.set": Fold(_set, target=_menu)},
    is_open=lambda view: True,
    state=lambda view: "set",
    for_bed=True,
    for_every_bed=True,
)
