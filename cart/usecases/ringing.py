"""When the cart sounds: each call and each alert that nobody has taken in its own rhythm, until somebody does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cart.usecases import alerts as alerting
from cart.usecases import calls as calling

if TYPE_CHECKING:
    from cart.usecases.session import Session
    from wardlink.messages.alerts import AlertView
    from wardlink.messages.calls import CallChanged


class Bells:
    """Remembers when each sounded last."""

    def __init__(self) -> None:
        self._rung_s: dict[str, float] = {}

    def due(
        self, calls: Iterable[CallChanged], alerts: Iterable[AlertView], session: Session | None, now_s: float
    ) -> int:
        """How many sound now. A call rings for everybody, an alert for those it is offered to.

        `session` None: nobody is signed in, and the cart stands where any nurse may hear it.
        """
        every_s = {call.id: calling.RING_EVERY_S[call.cls] for call in calls if call.state == "raised"}
        every_s |= {
            view.id: alerting.RING_EVERY_S[view.priority] for view in alerts if alerting.rings_for(view, session)
        }
        ringing = [each for each, pause_s in every_s.items() if now_s - self._last_s(each) >= pause_s]
        self._rung_s = {each: at_s for each, at_s in self._rung_s.items() if each in every_s}
        self._rung_s |= dict.fromkeys(ringing, now_s)
        return len(ringing)

    def _last_s(self, each: str) -> float:
        return self._rung_s.get(each, float("-inf"))
