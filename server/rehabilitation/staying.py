"""A plan when its patient is moved or leaves: part of the same transaction."""

from __future__ import annotations

from server.batch import Batch
from server.record.service import open_of, record_called
from server.record.writing import tell
from wardlink.messages.commands import Command
from wardlink.messages.encounters import EncounterView
from wardlink.messages.rehabilitation import RehabPlanView
from wardlink.record.rehabilitation import REHAB_PLAN


def end_plans(batch: Batch, command: Command, encounter: str) -> None:
    """The patient leaves: nothing more is planned; what was done is still to be confirmed."""
    for known in open_of(batch.conn, REHAB_PLAN, [encounter]):
        found = record_called(batch.conn, REHAB_PLAN, known.id)
        if found is not None:
            ended = {"ended_at": command.measured_at, "ended_by": command.actor, "why": "discharged"}
            _tell(batch, command, known.model_copy(update=ended), found[0])


def move_plans(batch: Batch, command: Command, stay: EncounterView) -> None:
    """The patient lies elsewhere: the plan goes along."""
    for known in open_of(batch.conn, REHAB_PLAN, [stay.id]):
        _tell(batch, command, known.model_copy(update={"bed": stay.bed}), stay.ward)


def _tell(batch: Batch, command: Command, view: RehabPlanView, ward: str) -> None:
    tell(batch, REHAB_PLAN, view, ward=ward, is_new=False, command=command, first=False)
