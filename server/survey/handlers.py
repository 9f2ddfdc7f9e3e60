"""The answers to the survey as they come from the bed. That it was answered is audited, what was answered is not."""

from __future__ import annotations

from server.batch import Batch
from server.handlers import Handler
from server.patients.asking import lain_here
from server.survey.service import take
from wardlink.messages.commands import Command
from wardlink.messages.surveys import AnswerSurvey


def answer(batch: Batch, command: Command, body: AnswerSurvey) -> None:
    """Keep the answers of a stay once; also of one that has ended meanwhile. No change tells of them to anybody.

    Raises:
        NotAllowed: not in the name of a patient who lies, or has lain, in this bed.
        Collision: this stay has answered already.
    """
    stay = lain_here(batch, command)
    take(batch.conn, stay.ward, stay.id, body, batch.now)
    batch.audit("survey", actor=command.actor, device=command.device, what="survey", encounter=stay.id)


# What is refused as a request is not kept; a fact would be, for somebody to read.
HANDLERS = {"survey.answer": Handler(answer, request=True, devices=frozenset({"terminal"}))}
