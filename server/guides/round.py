"""Looks at the file of the guides now and then, and tells the wards what stands in it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, select
from sqlmodel import col

from server.core import Core
from server.house_file import HouseFile, Telling
from server.patients.models import Ward
from server.record.service import record_called
from server.ticking import Ticking
from wardlink.clinical.guides import Guides, our_guides, read_guides_file
from wardlink.messages.guides import SetGuides
from wardlink.record.guides import GUIDES, guides_id

EVERY_S = 5.0


def guides_of(conn: Connection, ward: str) -> Guides | None:
    """The guides that this ward was told last; None before the first."""
    found = record_called(conn, GUIDES, guides_id(ward))
    return None if found is None else found[1].guides


class GuideRound:
    """One thread for the guides of this server. `path`: the hospital's file; None for those that ship."""

    def __init__(self, core: Core, path: Path | None, *, every_s: float = EVERY_S) -> None:
        self._core = core
        self.file = HouseFile("guides", path, read_guides_file, our_guides())
        self._telling = Telling(
            core,
            self.file,
            known=guides_of,
            command=lambda guides: ("guides.set", SetGuides(guides=guides)),
            ships=True,
        )
        self._ticking = Ticking("guide-round", self.tell, every_s=every_s)

    def start(self) -> None:
        """Begin to look."""
        self._ticking.start()

    def stop(self) -> None:
        """End after what is at hand."""
        self._ticking.stop()

    def tell(self) -> int:
        """Tell each ward the guides, where it does not have them; how many were told."""
        with self._core.db.read() as conn:
            wards = list(conn.execute(select(col(Ward.id)).order_by(col(Ward.id))).scalars())
        return self._telling.tell(wards)
