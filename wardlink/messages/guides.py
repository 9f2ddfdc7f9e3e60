"""Guides for patients, as every bed of a ward holds them."""

from __future__ import annotations

from wardlink.clinical.guides import Guides
from wardlink.ids import Id
from wardlink.messages.base import Instant, Message
from wardlink.messages.records import RecordView


class SetGuides(Message):
    """Fact of the server: these are the guides from now on."""

    guides: Guides


class GuidesView(RecordView):
    """Change `guides.changed`: the hospital's own guides; one a ward."""

    guides: Guides
    told_at: Instant
    command: Id
