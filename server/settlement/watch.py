"""Takes up settlements that were left in the middle: after a restart, and where another house did not answer.

By the server's clock, whether or not anybody looks. What waits for a person is left to that person.
"""

from __future__ import annotations

from server.payments.orders import By
from server.settlement.rows import Saga
from server.settlement.service import Settlements
from server.settlement.steps import steps
from server.ticking import Ticking

EVERY_S = 15.0
WATCH = By("system:settlement-watch")
"""In whose name a settlement goes on by itself. What needs a second person is agreed to by who closed the bill."""

FOR_A_PERSON = frozenset({"card", "payout", "insurer-refused", "insurer-doubtful", "not-allowed"})
"""What no time alone will end."""


class SettlementWatch:
    """Looks at the start, and every quarter of a minute."""

    def __init__(self, settlements: Settlements, *, every_s: float = EVERY_S) -> None:
        self._settlements = settlements
        self._ticking = Ticking("settlement-watch", self.look, every_s=every_s)

    def start(self) -> None:
        """Begin to look."""
        self._ticking.start()

    def stop(self) -> None:
        """End after what is at hand."""
        self._ticking.stop()

    def look(self) -> int:
        """Let everything go on that can go on without a person; how many settlements that were."""
        due = [saga for saga in self._settlements.open_ones() if goes_by_itself(saga)]
        for saga in due:
            if self._ticking.is_stopping:
                break
            self._settlements.go(saga.id, WATCH)
        return len(due)


def goes_by_itself(saga: Saga) -> bool:
    """Whether nobody has to say anything before a settlement can go on. Its bill has been closed by a cashier."""
    if saga.wait is not None and saga.wait["code"] in FOR_A_PERSON:
        return False
    by_person = {step.name for step in steps() if step.person} | {"tasks"}
    return saga.is_going_back or (saga.audited_by is not None and saga.step not in by_person)
