"""What everything in the ward record has in common that has no shape of its own on the wire."""

from __future__ import annotations

from wardlink.ids import Id, Slug
from wardlink.messages.base import Message


class RecordView(Message):
    """One thing of the ward record as everybody holds it; `encounter` is None for what belongs to the ward."""

    id: Id
    encounter: Id | None = None
    bed: Slug | None = None
