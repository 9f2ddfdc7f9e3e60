"""The menu that holds: the hospital's own file or the sample, and what a ward was told of it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from server.house_file import HouseFile
from server.record.service import record_called
from wardlink.clinical.meals.menu import Menu
from wardlink.clinical.meals.menu_file import read_menu_file, sample_menu
from wardlink.record.menus import MENU, menu_id


def menu_of(conn: Connection, ward: str) -> Menu | None:
    """The menu that this ward was told last; None before the first."""
    found = record_called(conn, MENU, menu_id(ward))
    return None if found is None else found[1].menu


def menu_file(path: Path | None) -> HouseFile[Menu]:
    """The file of the menu; without one the sample."""
    return HouseFile("menu", path, read_menu_file, sample_menu())
