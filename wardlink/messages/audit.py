"""What a device saw and who signed in there: reported for the audit, also when it happened offline."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from wardlink.messages.base import Message

AuditAction = Literal[
    "sign-in",
    "sign-in-offline",
    "sign-in-failed",
    "sign-out",
    "view",
    "open-bedside",
    "lock-bedside",
    "wipe",
]


class AuditEvent(Message):
    """Fact: the actor of the envelope did this; `what` names a screen or a record, never a value."""

    action: AuditAction
    what: str = Field(default="", max_length=60)
