"""Looks at the guides now and then, and tells the wards what stands in it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from server.core import Core
from server.house.kinds import GUIDES as KIND
from server.house.round import HouseRound
from server.record.service import record_called
from wardlink.clinical.guides import Guides
from wardlink.messages.guides import SetGuides
from wardlink.record.guides import GUIDES, guides_id


def guides_of(conn: Connection, ward: str) -> Guides | None:
    """The guides that this ward was told last; None before the first."""
    found = record_called(conn, GUIDES, guides_id(ward))
    return None if found is None else found[1].guides


class GuideRound(HouseRound[Guides]):
    """One thread for the guides of this server. `path`: the hospital's file; None for those that ship."""

    def __init__(self, core: Core, path: Path | None) -> None:
        super().__init__(
            core,
            KIND,
            path,
            known=guides_of,
            command=lambda guides: ("guides.set", SetGuides(guides=guides)),
        )
