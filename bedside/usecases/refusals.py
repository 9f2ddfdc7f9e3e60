"""What the server said no to last, in the language of the screen."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from wardlink.i18n import language

if TYPE_CHECKING:
    from bedside.ports import Unsent


def last_refusal(outbox: Unsent, kinds: Collection[str], encounter: str) -> str | None:
    """Why the last command of these kinds about this stay was refused; None if a later one stands, or none was."""
    entries = [entry for entry in outbox.entries() if entry.kind in kinds and entry.encounter == encounter]
    no = [entry for entry in entries if entry.state in ("refused", "parked")]
    if not no or any(entry.n > no[-1].n for entry in entries):
        return None
    return no[-1].reason_zh if language() == "zh_CN" else no[-1].reason_en
