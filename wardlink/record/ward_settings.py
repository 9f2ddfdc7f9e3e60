"""What one ward has decided for itself, in the ward record: one record a ward, kept for good."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from wardlink.clinical.mews import is_shown
from wardlink.messages.ward_settings import WardSettingView
from wardlink.record.kind import Fold, Kind, Said

_NAMES = uuid.UUID("5a0c1f7e-8d0e-5b0f-9f53-1e0a7d5f4c21")


def ward_setting_id(ward: str) -> str:
    """The id of the record of a ward."""
    return str(uuid.uuid5(_NAMES, ward))


def _set(known: WardSettingView | None, said: Said) -> WardSettingView:
    command = said.command
    if known is not None and known.command == command.id:
        return known
    kept = known.shows_mews if known is not None else None
    return WardSettingView(
        id=ward_setting_id(command.ward),
        shows_mews=kept if said.body.shows_mews is None else said.body.shows_mews,
        command=command.id,
        set_at=command.measured_at,
        by=command.actor,
        by_name=said.actor_name,
    )


def _target(command: Any, body: Any) -> str:
    return ward_setting_id(command.ward)


WARD_SETTING = Kind(
    "ward-setting",
    WardSettingView,
    at=lambda view: view.set_at,
    folds={"ward-setting.set": Fold(_set, target=_target)},
    is_open=lambda view: True,
    state=lambda view: "set",
)


def shows_mews(found: Iterable[WardSettingView]) -> bool:
    """Whether a ward wants to see MEWS beside NEWS2; where it has not said so, what the hospital's table says."""
    said = [view.shows_mews for view in found if view.shows_mews is not None]
    return said[-1] if said else is_shown()
