"""Looks at what the hospital writes itself now and then, and tells every ward what holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from sqlalchemy import Connection, select
from sqlmodel import col

from server.core import Core
from server.house.file import HouseFile, Telling
from server.house.kinds import HouseKind
from server.house.shelf import Shelf
from server.patients.models import Ward
from server.ticking import Ticking
from wardlink.messages.base import Message

EVERY_S = 5.0

T = TypeVar("T")


class HouseRound(Generic[T]):
    """One thread for one kind. `path`: the file that the settings name. `known` and `command`: see `Telling`; devices
    have what ships themselves."""

    def __init__(
        self,
        core: Core,
        kind: HouseKind[T],
        path: Path | None,
        *,
        known: Callable[[Connection, str], T | None],
        command: Callable[[T], tuple[str, Message]],
        every_s: float = EVERY_S,
    ) -> None:
        self._core = core
        self.file = HouseFile(kind, path, Shelf(core, kind.name))
        self._telling = Telling(core, self.file, known=known, command=command, ships=True)
        self._ticking = Ticking(f"{kind.name}-round", self.tell, every_s=every_s)

    def start(self) -> None:
        """Begin to look."""
        self._ticking.start()

    def stop(self) -> None:
        """End after what is at hand."""
        self._ticking.stop()

    def tell(self) -> int:
        """Tell each ward what the file holds, where it does not have it; how many were told."""
        with self._core.db.read() as conn:
            wards = list(conn.execute(select(col(Ward.id)).order_by(col(Ward.id))).scalars())
        return self._telling.tell(wards)
