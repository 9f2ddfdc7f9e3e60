"""An invented hospital that listens: complaints that it takes and answers, and a survey."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from wardlink.clinical.complaints import deadlines, is_answered
from wardlink.errors import Unreachable
from wardlink.messages.commands import Command
from wardlink.messages.complaints import ComplaintAtBed, ComplaintsAtBed, SubmitComplaint
from wardlink.messages.surveys import AnswerSurvey, SurveyAtBed

if TYPE_CHECKING:
    from bedside.sample.terminal import SampleTerminal

HEAD_NURSE = "孙护士长"
ANSWERS_AFTER = timedelta(seconds=20)
"""Where the terminal answers by itself."""


class SampleVoice:
    """The port of `bedside.ports.Voice`. `given`: the answers that have arrived; `fails_with` may be set."""

    def __init__(self, terminal: SampleTerminal) -> None:
        self._terminal = terminal
        self.held: dict[str, ComplaintAtBed] = {}
        self.given: list[AnswerSurvey] = []
        self.fails_with: Exception | None = None

    def complaints(self, encounter: str) -> ComplaintsAtBed:
        """The newest first."""
        self._demand()
        now = self._terminal.clock.now()
        for one in list(self.held.values()):
            if self._terminal.answers and one.reply is None and now >= one.submitted_at + ANSWERS_AFTER:
                self.reply(one.id, "谢谢您告诉我们。我们马上处理，下午来看您。")
        return ComplaintsAtBed(complaints=tuple(reversed(self.held.values())))

    def survey(self, encounter: str) -> SurveyAtBed:
        """Whether somebody has answered."""
        self._demand()
        return SurveyAtBed(answered=bool(self.given))

    # -- what others do

    def take(self, commands: Sequence[Command]) -> None:
        """The server has these now."""
        for command in commands:
            if command.kind == "complaint.submit":
                body = SubmitComplaint.model_validate(command.body)
                self.hold(command, body)
            elif command.kind == "survey.answer":
                self.given.append(AnswerSurvey.model_validate(command.body))
            elif command.kind == "complaint.reopen":
                self._ask(command.body["complaint"], command.measured_at, state="reopened")
            elif command.kind == "complaint.thank":
                self.set(command.body["complaint"], state="closed", reply_by=None, close_by=None)

    def hold(self, command: Command, body: SubmitComplaint) -> None:
        """A complaint as it came in."""
        self.held[command.id] = ComplaintAtBed(
            id=command.id,
            kind=body.kind,
            topic=body.topic,
            state="submitted",
            submitted_at=command.measured_at,
            office_only=body.office_only,
        )
        if is_answered(body.kind):
            self._ask(command.id, command.measured_at)

    def reply(self, complaint: str, words: str) -> None:
        """The head nurse answers."""
        at = self._terminal.clock.now()
        self.set(complaint, state="replied", reply=words, replied_at=at, replied_by=HEAD_NURSE, reply_by=None)

    def set(self, complaint: str, **changed: object) -> None:
        """The server has something new about it."""
        self.held[complaint] = self.held[complaint].model_copy(update=changed)

    def _ask(self, complaint: str, begun_at: datetime, **changed: object) -> None:
        due = deadlines(begun_at, submitted_at=self.held[complaint].submitted_at)
        self.set(complaint, reply_by=due.reply_at, close_by=due.close_at, **changed)

    def _demand(self) -> None:
        if self.fails_with is not None:
            raise self.fails_with
        if not (self._terminal.online and self._terminal.server_alive):
            raise Unreachable
