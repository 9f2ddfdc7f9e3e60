"""What a patient can read: the texts, in both languages, and how one is found. Pure."""

from __future__ import annotations

from wardlink.clinical.guides.reading import Guide, Guides, Section, our_guides, read_guides
from wardlink.clinical.guides.searching import found

__all__ = ["Guide", "Guides", "Section", "found", "our_guides", "read_guides"]
