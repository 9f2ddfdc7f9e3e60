"""What a patient can read about insurance: the texts, and how one is found."""

from __future__ import annotations

from bedside.guides.reading import Guide, GuidesUnreadable, Section, parsed, read_guides
from bedside.guides.searching import found

__all__ = ["Guide", "GuidesUnreadable", "Section", "found", "parsed", "read_guides"]
