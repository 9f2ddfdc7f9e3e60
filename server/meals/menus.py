"""The menu that holds: the hospital's own file or the sample, and what a ward was told of it."""

from __future__ import annotations

from pathlib import Path

import structlog
from sqlalchemy import Connection

from server.record.service import record_called
from wardlink.clinical.meals.menu import Menu
from wardlink.clinical.meals.menu_file import read_menu_file, sample_menu
from wardlink.errors import Misconfigured
from wardlink.record.menus import MENU, menu_id

log = structlog.get_logger(__name__)


def menu_of(conn: Connection, ward: str) -> Menu | None:
    """The menu that this ward was told last; None before the first."""
    found = record_called(conn, MENU, menu_id(ward))
    return None if found is None else found[1].menu


class MenuFile:
    """The file of the menu, looked at again when it has changed. A broken one is refused, and the menu before it holds.

    `fault`: why the file is not used, None while it is.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self.fault: Misconfigured | None = None
        self.menu: Menu | None = sample_menu() if path is None else None

    def look(self) -> Menu | None:
        """The menu as it is now; None as long as there was never a whole one."""
        if self._path is None:
            return self.menu
        stamp = self._stamp(self._path)
        if stamp != self._seen:
            self._seen = stamp
            try:
                self.menu, self.fault = read_menu_file(self._path), None
            except Misconfigured as fault:
                self.fault = fault
                log.warning("menu.refused", detail=str(fault))
        return self.menu

    @staticmethod
    def _stamp(path: Path) -> tuple[int, int] | None:
        try:
            found = path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size
