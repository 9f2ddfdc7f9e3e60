"""A file of the hospital's own, read again when it changes, and told to every ward."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Generic, TypeVar

import structlog
from sqlalchemy import Connection

from server.core import Core
from wardlink.errors import Misconfigured
from wardlink.messages.base import Actor, Message

log = structlog.get_logger(__name__)

T = TypeVar("T")

SERVER = Actor(kind="system", id="server")


class HouseFile(Generic[T]):
    """What stands in a file. A broken one is refused, and what it held before holds.

    `name` stands in the log. `ours`: what holds where no file is named. `fault`: why the file is not used, None while
    it is.
    """

    def __init__(self, name: str, path: Path | None, read: Callable[[Path], T], ours: T | None) -> None:
        self.name = name
        self._path = path
        self._read = read
        self._looked = False
        self._seen: tuple[int, int] | None = None
        self.fault: Misconfigured | None = None
        self.held: T | None = ours if path is None else None

    def look(self) -> T | None:
        """What holds now; None as long as there was never a whole file."""
        if self._path is None:
            return self.held
        stamp = self._stamp(self._path)
        if stamp != self._seen or not self._looked:
            self._looked, self._seen = True, stamp
            try:
                self.held, self.fault = self._read(self._path), None
            except Misconfigured as fault:
                self.fault = fault
                log.warning(f"{self.name}.refused", detail=str(fault))
        return self.held

    @property
    def is_ours(self) -> bool:
        """Whether no file is named, and what ships holds."""
        return self._path is None

    @staticmethod
    def _stamp(path: Path) -> tuple[int, int] | None:
        try:
            found = path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size


class Telling(Generic[T]):
    """Tells each ward what a file holds, where the ward does not have it.

    `known`: what a ward was told last. `command`: the kind of command and its body that say it. `ships`: devices have
    what ships themselves, and need not be told as long as they never heard otherwise.
    """

    def __init__(
        self,
        core: Core,
        file: HouseFile[T],
        *,
        known: Callable[[Connection, str], T | None],
        command: Callable[[T], tuple[str, Message]],
        same: Callable[[T, T], bool] = lambda one, other: one == other,
        ships: bool = False,
    ) -> None:
        self._core = core
        self._file = file
        self._known = known
        self._command = command
        self._same = same
        self._ships = ships
        self._told: dict[str, T] = {}

    def tell(self, wards: Iterable[str]) -> int:
        """Look at the file and tell these wards; how many were told."""
        held = self._file.look()
        if held is None:
            return 0
        told = 0
        for ward in wards:
            if self._told.get(ward) is held:
                continue
            with self._core.db.read() as conn:
                known = self._known(conn, ward)
            needless = known is None and self._ships and self._file.is_ours
            if not needless and (known is None or not self._same(known, held)):
                kind, body = self._command(held)
                self._core.execute(kind, body, ward=ward, actor=SERVER)
                told += 1
            self._told[ward] = held
        return told
