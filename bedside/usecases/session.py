"""Who lies in this bed and has said so, when they are taken to have left, and what is wiped after them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wardlink.messages.audit import AuditAction, AuditEvent
from wardlink.messages.base import Actor

if TYPE_CHECKING:
    from bedside.ports import Board, Place, Terminal
    from wardlink.codes.cards import ShownCard
    from wardlink.messages.encounters import EncounterView

IDLE_S = 90.0
"""After so long without a touch the screen locks. Source: ward domain sheet 10.8."""

WARN_S = 20.0
"""So long before it locks the screen says so, and a touch is enough to stay. Source: WCAG 2.2, 2.2.1."""


@dataclass(frozen=True)
class Session:
    """A patient who has opened this screen. `stay` is what the server, or this terminal's memory, said of them."""

    stay: EncounterView

    @property
    def encounter(self) -> str:
        """The stay that may be shown; nothing of any other may."""
        return self.stay.id

    @property
    def actor(self) -> Actor:
        """Who acts in everything that is recorded now."""
        return Actor(kind="patient", id=self.stay.id)


def open_session(terminal: Terminal, admission_no: str, second: str) -> Session:
    """Let the patient of this bed in. Waits for the network, so it is called from a worker.

    Whoever lay here before is wiped first.

    Raises:
        SignInFailed: this does not match, or slowed after wrong tries.
        Unreachable: the server is away and nobody has opened this stay here lately.
        StoreFailed: what was here before could not be wiped; nobody is let in.
    """
    forget_departed(terminal)
    return Session(terminal.open_bedside(admission_no, second))


def open_session_by_card(terminal: Terminal, card: ShownCard) -> Session:
    """Let the patient of this bed in by their insurance voucher or health card. Waits for the network.

    Raises:
        SignInFailed: it is not theirs, or slowed after wrong tries.
        Unreachable: the server is away, or cannot ask whose it is.
        StoreFailed: what was here before could not be wiped; nobody is let in.
    """
    forget_departed(terminal)
    return Session(terminal.open_by_card(card))


def forget_departed(terminal: Terminal) -> bool:
    """Wipe this terminal if a stay that is over has left something here; whether it had to.

    Raises:
        StoreFailed: it could not be wiped; try again.
    """
    if not terminal.replica.departed():
        return False
    terminal.wipe()
    return True


def is_over(session: Session, board: Board, place: Place) -> bool:
    """Whether this patient no longer lies in this bed, as far as is known here."""
    known = board.encounter(session.encounter)
    if known is None:
        return False
    return known.status != "in-progress" or (known.ward, known.bed) != (place.ward, place.bed)


def note(terminal: Terminal, session: Session, action: AuditAction, what: str) -> None:
    """Write down that the patient looked at a page, or left the screen."""
    event = AuditEvent(action=action, what=what)
    terminal.record("audit.event", event, actor=session.actor, encounter=session.encounter)
