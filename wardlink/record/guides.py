"""The hospital's guides in the ward record: one a ward, held by every device of it, also at the beds."""

from __future__ import annotations

import uuid

from wardlink.messages.guides import GuidesView
from wardlink.record.house_texts import house_texts

_NAMES = uuid.UUID("8d0f4a67-2f0b-5b5e-8f2e-5a8c7d9e1b42")


def guides_id(ward: str) -> str:
    """The id of the guides of a ward."""
    return str(uuid.uuid5(_NAMES, ward))


GUIDES = house_texts("guides", GuidesView, guides_id)
