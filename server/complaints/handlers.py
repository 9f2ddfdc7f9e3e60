"""What comes from the bed: a complaint, "not satisfied", "thank you". No change tells of it to anybody.

A device's numbers let nothing through twice; should it come again all the same, its id is known.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, insert, select

from server.batch import Batch
from server.complaints.models import Complaint, ComplaintStep
from server.complaints.moving import moved
from server.complaints.service import standing
from server.handlers import Handler
from server.patients.asking import lain_here
from wardlink.errors import NotFound
from wardlink.messages.commands import Command
from wardlink.messages.complaints import ReopenComplaint, SubmitComplaint, ThankForReply

_COMPLAINT: Table = Complaint.__table__  # type: ignore[attr-defined]
_STEP: Table = ComplaintStep.__table__  # type: ignore[attr-defined]


def submit(batch: Batch, command: Command, body: SubmitComplaint) -> None:
    """Keep what a patient has said. Also of a stay that has ended meanwhile: it waited for the connection.

    Raises:
        NotAllowed: not in the name of a patient who lies, or has lain, in this bed.
    """
    stay = lain_here(batch, command)
    if batch.conn.execute(select(_COMPLAINT.c.id).where(_COMPLAINT.c.id == command.id)).first() is not None:
        return
    at = min(command.measured_at, batch.now)
    staff = {"nurse": stay.nurse, "doctor": stay.doctor}
    batch.conn.execute(
        insert(_COMPLAINT).values(
            id=command.id,
            ward=command.ward,
            bed=command.bed,
            encounter=stay.id,
            kind=body.kind,
            topic=body.topic,
            sentences=list(body.sentences),
            words=body.words,
            talk=body.talk,
            office_only=body.office_only,
            about=[who for role in dict.fromkeys(body.about) if (who := staff[role]) is not None],
            several_departments=False,
            state="submitted",
            submitted_at=at,
            received_at=batch.now,
            begun_at=at,
        )
    )
    _audit(batch, command, command.id, office_only=body.office_only)


def reopen(batch: Batch, command: Command, body: ReopenComplaint) -> None:
    """The patient is not satisfied; the clock of the answer runs anew.

    Raises:
        Collision: there is no answer yet.
        NotFound: it is none of this stay's.
    """
    at = min(command.measured_at, batch.now)
    more = {"begun_at": at, "acknowledged_at": None, "closed_at": None} | ({"talk": True} if body.talk else {})
    _patient_says(batch, command, body.complaint, "reopen", more)


def thank(batch: Batch, command: Command, body: ThankForReply) -> None:
    """The patient is satisfied: it is closed.

    Raises:
        Collision: there is no answer yet.
        NotFound: it is none of this stay's.
    """
    _patient_says(batch, command, body.complaint, "close", {"closed_at": batch.now})


def _patient_says(batch: Batch, command: Command, complaint: str, act: Any, more: dict[str, Any]) -> None:
    stay = lain_here(batch, command)
    if batch.conn.execute(select(_STEP.c.id).where(_STEP.c.id == command.id)).first() is not None:
        return
    found = standing(batch.conn, complaint)
    if found is None or found.row.encounter != stay.id:
        raise NotFound(what="complaint", name=complaint)
    at = min(command.measured_at, batch.now)
    moved(batch.conn, found.row, act, step=command.id, at=at, actor=command.actor, more=more)
    _audit(batch, command, complaint, office_only=found.row.office_only)


def _audit(batch: Batch, command: Command, complaint: str, *, office_only: bool) -> None:
    # Who reads the audit of a ward must not find there, by name or by minute, who has written to the office.
    if not office_only:
        batch.audit(
            command.kind,
            actor=command.actor,
            device=command.device,
            what=f"complaint {complaint}",
            encounter=command.encounter,
            command=command.id,
            at=command.measured_at,
        )


_BED = frozenset({"terminal"})

HANDLERS = {
    "complaint.submit": Handler(submit, devices=_BED),
    "complaint.reopen": Handler(reopen, request=True, devices=_BED),
    "complaint.thank": Handler(thank, request=True, devices=_BED),
}
