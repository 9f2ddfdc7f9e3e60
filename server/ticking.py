"""A thread that looks, waits, and looks again, whatever a look has ended with."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from wardlink.errors import WardlinkError

log = structlog.get_logger(__name__)


class Ticking:
    """Calls `look` every `every_s` seconds; the first time at once, or with `waits_first` after the first wait.

    `name` is the thread's, and stands in the log where a look has failed: the next one tries again.
    """

    def __init__(self, name: str, look: Callable[[], object], *, every_s: float, waits_first: bool = False) -> None:
        self._name = name
        self._look = look
        self._every_s = every_s
        self._waits_first = waits_first
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def is_stopping(self) -> bool:
        """Whether a look that takes long should end after what is at hand."""
        return self._stopping.is_set()

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is at hand."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        if self._waits_first and self._stopping.wait(self._every_s):
            return
        while not self._stopping.is_set():
            try:
                self._look()
            except WardlinkError as fault:
                log.warning(f"{self._name}.refused", error=fault.code)
            except Exception as fault:
                # An edge: whatever it is, the next look tries again.
                log.exception(f"{self._name}.failed", error=type(fault).__name__)
            self._stopping.wait(self._every_s)
