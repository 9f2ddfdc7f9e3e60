"""Open consultations when their patient is moved or leaves: part of the same transaction."""

from __future__ import annotations

from server.batch import Batch
from server.record.service import open_of, record_called
from server.record.writing import tell
from wardlink.clinical.consults import after
from wardlink.messages.commands import Command
from wardlink.messages.consults import ConsultView
from wardlink.messages.encounters import EncounterView
from wardlink.record.consults import CONSULT


def end_consults(batch: Batch, command: Command, encounter: str) -> None:
    """The patient leaves: what nobody came for does not take place any more; what was begun is still to be signed."""
    for known in open_of(batch.conn, CONSULT, [encounter]):
        found = record_called(batch.conn, CONSULT, known.id)
        if found is not None and after(known.state, "decline") is not None:
            ended = {"state": "declined", "why": "discharged", "ended_at": command.measured_at}
            _tell(batch, command, known.model_copy(update=ended), found[0])


def move_consults(batch: Batch, command: Command, stay: EncounterView) -> None:
    """The patient lies elsewhere: the consultations go along."""
    for known in open_of(batch.conn, CONSULT, [stay.id]):
        _tell(batch, command, known.model_copy(update={"bed": stay.bed}), stay.ward)


def _tell(batch: Batch, command: Command, view: ConsultView, ward: str) -> None:
    tell(batch, CONSULT, view, ward=ward, is_new=False, command=command, first=False)
