"""An invented till: codes that lead nowhere, and payments that are paid when somebody says so."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from wardlink.errors import Unreachable
from wardlink.ids import new_id
from wardlink.messages.payments import NewPayment, PaymentView

if TYPE_CHECKING:
    from bedside.sample.terminal import SampleTerminal

LIVES = timedelta(minutes=5)
PAYS_ITSELF_AFTER = timedelta(seconds=8)
"""Where the terminal answers by itself."""


class SampleTill:
    """The port of `bedside.ports.Till`. `channels` may be set; `begun` and `looked` count what was asked."""

    def __init__(self, terminal: SampleTerminal) -> None:
        self._terminal = terminal
        self.channels = ["sandbox"]
        self.begun = 0
        self.looked = 0
        self.held: dict[str, PaymentView] = {}
        self._by_key: dict[str, str] = {}

    def ways(self) -> list[str]:
        """As they were set."""
        self._demand()
        return list(self.channels)

    def of_stay(self, encounter: str) -> list[PaymentView]:
        """The newest first."""
        self._demand()
        return [self.look(id) for id in reversed(self.held)]

    def begin(self, encounter: str, wanted: NewPayment) -> PaymentView:
        """Make a code, once for each key."""
        self._demand()
        self.begun += 1
        if wanted.key not in self._by_key:
            now, id = self._terminal.clock.now(), new_id()
            number = f"{len(self.held) + 1:032}"
            self._by_key[wanted.key] = id
            self.held[id] = PaymentView(
                id=id,
                encounter=encounter,
                number=number,
                purpose=wanted.purpose,
                amount_fen=wanted.amount_fen,
                channel=wanted.channel,
                status="qr_ready",
                qr=f"https://pay.example.invalid/{number[-16:]}",
                expires_at=now + LIVES,
                paid_fen=None,
                paid_at=None,
                refunded_fen=0,
                late=False,
                fault=None,
                created_at=now,
                version=1,
            )
        return self.held[self._by_key[wanted.key]]

    def look(self, id: str) -> PaymentView:
        """How it stands."""
        self._demand()
        self.looked += 1
        view, now = self.held[id], self._terminal.clock.now()
        if view.status == "qr_ready":
            if now >= view.expires_at:
                self.set(id, status="closed", qr=None)
            elif self._terminal.answers and now >= view.created_at + PAYS_ITSELF_AFTER:
                self.pay(id)
        return self.held[id]

    def confirm(self, id: str) -> PaymentView:
        """The same."""
        return self.look(id)

    def close(self, id: str) -> PaymentView:
        """Nobody pays it any more."""
        self._demand()
        if self.held[id].status == "qr_ready":
            self.set(id, status="closed", qr=None)
        return self.held[id]

    # -- what others do

    def pay(self, id: str) -> None:
        """Somebody pays."""
        view, now = self.held[id], self._terminal.clock.now()
        self.set(id, status="paid", qr=None, paid_fen=view.amount_fen, paid_at=now, late=view.status == "closed")

    def set(self, id: str, **changed: object) -> None:
        """The server has something new about it."""
        view = self.held[id]
        self.held[id] = view.model_copy(update={**changed, "version": view.version + 1})

    def _demand(self) -> None:
        if not (self._terminal.online and self._terminal.server_alive):
            raise Unreachable
