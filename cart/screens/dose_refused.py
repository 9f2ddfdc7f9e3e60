"""A scan that must not be given here: why, in big words."""

from __future__ import annotations

from collections.abc import Callable

from cart.screens.stop import Stop


class DoseRefused(Stop):
    """`why` says it when it is shown."""

    def __init__(self, why: Callable[[], str]) -> None:
        super().__init__()
        self._said = why

    def why(self) -> str:
        """What the round has to say."""
        return self._said()
