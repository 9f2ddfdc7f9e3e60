"""What a patient says of a dose at the bed: kept as it was said, and a question put before a person."""

from __future__ import annotations

from server.batch import Batch
from server.family.acting import is_for_patient
from server.handlers import Handler
from server.record.handlers import keep
from server.record.writing import fold_in
from wardlink.errors import NotAllowed
from wardlink.i18n import N_
from wardlink.messages.commands import Command
from wardlink.messages.dose_asks import AnswerDose
from wardlink.record.dose_asks import DOSE_ASK

_OTHERS = N_("Only the patient of this bed may answer.")


def answer(batch: Batch, command: Command, body: AnswerDose) -> int:
    """Keep the patient's answer; a question opens a case, which stays until a nurse has dealt with it.

    Raises:
        NotAllowed: anybody else answers, or it is another patient's dose.
    """
    if not is_for_patient(command):
        raise NotAllowed(_OTHERS)
    folded = fold_in(batch, DOSE_ASK, command, body)
    before, after = folded.before, folded.after
    if after is not None and after.encounter != command.encounter:
        raise NotAllowed(_OTHERS)
    if before is not None and before.answer is None and body.answer == "query":
        batch.exception(
            "queried-at-bed",
            ward=folded.ward,
            command=command,
            encounter=before.encounter,
            bed=folded.resident.bed if folded.resident else before.bed,
            first=False,
            subject=before.id,
            drugs="、".join(item.name_zh for item in before.items),
            asked_by=before.by_name or str(before.by),
        )
    return folded.seq


HANDLERS = {
    "dose-ask.ask": Handler(keep),
    "dose-ask.end": Handler(keep),
    "dose-ask.answer": Handler(answer, devices=frozenset({"terminal"})),
}
