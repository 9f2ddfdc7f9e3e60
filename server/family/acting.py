"""Who of the family acts for a patient: asked before each of their commands, and before each of their looks.

The screen shows family only what the patient has opened to them; this is what holds them to it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from server.batch import Batch
from server.census import KnownDevice
from server.handlers import Handler
from server.record.service import record_called
from wardlink.clinical.family import Reach, commands, may_reach
from wardlink.errors import NotAllowed
from wardlink.i18n import N_
from wardlink.messages.commands import Command
from wardlink.messages.family import FamilyConsentView
from wardlink.messages.requests import PlaceRequest
from wardlink.record.family import FAMILY_CONSENT

_ENDED = N_("The patient's consent is over. Please ask the patient, or the nurse.")
_NOT_OPENED = N_("The patient has not opened this to family.")


def demand_consent(batch: Batch, command: Command, body: Any, handler: Handler, device: KnownDevice | None) -> None:
    """Let a command of family through, if the patient's consent covers it. What others say is not looked at.

    A request needs a consent that stands now. A fact needs one that stood when it happened, and what is for anybody
    needs none: a call is never lost.

    Raises:
        NotAllowed: with the words that the family is told.
    """
    if command.actor.kind != "family":
        return
    reach = _reach(command, body)
    if reach == "anybody":
        return
    batch.flush()
    found = consent_called(batch.conn, command.actor.id)
    here = device is not None and device.kind == "terminal" and device.bed is not None
    is_theirs = found is not None and found.encounter == command.encounter
    if not here or not is_theirs:
        raise NotAllowed(_ENDED)
    assert found is not None
    holds = found.stands(batch.now) if handler.request else found.stood(min(command.measured_at, batch.now))
    if not holds:
        raise NotAllowed(_ENDED)
    if not may_reach(reach, found.relation, found.scopes):
        raise NotAllowed(_NOT_OPENED)


def demand_look(conn: Connection, consent: str, encounter: str, reach: Reach, now: datetime) -> None:
    """Let family look at something of this stay.

    Raises:
        NotAllowed: their consent is over, of another stay, or does not cover it.
    """
    found = consent_called(conn, consent)
    if found is None or found.encounter != encounter or not found.stands(now):
        raise NotAllowed(_ENDED)
    if not may_reach(reach, found.relation, found.scopes):
        raise NotAllowed(_NOT_OPENED)


def consent_called(conn: Connection, consent: str) -> FamilyConsentView | None:
    """A consent by its id, also one that is over; None if there is none."""
    found = record_called(conn, FAMILY_CONSENT, consent)
    return None if found is None else found[1]


def is_for_patient(command: Command) -> bool:
    """Whether the patient of the command's stay says this, or family for whom a consent was shown before."""
    actor = command.actor
    return actor.kind == "family" or (actor.kind == "patient" and actor.id == command.encounter)


def _reach(command: Command, body: Any) -> Reach:
    if isinstance(body, PlaceRequest) and body.category == "query":
        # A question about a line of the bill is for who may read the bill.
        return "money"
    return commands().get(command.kind, "patient")
