"""The patient lets family use this screen: put together page by page, sent once, and taken back with two touches."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from bedside.usecases.refusals import last_refusal
from wardlink.clinical.family import Relation, Scope, may_consent, needs_own_consent, scopes, signing_in
from wardlink.clock import ward_date, ward_time
from wardlink.messages.family import LONGEST_NAME, GrantFamily, WithdrawFamily
from wardlink.record.family import FAMILY_CONSENT
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from datetime import datetime

    from bedside.ports import Place, Terminal
    from bedside.usecases.session import Session
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.family import FamilyConsentView

COMMANDS = ("family-consent.grant", "family-consent.withdraw")

DAYS = (None, 0, 3, 7)
"""For how long it can be given: the whole stay, today only, or so many days from now; always to a day's end."""


@dataclass
class Draft:
    """What is being put together. Nothing of it is kept when the pages go."""

    relation: Relation = "other"
    name: str = ""
    scopes: list[Scope] = field(default_factory=lambda: [row.code for row in scopes() if row.by_default])
    medical: bool = False
    turned: int = 0
    consent: str | None = None

    def begin(self, relation: Relation) -> None:
        """For this one of the family; a name that was typed for another no longer holds."""
        if relation != self.relation:
            self.name = ""
        self.relation = relation

    def type(self, text: str) -> None:
        """More of the name; what is too much, and what is no character to be read, is not taken."""
        self.name = (self.name + plain(text)).lstrip()[:LONGEST_NAME]

    def wipe_last(self) -> None:
        """Without the last character."""
        self.name = self.name[:-1]

    def tick(self, scope: Scope) -> None:
        """This may be done, or not."""
        if scope in self.scopes:
            self.scopes.remove(scope)
        else:
            self.scopes.append(scope)
        self.medical = False

    def chosen(self) -> list[Scope]:
        """What may be done, in the order in which it is shown."""
        return [row.code for row in scopes() if row.code in self.scopes]

    @property
    def asks_apart(self) -> bool:
        """Whether a question of its own comes before it can be given."""
        return needs_own_consent(self.scopes) and not self.medical

    def until(self, now: datetime) -> datetime | None:
        """Until when it is chosen to hold."""
        days = DAYS[self.turned % len(DAYS)]
        if days is None:
            return None
        midnight = ward_time(now).replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(days=days, hours=23, minutes=59)


@dataclass(frozen=True)
class MyFamily:
    """The consents of one stay as this terminal knows them, and what can be done now.

    `unsent`: ids on which something waits for the server. `is_up`: whether the server is there. `too_young`: a
    guardian consents for who lies here.
    """

    stay: EncounterView
    members: tuple[FamilyConsentView, ...]
    unsent: frozenset[str]
    is_up: bool
    too_young: bool
    refused: str | None = None

    def standing(self, now: datetime) -> list[FamilyConsentView]:
        """Those who may use this screen now."""
        return [one for one in self.members if one.stands(now)]

    def called(self, consent: str) -> FamilyConsentView | None:
        """One by its id."""
        return next((one for one in self.members if one.id == consent), None)

    def is_full(self, now: datetime) -> bool:
        """Whether one has to be taken back before another is given."""
        return len(self.standing(now)) >= signing_in().most_open


def read(terminal: Terminal, stay: EncounterView) -> MyFamily:
    """From this terminal's own disk; those that stand come first, then the newest."""
    board, status, now = terminal.replica, terminal.status(), terminal.clock.now()
    found = sorted(board.records(FAMILY_CONSENT, encounter=stay.id), key=lambda one: one.granted_at, reverse=True)
    return MyFamily(
        stay=stay,
        members=tuple(sorted(found, key=lambda one: not one.stands(now))),
        unsent=board.unsent_records(FAMILY_CONSENT),
        is_up=status.online and status.server_alive,
        too_young=not may_consent(stay.birth_on, ward_date(now)),
        refused=last_refusal(terminal.outbox, COMMANDS, stay.id),
    )


def grant(terminal: Terminal, place: Place, session: Session, draft: Draft) -> str:
    """Give the consent: it is on this terminal's disk when this returns. The id of it.

    Raises:
        StoreFailed: it could not be kept.
    """
    now = terminal.clock.now()
    known = terminal.replica.records(FAMILY_CONSENT, encounter=session.encounter)
    taken = {one.number for one in known if one.relation == draft.relation and one.stands(now)}
    body = GrantFamily(
        relation=draft.relation,
        name=draft.name,
        number=next(number for number in range(1, 10) if number not in taken),
        scopes=tuple(draft.chosen()),
        until=draft.until(now),
        separately=needs_own_consent(draft.scopes),
    )
    kept = terminal.record(COMMANDS[0], body, actor=session.actor, encounter=session.encounter, bed=place.bed)
    return kept.id


def withdraw(terminal: Terminal, place: Place, session: Session, consent: str) -> None:
    """Take it back. It holds from now on, whenever the server hears of it.

    Raises:
        StoreFailed: it could not be kept.
    """
    body = WithdrawFamily(consent=consent)
    terminal.record(COMMANDS[1], body, actor=session.actor, encounter=session.encounter, bed=place.bed)
