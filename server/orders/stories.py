"""One side of two facts that do not fit, as an exception keeps it."""

from __future__ import annotations

from typing import Any

from wardlink.messages.doses import DoseEvent
from wardlink.messages.exceptions import ExceptionKind

Found = tuple[ExceptionKind, dict[str, str]]
"""What does not fit, and its story."""


def story_of(event: DoseEvent) -> dict[str, str]:
    """Who did what, when, and on which device."""
    return {
        "act": event.act,
        "done_at": event.at.isoformat(),
        "done_by": name_of(event.by_name, event.by),
        "on_device": event.device,
    }


def name_of(name: str | None, by: Any) -> str:
    """A name, or what stands for it."""
    return name or str(by)
