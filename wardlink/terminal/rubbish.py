"""Takes what is no longer used out of memory while nobody waits for the screen.

Left to itself Python looks through everything that the program holds in the middle of an opening, which then takes
three times as long: the slowest openings of a page were the ones that met it.
"""

from __future__ import annotations

import gc

QUIET_S = 1.0
"""Nobody has touched the screen for so long: nobody waits."""
AGAIN_S = 60.0
"""A screen that is left alone still hears the ward, and is looked through so often."""

_RARELY = 200
"""So much less often than usual Python looks through everything by itself; it must not be never."""


class Rubbish:
    """The program's own times for looking through everything. One a process, made before the program runs."""

    def __init__(self) -> None:
        young, middle, _old = gc.get_threshold()
        gc.set_threshold(young, middle, _RARELY)
        self._collected_s: float | None = None
        self._is_frozen = False

    def look(self, now_s: float, touched_s: float) -> None:
        """A second has passed; the screen was last touched at `touched_s` of the same clock.

        What stands there at the first quiet moment is the program itself, and is never looked through again.
        """
        last_s = self._collected_s
        is_due = last_s is None or last_s < touched_s or now_s - last_s >= AGAIN_S
        if now_s - touched_s < QUIET_S or not is_due:
            return
        self._collected_s = now_s
        gc.collect()
        if not self._is_frozen:
            self._is_frozen = True
            gc.freeze()
