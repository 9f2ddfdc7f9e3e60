"""Whose card is it? A cart opens the patient's page by it, a bedside screen only its own patient's.

The platform is asked for a voucher (1101), our own persons for a health card. The code is in no log, no audit and no
table; a voucher's token is taken once. Wrong ones are slowed as wrong numbers are.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, Table, select

from server.core import Core
from server.identity import attempts, audit
from server.identity.attempts import Count
from server.identity.models import Device, Staff
from server.identity.roles import may
from server.identity.sign_in import PLACE_WEIGHT, bed_count
from server.insurance import eligibility
from server.insurance.port import Card, CardKind, PlatformAway, PlatformRefused
from server.insurance.service import Insurance, NoPlatform
from server.patients.models import Encounter, Patient
from server.patients.service import encounter_view
from wardlink.codes.cards import ShownCard
from wardlink.errors import NotAllowed, SignInFailed
from wardlink.messages.encounters import EncounterView

_ENCOUNTER: Table = Encounter.__table__  # type: ignore[attr-defined]
_PATIENT: Table = Patient.__table__  # type: ignore[attr-defined]
_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]

Outcome = Literal["found", "unsure", "other-ward", "not-here", "unknown", "no-platform"]

ONCE_WITHIN = timedelta(minutes=10)
"""A token is dead long before; so long we remember that it was shown."""
_MOST_TOKENS = 10_000


@dataclass(frozen=True)
class Found:
    """Whose it is; `encounter` only where it is certain and in the wards of who asks."""

    outcome: Outcome
    encounter: str | None = None


class Shown:
    """The cards that are shown to the devices of this server."""

    def __init__(self, core: Core, insurance: Insurance) -> None:
        self._core = core
        self._insurance = insurance
        self._used: OrderedDict[bytes, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def at_cart(self, cart: Device, ward: str, staff: str, card: ShownCard) -> Found:
        """The patient of this ward who shows a card to a nurse at a cart.

        Raises:
            NotAllowed: no cart of this ward, or nobody who works here.
            SignInSlowed: after wrong ones.
            PlatformAway: the platform does not answer.
        """
        if cart.kind != "cart" or cart.ward != ward:
            raise NotAllowed
        with self._core.db.read() as conn:
            row = conn.execute(select(_STAFF).where(_STAFF.c.id == staff)).first()
        if row is None or not row.active or not may(row.role, "ward.read"):
            raise NotAllowed
        counts = [Count(f"card:@{cart.id}", weight=PLACE_WEIGHT)]
        attempts.begin(self._core, counts)
        found = self._whose(card, ward, f"staff:{staff}")
        with self._core.db.write() as conn:
            if found.outcome == "found":
                attempts.forgive(conn, counts, self._core.clock.now())
            self._note(conn, f"staff:{staff}", cart.id, "insurance-card", card, found.encounter, found.outcome)
        return found

    def at_bed(self, terminal: Device, ward: str, bed: str, card: ShownCard) -> EncounterView:
        """Let the patient of this bed in by a card.

        Raises:
            NotAllowed: this is not the terminal of that bed.
            NoPlatform: this server cannot ask whose a voucher is.
        SignInFailed: it is not the card of who lies in this bed; never says whose. `SignInSlowed` after wrong ones.
            PlatformAway: the platform does not answer.
        """
        if terminal.kind != "terminal" or (terminal.ward, terminal.bed) != (ward, bed):
            raise NotAllowed
        counts = [bed_count(ward, bed, terminal.id)]
        attempts.begin(self._core, counts)
        actor = f"device:{terminal.id}"
        found = self._whose(card, ward, actor)
        with self._core.db.write() as conn:
            lying = (_ENCOUNTER.c.ward == ward) & (_ENCOUNTER.c.bed == bed) & (_ENCOUNTER.c.status == "in-progress")
            here = conn.execute(select(_ENCOUNTER.c.id).where(lying)).scalar()
            let_in = here is not None and found.encounter == here
            action = "open-bedside" if let_in else "open-bedside-failed"
            # Whose card it was stands nowhere: somebody else's telephone is nobody's business at this bed.
            self._note(conn, actor, terminal.id, action, card, here, "found" if let_in else "wrong")
            if let_in:
                attempts.forgive(conn, counts, self._core.clock.now())
            view = encounter_view(conn, str(here)) if let_in else None
        if found.outcome == "no-platform":
            raise NoPlatform
        if view is None:
            raise SignInFailed
        return view

    def _whose(self, card: ShownCard, ward: str, actor: str) -> Found:
        if card.kind == "health-card":
            return self._by_number(card.number, ward)
        try:
            dealings = self._insurance.dealings
        except NoPlatform:
            return Found("no-platform")
        if not self._is_new(card.number):
            return Found("unknown")
        try:
            person = dealings.person(Card(CardKind.VOUCHER, card.number), actor=actor)
        except PlatformRefused:
            return Found("unknown")
        except PlatformAway:
            # Nobody has heard it: it may be shown again.
            self._forget(card.number)
            raise
        with self._core.db.read() as conn:
            match = eligibility.find(conn, person, (ward,))
        return Found(match.outcome, match.encounters[0] if match.outcome == "found" else None)

    def _by_number(self, number: str, ward: str) -> Found:
        # D: a hospital that takes health cards keeps a person under the card's own number.
        query = select(_ENCOUNTER.c.id, _ENCOUNTER.c.ward).join(_PATIENT, _PATIENT.c.id == _ENCOUNTER.c.patient)
        with self._core.db.read() as conn:
            rows = conn.execute(query.where(_PATIENT.c.mrn == number, _ENCOUNTER.c.status == "in-progress")).all()
        mine = [row.id for row in rows if row.ward == ward]
        if len(rows) == 1 and mine:
            return Found("found", mine[0])
        return Found("unsure" if mine else "other-ward" if rows else "unknown")

    def _is_new(self, token: str) -> bool:
        digest, now = hashlib.sha256(token.encode()).digest(), self._core.clock.now()
        with self._lock:
            while self._used and (
                len(self._used) > _MOST_TOKENS or next(iter(self._used.values())) < now - ONCE_WITHIN
            ):
                self._used.popitem(last=False)
            if digest in self._used:
                return False
            self._used[digest] = now
            return True

    def _forget(self, token: str) -> None:
        with self._lock:
            self._used.pop(hashlib.sha256(token.encode()).digest(), None)

    def _note(
        self, conn: Connection, actor: str, device: str, action: str, card: ShownCard, encounter: str | None, said: str
    ) -> None:
        audit.append(
            conn,
            at=self._core.clock.now(),
            actor=actor,
            device=device,
            action=action,
            what=f"card of kind {card.kind}",
            encounter=encounter,
            command=None,
            detail={"outcome": said},
        )
