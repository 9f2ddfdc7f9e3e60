"""What one ward has decided for itself: told by the server alone, held by each of its carts."""

from __future__ import annotations

from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.records import RecordView


class SetWard(Message):
    """Fact of the server's own entrance: the ward has decided anew; a field left out stays as it is."""

    shows_mews: bool | None = None


class WardSettingView(RecordView):
    """Change `ward-setting.changed`: what the ward has decided. None: as the product's own tables have it."""

    shows_mews: bool | None = None
    command: str
    set_at: Instant
    by: Actor
    by_name: str | None = None
