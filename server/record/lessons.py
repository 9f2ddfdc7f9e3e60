"""Lessons come in: what the patient read and answered at the bed, and a nurse's signature."""

from __future__ import annotations

from server.batch import Batch
from server.family.acting import is_for_patient
from server.handlers import Handler
from server.record.handlers import keep
from server.record.writing import fold_in
from wardlink.errors import NotAllowed
from wardlink.i18n import N_
from wardlink.messages.commands import Command
from wardlink.messages.lessons import AnswerLesson, ReadLesson
from wardlink.record.lessons import LESSON

_OTHERS = N_("Only the patient of this bed may answer.")


def learnt(batch: Batch, command: Command, body: ReadLesson | AnswerLesson) -> int:
    """Keep what the patient read or answered.

    Raises:
        NotAllowed: in another patient's name, or at another patient's bed.
    """
    resident = batch.census.resident(batch.conn, command.encounter) if command.encounter else None
    device = batch.census.device(batch.conn, command.device)
    if not is_for_patient(command) or resident is None or device is None or device.bed not in (None, resident.bed):
        raise NotAllowed(_OTHERS)
    return fold_in(batch, LESSON, command, body).seq


_AT_BED = frozenset({"terminal"})

HANDLERS = {
    "lesson.read": Handler(learnt, devices=_AT_BED),
    "lesson.answer": Handler(learnt, devices=_AT_BED),
    "lesson.sign": Handler(keep),
}
