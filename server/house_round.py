"""Looks at a file of the hospital's own now and then, and tells every ward what stands in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy import Connection, select
from sqlmodel import col

from server.core import Core
from server.house_file import HouseFile, Telling
from server.patients.models import Ward
from server.ticking import Ticking
from wardlink.messages.base import Message

EVERY_S = 5.0

T = TypeVar("T")


class HouseRound(Generic[T]):
    """One thread for one file. `known` and `command`: see `Telling`; devices have what ships themselves."""

    def __init__(
        self,
        core: Core,
        file: HouseFile[T],
        *,
        known: Callable[[Connection, str], T | None],
        command: Callable[[T], tuple[str, Message]],
        every_s: float = EVERY_S,
    ) -> None:
        self._core = core
        self.file = file
        self._telling = Telling(core, file, known=known, command=command, ships=True)
        self._ticking = Ticking(f"{file.name}-round", self.tell, every_s=every_s)

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
