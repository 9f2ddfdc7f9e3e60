"""Decides which commands to send next. Pure: no clock, no disk, no wire; `now_s` is monotonic.

Go-back-N with a window: commands go out in the order of their numbers, at most `WINDOW` of them without a
receipt. Whoever waits too long, is asked to, or comes back begins again at the earliest one without a receipt.
Sending twice is harmless; not sending is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

WINDOW = 256
RESEND_S = 2.0
RESEND_MOST_S = 15.0
EXPECT_AGAIN_S = 1.0
"""The server asks once a batch; the batches behind a hole ask for the same number until it has come."""


@dataclass
class Sender:
    """Where the sending of one stream stands. `cursor` is the next number to look at.

    Numbers up to `replay_upto` are sent although they have a receipt: the server has asked for them again.
    """

    window: int = WINDOW
    cursor: int = 1
    replay_upto: int = 0
    server_lost: bool = False
    _in_flight: dict[int, float] = field(default_factory=dict)
    _resend_s: float = RESEND_S
    _asked_n: int = 0
    _asked_s: float = float("-inf")

    @property
    def in_flight(self) -> frozenset[int]:
        """Numbers that were sent and have no receipt yet."""
        return frozenset(self._in_flight)

    def sent_s(self, n: int) -> float | None:
        """When `n` was sent, if it still waits for its receipt."""
        return self._in_flight.get(n)

    def begin(self, first_open: int) -> None:
        """The connection or the server has come back: begin at the earliest number without a receipt."""
        replaying = self.cursor if self.cursor <= self.replay_upto else first_open
        self.cursor = min([first_open, replaying, *self._in_flight])
        self._in_flight.clear()
        self._resend_s = RESEND_S
        self._asked_s = float("-inf")

    def server(self, *, lost: bool, first_open: int) -> None:
        """The broker says that the server is lost, or the server that it is back."""
        back = self.server_lost and not lost
        self.server_lost = lost
        if back:
            self.begin(first_open)

    def room(self, now_s: float) -> int:
        """How many may be sent now. While the server is lost one at a time goes out, to find it again."""
        self._give_up_waiting(now_s)
        if self.server_lost:
            return 0 if self._in_flight else 1
        return self.window - len(self._in_flight)

    def sent(self, n: int, now_s: float) -> None:
        """`n` was handed to the connection."""
        self._in_flight[n] = now_s
        self.cursor = n + 1

    def settled(self, numbers: Iterable[int]) -> None:
        """Receipts have come: there is somebody, so waiting is short again."""
        for n in numbers:
            self._in_flight.pop(n, None)
        self._resend_s = RESEND_S

    def expected(self, n: int, base: int, now_s: float) -> bool:
        """The server waits for `n`; whether we go back to it (or to `base`, the earliest we still have)."""
        if n == self._asked_n and now_s - self._asked_s < EXPECT_AGAIN_S:
            return False
        self._asked_n, self._asked_s = n, now_s
        if n >= self.cursor:
            return False
        self.replay(max(n, base))
        return True

    def replay(self, n: int) -> None:
        """Send everything from `n` again, with a receipt or without."""
        self.replay_upto = max(self.replay_upto, self.cursor - 1)
        self.cursor = min(n, self.cursor)
        self._in_flight = {k: sent_s for k, sent_s in self._in_flight.items() if k < self.cursor}

    def due_s(self) -> float | None:
        """The instant at which waiting ends, if something waits."""
        oldest_s = next(iter(self._in_flight.values()), None)
        return None if oldest_s is None else oldest_s + self._resend_s

    def _give_up_waiting(self, now_s: float) -> None:
        due_s = self.due_s()
        if due_s is None or now_s < due_s:
            return
        self.cursor = min(self._in_flight)
        self._in_flight.clear()
        self._resend_s = min(self._resend_s * 2, RESEND_MOST_S)
