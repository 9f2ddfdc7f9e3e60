"""A thread that looks at stays: those of which something was told, and all of them now and then.

By the server's clock, whether or not anybody looks; a look that was missed or that failed is made up by the next.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from sqlalchemy import select
from sqlmodel import col

from server.changes import Range
from server.core import Core
from server.patients.models import Ward
from wardlink.errors import WardlinkError

log = structlog.get_logger(__name__)


class StayRound:
    """One thread for all stays of this server.

    `name` stands in the log. Each `tick_s` it notes what is due, then looks at what was noted, with `pause_s` between
    two stays: the ingest shares the processor and the writer's lock with it.
    """

    def __init__(self, core: Core, name: str, *, tick_s: float, pause_s: float) -> None:
        self._core = core
        self._name = name
        self._tick_s = tick_s
        self._pause_s = pause_s
        self._ends: dict[str, Callable[[], None]] = {}
        self._wanted: dict[str, None] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def look(self, encounter: str) -> int:
        """Bring one stay in line with its record; how much had to be said."""
        raise NotImplementedError

    def stays(self) -> list[str]:
        """Every stay that is still looked at."""
        raise NotImplementedError

    def concerns(self, row: Any) -> bool:
        """Whether a change may call for a look at its stay."""
        raise NotImplementedError

    def note_due(self) -> None:
        """Note what is due by the clock alone."""
        raise NotImplementedError

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is at hand."""
        self._stopping.set()
        self._thread.join(timeout=10)
        for end in self._ends.values():
            end()

    def look_at_everything(self) -> int:
        """Look at every stay once; how much had to be said."""
        return sum(self.look(encounter) for encounter in self.stays())

    def hear(self, found: Range) -> None:
        """Changes were told: note where to look. Called from the thread that tells them."""
        self.note(row["encounter"] for row in found.rows if row["encounter"] and self.concerns(row))

    def note(self, encounters: Iterable[str]) -> None:
        """Look at these stays next."""
        noted = dict.fromkeys(encounters)
        with self._lock:
            self._wanted |= noted

    def look_at_noted(self) -> None:
        """Look at every stay that was noted."""
        while not self._stopping.is_set() and (encounter := self._next()) is not None:
            self._try(encounter)
            self._stopping.wait(self._pause_s)

    def wards(self) -> list[str]:
        """The wards there are now."""
        with self._core.db.read() as conn:
            return list(conn.execute(select(col(Ward.id)).order_by(col(Ward.id))).scalars())

    def _listen(self) -> None:
        for ward in self.wards():
            if ward not in self._ends:
                self._ends[ward] = self._core.live.subscribe(ward, self.hear)

    def _next(self) -> str | None:
        with self._lock:
            found = next(iter(self._wanted), None)
            if found is not None:
                del self._wanted[found]
        return found

    def _run(self) -> None:
        while not self._stopping.wait(self._tick_s):
            try:
                self._listen()
                self.note_due()
            except Exception as fault:
                # An edge: whatever it is, the next look tries again.
                log.exception(f"{self._name}.failed", error=type(fault).__name__)
            self.look_at_noted()

    def _try(self, encounter: str) -> None:
        try:
            self.look(encounter)
        except WardlinkError as fault:
            log.warning(f"{self._name}.refused", error=fault.code, encounter=encounter)
        except Exception as fault:
            # An edge: the next look at everything tries this stay again.
            log.exception(f"{self._name}.failed", error=type(fault).__name__, encounter=encounter)
