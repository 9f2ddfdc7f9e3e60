"""Who lies in this bed and has said so, when they are taken to have left, and what is wiped after them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wardlink.clinical.family import may_reach, signing_in
from wardlink.messages.audit import AuditAction, AuditEvent
from wardlink.messages.base import Actor
from wardlink.record.family import FAMILY_CONSENT

if TYPE_CHECKING:
    from datetime import datetime

    from bedside.ports import Board, Place, Terminal
    from wardlink.clinical.family import Reach, Relation
    from wardlink.codes.cards import ShownCard
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.family import FamilyConsentView, FamilyOpened

IDLE_S = 90.0
"""After so long without a touch the screen locks. Source: ward domain sheet 10.8."""

WARN_S = 20.0
"""So long before it locks the screen says so, and a touch is enough to stay. Source: WCAG 2.2, 2.2.1."""


@dataclass(frozen=True)
class Session:
    """Who has opened this screen: the patient, or one of the `family` with the patient's consent.

    `stay` is what the server, or this terminal's memory, said of the patient.
    """

    stay: EncounterView
    family: FamilyConsentView | None = None

    @property
    def encounter(self) -> str:
        """The stay that may be shown; nothing of any other may."""
        return self.stay.id

    @property
    def actor(self) -> Actor:
        """Who acts in everything that is recorded now."""
        if self.family is not None:
            return Actor(kind="family", id=self.family.id)
        return Actor(kind="patient", id=self.stay.id)

    @property
    def idle_s(self) -> float:
        """After so long without a touch the screen locks; sooner for family."""
        return IDLE_S if self.family is None else float(signing_in().idle_s)

    def may(self, reach: Reach) -> bool:
        """Whether who has opened the screen may have this; the patient may have everything."""
        return self.family is None or may_reach(reach, self.family.relation, self.family.scopes)


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


def open_session_by_pin(terminal: Terminal, relation: Relation, pin: str) -> Session:
    """Let family in by their PIN. Waits for the network.

    Raises:
        SignInFailed: it is nobody's, or slowed after wrong tries.
        Unreachable: the server is away; it alone lets family in.
        StoreFailed: what was here before could not be wiped; nobody is let in.
    """
    forget_departed(terminal)
    return _of_family(terminal.family.open(relation, pin))


def open_session_by_code(terminal: Terminal, relation: Relation, code: str, pin: str) -> Session:
    """Let family in by a code from the patient; from then on by the PIN that is set with it. Waits for the network.

    Raises:
        SignInFailed: it is no code that holds, or slowed after wrong tries.
        InvalidInput: another PIN has to be chosen.
        Unreachable: the server is away; it alone lets family in.
        StoreFailed: what was here before could not be wiped; nobody is let in.
    """
    forget_departed(terminal)
    return _of_family(terminal.family.set_pin(relation, code, pin))


def _of_family(opened: FamilyOpened) -> Session:
    return Session(opened.encounter, opened.consent)


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


def has_consent(session: Session, board: Board, now: datetime) -> bool:
    """Whether the screen may stay open: for the patient always, for family as long as the consent stands."""
    if session.family is None:
        return True
    known = board.record(FAMILY_CONSENT, session.family.id) or session.family
    return known.stands(now)


def note(terminal: Terminal, session: Session, action: AuditAction, what: str) -> None:
    """Write down that the patient, or family, looked at a page, or left the screen."""
    event = AuditEvent(action=action, what=what)
    terminal.record("audit.event", event, actor=session.actor, encounter=session.encounter)
