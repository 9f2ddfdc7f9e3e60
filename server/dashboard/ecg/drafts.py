"""What a doctor had typed when it could not be taken: kept for their next look at the strip, in memory only."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

MOST = 200
"""So many are kept; the oldest goes first."""


@dataclass(frozen=True)
class Draft:
    """The words of a form that was sent back. `reports`: how many the doctor had seen."""

    text: str = ""
    critical: bool = False
    reason: str = ""
    reports: int | None = None


class Drafts:
    """Drafts by person and strip. Of one server's memory: a report never lies about on a disk or in an address."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Draft] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, person: str, strip: str, draft: Draft) -> None:
        """Instead of what was kept before."""
        with self._lock:
            self._kept.pop((person, strip), None)
            self._kept[person, strip] = draft
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)

    def of(self, person: str, strip: str) -> Draft:
        """What was kept; an empty one if nothing was."""
        with self._lock:
            return self._kept.get((person, strip), Draft())

    def drop(self, person: str, strip: str) -> None:
        """It was taken."""
        with self._lock:
            self._kept.pop((person, strip), None)
