"""Files that were sent and not confirmed yet: kept for as long as this server runs, a few at a time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from wardlink.errors import NotFound
from wardlink.i18n import N_
from wardlink.ids import new_id

MOST = 50


class DraftGone(NotFound):
    """What was sent is not kept any more."""

    code = "draft-gone"
    sentence = N_("This file is no longer here: the server was started again, or many came after it. Send it again.")


@dataclass(frozen=True)
class Draft:
    """A file that somebody has sent, byte for byte, with its name on their machine."""

    kind: str
    by: str
    file: str
    data: bytes = field(repr=False)
    id: str = field(default_factory=new_id)


class Drafts:
    """The last few. `became`: which version a draft has become, for who confirms it a second time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Draft] = OrderedDict()
        self._became: OrderedDict[str, int] = OrderedDict()

    def keep(self, draft: Draft) -> None:
        """Keep it; the oldest goes where there are too many."""
        with self._lock:
            self._kept[draft.id] = draft
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)

    def called(self, id: str, kind: str, by: str) -> Draft:
        """The draft of this person.

        Raises:
            DraftGone: it is not here.
        """
        found = self._kept.get(id)
        if found is None or (found.kind, found.by) != (kind, by):
            raise DraftGone
        return found

    def of(self, kind: str, by: str) -> list[Draft]:
        """What this person has sent of a kind and not confirmed, the newest first."""
        with self._lock:
            return [each for each in reversed(self._kept.values()) if (each.kind, each.by) == (kind, by)]

    def is_now(self, id: str, no: int) -> None:
        """It has become this version, and is kept no more."""
        with self._lock:
            self._became[id] = no
            self._kept.pop(id, None)
            while len(self._became) > MOST:
                self._became.popitem(last=False)

    def became(self, id: str) -> int | None:
        """Which version it has become; None while it is a draft."""
        return self._became.get(id)
