"""The hospital's guides in the ward record: one a ward, held by every device of it, also at the beds."""

from __future__ import annotations

import uuid
from typing import Any

from wardlink.messages.guides import GuidesView
from wardlink.record.kind import Fold, Kind, Said

_NAMES = uuid.UUID("8d0f4a67-2f0b-5b5e-8f2e-5a8c7d9e1b42")


def guides_id(ward: str) -> str:
    """The id of the guides of a ward."""
    return str(uuid.uuid5(_NAMES, ward))


def _set(known: GuidesView | None, said: Said) -> GuidesView:
    command = said.command
    if known is not None and known.command == command.id:
        return known
    return GuidesView(
        id=guides_id(command.ward), guides=said.body.guides, told_at=command.measured_at, command=command.id
    )


def _guides(command: Any, body: Any) -> str:
    return guides_id(command.ward)


GUIDES = Kind(
    "guides",
    GuidesView,
    at=lambda view: view.told_at,
    folds={"guides.set": Fold(_set, target=_guides)},
    is_open=lambda view: True,
    state=lambda view: "set",
    for_bed=True,
    for_every_bed=True,
)
