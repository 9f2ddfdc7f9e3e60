"""Open requests when their patient is moved or leaves: part of the same transaction, so that none is forgotten."""

from __future__ import annotations

from server.batch import Batch
from server.record.service import open_of, record_called
from server.record.writing import tell
from wardlink.clinical.requests.catalogue import OF_PLACE, OUTLIVES
from wardlink.messages.commands import Command
from wardlink.messages.encounters import EncounterView
from wardlink.record.kind import Said
from wardlink.record.requests import REQUEST, ended


def end_requests(batch: Batch, command: Command, encounter: str) -> None:
    """The stay is over: nobody waits any more, except for the repair of what is broken."""
    for known in open_of(batch.conn, REQUEST, [encounter]):
        if known.category not in OUTLIVES:
            view = ended(known, Said(command, None, None, batch.now))
            tell(batch, REQUEST, view, ward=_ward(batch, known.id), is_new=False, command=command, first=False)


def move_requests(batch: Batch, command: Command, stay: EncounterView) -> None:
    """The patient lies elsewhere: what was asked for the patient goes along, what belongs to the bed stays there."""
    for known in open_of(batch.conn, REQUEST, [stay.id]):
        if known.category not in OF_PLACE:
            view = known.model_copy(update={"bed": stay.bed})
            tell(batch, REQUEST, view, ward=stay.ward, is_new=False, command=command, first=False)


def _ward(batch: Batch, request: str) -> str:
    found = record_called(batch.conn, REQUEST, request)
    assert found is not None
    return found[0]
