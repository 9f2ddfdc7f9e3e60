"""The menu that holds: the hospital's own file or the sample, and what a ward was told of it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from server.core import Core
from server.house.file import HouseFile
from server.house.kinds import MENU as KIND
from server.house.shelf import Shelf
from server.record.service import record_called
from wardlink.clinical.meals.menu import Menu
from wardlink.record.menus import MENU, menu_id


def menu_of(conn: Connection, ward: str) -> Menu | None:
    """The menu that this ward was told last; None before the first."""
    found = record_called(conn, MENU, menu_id(ward))
    return None if found is None else found[1].menu


def menu_file(core: Core, path: Path | None) -> HouseFile[Menu]:
    """What holds of the menu. `path`: the file that the settings name."""
    return HouseFile(KIND, path, Shelf(core, KIND.name))
