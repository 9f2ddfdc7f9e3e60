"""The consent for family in the ward record: it stands until the patient takes it back or leaves the bed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from wardlink.clinical.family import SCOPES
from wardlink.messages.commands import Command
from wardlink.messages.family import FamilyConsentView, Why
from wardlink.record.kind import Fold, Kind, Said


def _granted(known: FamilyConsentView | None, said: Said) -> FamilyConsentView:
    command, body = said.command, said.body
    return known or FamilyConsentView(
        id=command.id,
        encounter=command.encounter,
        bed=command.bed,
        relation=body.relation,
        name=body.name,
        number=body.number,
        scopes=body.scopes,
        granted_at=command.measured_at,
        until=body.until,
        by=command.actor,
    )


def _appointed(known: FamilyConsentView | None, said: Said) -> FamilyConsentView:
    command, body = said.command, said.body
    return known or FamilyConsentView(
        id=command.id,
        encounter=command.encounter,
        bed=command.bed,
        relation="guardian",
        name=body.name,
        scopes=SCOPES,
        granted_at=command.measured_at,
        by=command.actor,
        reason=body.reason,
        second=body.second,
    )


def _withdrawn(known: FamilyConsentView | None, said: Said) -> FamilyConsentView | None:
    command = said.command
    # The earliest end holds: a terminal without a network may tell of it after the patient was moved or has left.
    if known is None or (known.ended_at is not None and known.ended_at <= command.measured_at):
        return known
    at = max(command.measured_at, known.granted_at)
    return known.model_copy(update={"ended_at": at, "ended_by": command.actor, "why": _why(command)})


def _why(command: Command) -> Why:
    return "staff" if command.kind == "family-consent.end" else "patient"


def _consent(command: Any, body: Any) -> str:
    return str(body.consent)


FAMILY_CONSENT = Kind(
    "family-consent",
    FamilyConsentView,
    at=lambda view: view.ended_at or view.granted_at,
    folds={
        "family-consent.grant": Fold(_granted),
        "family-consent.withdraw": Fold(_withdrawn, target=_consent),
        "family-consent.appoint": Fold(_appointed),
        "family-consent.end": Fold(_withdrawn, target=_consent),
    },
    is_open=lambda view: view.is_open,
    state=lambda view: "open" if view.is_open else "ended",
    kept_for=timedelta(days=7),
    for_bed=True,
)
