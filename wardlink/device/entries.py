"""What a device is asked to record, and what its outbox shows of it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from wardlink.messages.base import Actor, Message

EntryState = Literal["waiting", "sent", "refused", "parked"]


@dataclass(frozen=True)
class Entry:
    """One thing to record. `measured_at` None: it happens now."""

    kind: str
    body: Message
    actor: Actor
    encounter: str | None = None
    bed: str | None = None
    measured_at: datetime | None = None


@dataclass(frozen=True)
class OutboxEntry:
    """A command that somebody may still have to think of: without a receipt, or refused or parked.

    `sent`: it was handed to the connection in this run and its receipt has not come. `tries`: how often, in
    this run. The reasons are the server's words, in both languages.
    """

    id: str
    n: int
    kind: str
    encounter: str | None
    entered_at: datetime
    state: EntryState
    tries: int
    code: str | None = None
    reason_zh: str | None = None
    reason_en: str | None = None
