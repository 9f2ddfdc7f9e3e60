"""The versions of one kind, for who asks again and again what holds now."""

from __future__ import annotations

from server.core import Core
from server.house.keeping import Version, standing, text_of, versions

_LOOKS_AGAIN_S = 1.0


class Shelf:
    """The versions of one kind, for who wants to know what holds now."""

    def __init__(self, core: Core, kind: str) -> None:
        self._core = core
        self._kind = kind
        self._known: tuple[float, list[Version]] | None = None

    def standing(self) -> list[int]:
        """The numbers of those that may hold now; see `standing`. Reads the database, at most once a second."""
        now_s = self._core.clock.monotonic_s()
        if self._known is None or now_s - self._known[0] >= _LOOKS_AGAIN_S:
            with self._core.db.read() as conn:
                self._known = now_s, versions(conn, self._kind)
        return [each.no for each in standing(self._known[1], self._core.clock.now())]

    def forget(self) -> None:
        """Somebody has put in a version, or taken one back."""
        self._known = None

    def text(self, no: int) -> str:
        """A version as it was written. Reads the database."""
        with self._core.db.read() as conn:
            return text_of(conn, self._kind, no)
