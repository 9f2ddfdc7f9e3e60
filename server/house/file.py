"""What the hospital writes itself, read again when it changes, and told to every ward."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import structlog
from sqlalchemy import Connection

from server.core import Core
from server.house.kinds import HouseKind
from server.house.texts import WRONG, text_in
from wardlink.errors import Fault, FileWrong, InvalidInput, Misconfigured
from wardlink.i18n import N_
from wardlink.messages.base import Actor, Message

log = structlog.get_logger(__name__)

T = TypeVar("T")

_NO_FILE = N_("the file {file} of the server's settings cannot be read")

SERVER = Actor(kind="system", id="server")


class Kept(Protocol):
    """Where versions are kept: see `server.house.shelf.Shelf`."""

    def standing(self) -> list[int]:
        """The numbers of those that may hold now, first the one that does."""

    def text(self, no: int) -> str:
        """A version as it was written."""

    def forget(self) -> None:
        """Read the database at the next look."""


class HouseFile(Generic[T]):
    """What holds of one kind now: what a file says that the settings name; else the hospital's version whose time has
    come; else what ships. This is the only place that decides it.

    What cannot be read is refused, and what held before holds. `fault`: why it is not used, None while it is.
    `version`: the number of the version that holds, None where none does.
    """

    def __init__(self, kind: HouseKind[T], path: Path | None, kept: Kept) -> None:
        self.kind = kind
        self.path = path
        self._kept = kept
        self._lock = threading.Lock()
        self._looked = False
        self._seen: tuple[int, ...] | None = None
        self.fault: Misconfigured | None = None
        self.version: int | None = None
        self.held: T | None = None

    def look(self) -> T | None:
        """What holds now; None as long as there was never a whole file."""
        with self._lock:
            stamp = tuple(self._kept.standing()[:1]) if self.path is None else self._stamp(self.path)
            if stamp != self._seen or not self._looked:
                self._looked, self._seen = True, stamp
                if self.path is None:
                    self._read_kept()
                else:
                    self._read_named(self.path)
            return self.held

    def forget(self) -> None:
        """Somebody has put in a version, or taken one back."""
        self._kept.forget()

    def must_look(self) -> T:
        """What holds now.

        Raises:
            Misconfigured: the file that the settings name was never whole.
        """
        found = self.look()
        if found is None:
            raise self.fault or Misconfigured
        return found

    def named_text(self, path: Path) -> str:
        """What stands in the file or folder that the settings name.

        Raises:
            Misconfigured: it cannot be read.
        """
        return text_at(path) if self.kind.named_text is None else self.kind.named_text(path)

    @property
    def is_ours(self) -> bool:
        """Whether what ships holds."""
        return self.path is None and self.version is None

    def _read_named(self, path: Path) -> None:
        try:
            named = self.kind.named
            self.held, self.fault = named(path) if named is not None else self.kind.read(text_at(path)), None
        except Misconfigured as fault:
            self._refuse(fault)

    def _read_kept(self) -> None:
        self.fault = None
        for no in self._kept.standing():
            try:
                self.held, self.version = self.kind.read(self._kept.text(no)), no
            except Misconfigured as fault:
                self._refuse(fault)
            else:
                return
        self.held, self.version = self.kind.ours(), None

    def _refuse(self, fault: Misconfigured) -> None:
        self.fault = self.fault or fault
        log.warning(f"{self.kind.name}.refused", detail=str(fault))

    @staticmethod
    def _stamp(path: Path) -> tuple[int, ...] | None:
        try:
            found = [each.stat() for each in sorted((path, *path.glob("*")))]
        except OSError:
            return None
        return tuple(number for each in found for number in (each.st_mtime_ns, each.st_size))


def text_at(path: Path) -> str:
    """What stands in the file that the settings name.

    Raises:
        Misconfigured: there is none, or it is no text, or too large.
    """
    try:
        return text_in(path.read_bytes())
    except OSError as exc:
        raise FileWrong(WRONG, [Fault(_NO_FILE, 1, {"file": path})]) from exc
    except InvalidInput as exc:
        raise Misconfigured(detail=exc.text()) from exc


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
