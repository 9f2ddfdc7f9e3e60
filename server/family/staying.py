"""A consent for family when the patient is moved or leaves: it ends, in the same transaction."""

from __future__ import annotations

from server.batch import Batch
from server.family.signing_in import forget
from server.record.service import open_of, record_called
from server.record.writing import tell
from wardlink.messages.commands import Command
from wardlink.messages.family import Why
from wardlink.record.family import FAMILY_CONSENT


def end_consents(batch: Batch, command: Command, encounter: str, why: Why) -> None:
    """No family of this stay gets in any more: it was given for this screen at this bed."""
    known_open = open_of(batch.conn, FAMILY_CONSENT, [encounter])
    forget(batch.conn, [one.id for one in known_open])
    for known in known_open:
        found = record_called(batch.conn, FAMILY_CONSENT, known.id)
        if found is not None:
            ended = {"ended_at": max(command.measured_at, known.granted_at), "ended_by": command.actor, "why": why}
            tell(
                batch,
                FAMILY_CONSENT,
                known.model_copy(update=ended),
                ward=found[0],
                is_new=False,
                command=command,
                first=False,
            )
