"""The care team in the ward record: one a stay, put together by the server and told to the bed."""

from __future__ import annotations

import uuid

from wardlink.messages.care_team import CareTeamView
from wardlink.record.kind import Kind

_NAMES = uuid.UUID("3b6f3b5c-0b3d-5d2e-9a35-8a1f0c2e7d64")


def care_team_id(encounter: str) -> str:
    """The id of the team of a stay."""
    return str(uuid.uuid5(_NAMES, encounter))


CARE_TEAM = Kind(
    "care-team",
    CareTeamView,
    at=lambda view: view.told_at,
    is_open=lambda view: not view.ended,
    state=lambda view: "ended" if view.ended else "holds",
    for_bed=True,
)
