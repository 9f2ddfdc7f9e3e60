"""Who stands at the cart, and when they are taken to have left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wardlink.messages.audit import AuditEvent
from wardlink.messages.base import Actor

if TYPE_CHECKING:
    from datetime import datetime

    from cart.ports import Ward
    from wardlink.messages.changes import StaffView

IDLE_S = 180.0
"""After so long without a key or a touch the nurse is signed out (DOMAIN 10.8)."""


@dataclass(frozen=True)
class Session:
    """A member of staff who has signed in here. `offline`: checked by this cart's memory, last at `checked_at`."""

    staff: StaffView
    offline: bool
    checked_at: datetime

    @property
    def actor(self) -> Actor:
        """Who acts in everything that is recorded now."""
        return Actor(kind="staff", id=self.staff.id)


def sign_in(ward: Ward, badge: str, pin: str) -> Session:
    """Let a member of staff in. Waits for the network, so it is called from a worker.

    Raises:
        SignInFailed: wrong, or slowed after wrong tries.
        Unreachable: the server is away and has not checked this badge here lately.
    """
    found = ward.sign_in(badge.strip().upper(), pin)
    return Session(found.staff, found.offline, found.checked_at)


def sign_out(ward: Ward, session: Session) -> None:
    """Write down that they left."""
    ward.record("audit.event", AuditEvent(action="sign-out", what="cart"), actor=session.actor)


def opened(ward: Ward, session: Session, encounter: str, what: str) -> None:
    """Write down that they looked at a patient's page."""
    ward.record("audit.event", AuditEvent(action="view", what=what), actor=session.actor, encounter=encounter)
