"""What a patient says to the hospital: put together with a few touches, sent once, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from wardlink.clinical.complaints import ComplaintKind, Sentence, offered
from wardlink.messages.complaints import LONGEST, CareRole, ReopenComplaint, SubmitComplaint, ThankForReply
from wardlink.terminal.cells import plain

if TYPE_CHECKING:
    from datetime import datetime

    from bedside.ports import Place, Terminal
    from bedside.usecases.session import Session
    from wardlink.messages.encounters import EncounterView

T = TypeVar("T")

TALKED_OF = ("complaint", "suggestion")
"""Kinds about which somebody may come and talk, and which may go to the hospital's office alone."""


@dataclass
class Draft:
    """What is being put together, page by page. Nothing of it is kept when the pages go."""

    kind: ComplaintKind = "complaint"
    topic: str = ""
    sentences: list[str] = field(default_factory=list)
    words: str = ""
    talk: bool = False
    office_only: bool = False
    about: list[CareRole] = field(default_factory=list)

    def begin(self, kind: ComplaintKind) -> None:
        """Of this kind; what was ticked for another one no longer holds."""
        if kind != self.kind:
            self.sentences.clear()
            self.about.clear()
            self.talk = self.office_only = False
        self.kind = kind

    def choose_topic(self, topic: str) -> None:
        """About this; what was ticked about something else no longer holds."""
        if topic != self.topic:
            self.sentences.clear()
        self.topic = topic

    def offered(self) -> tuple[Sentence, ...]:
        """The sentences that are ready."""
        return offered(self.kind, self.topic)

    def tick(self, code: str) -> None:
        """This sentence; touched again, not this one."""
        _turn(self.sentences, code)

    def name(self, role: CareRole) -> None:
        """It is about them; touched again, it is not."""
        _turn(self.about, role)

    def type(self, text: str) -> None:
        """More of one's own words; what is too much, and what is no character to be read, is not taken."""
        self.words = (self.words + plain(text))[:LONGEST]

    def wipe_last(self) -> None:
        """Without the last character."""
        self.words = self.words[:-1]

    @property
    def says_something(self) -> bool:
        """Whether there is anything to be sent."""
        return bool(self.sentences or self.words.strip() or self.talk)

    def message(self) -> SubmitComplaint:
        """As it is sent."""
        return SubmitComplaint(
            kind=self.kind,
            topic=self.topic,
            sentences=tuple(self.sentences),
            words=self.words.strip(),
            talk=self.talk,
            office_only=self.office_only,
            about=tuple(self.about),
        )


def _turn(chosen: list[T], one: T) -> None:
    if one in chosen:
        chosen.remove(one)
    else:
        chosen.append(one)


@dataclass(frozen=True)
class Waiting:
    """One that the hospital does not have yet. `refused`: it was not taken, and somebody has to be told."""

    id: str
    kind: ComplaintKind
    submitted_at: datetime
    refused: bool


def waiting(terminal: Terminal, encounter: str) -> tuple[Waiting, ...]:
    """Complaints of this stay that are still on this terminal, the newest first."""
    found = []
    for entry in terminal.outbox.entries():
        command = terminal.outbox.command(entry.id) if entry.kind == "complaint.submit" else None
        if command is not None and command.encounter == encounter:
            refused = entry.state in ("refused", "parked")
            kind = SubmitComplaint.model_validate(command.body).kind
            found.append(Waiting(entry.id, kind, command.measured_at, refused))
    return tuple(reversed(found))


def said_of(terminal: Terminal, encounter: str) -> frozenset[str]:
    """Complaints of which "thank you" or "not satisfied" still waits for the connection."""
    found = set()
    for entry in terminal.outbox.entries():
        if entry.kind in ("complaint.reopen", "complaint.thank") and entry.state in ("waiting", "sent"):
            command = terminal.outbox.command(entry.id)
            if command is not None and command.encounter == encounter:
                found.add(str(command.body["complaint"]))
    return frozenset(found)


def send(terminal: Terminal, place: Place, session: Session, draft: Draft) -> None:
    """Send it: it is on this terminal's disk when this returns, and goes out as soon as there is a connection.

    Raises:
        StoreFailed: it could not be kept.
    """
    terminal.record(
        "complaint.submit", draft.message(), actor=session.actor, encounter=session.encounter, bed=place.bed
    )


def reopen(terminal: Terminal, place: Place, session: Session, complaint: str) -> None:
    """Say that one is not satisfied with the answer.

    Raises:
        StoreFailed: it could not be kept.
    """
    body = ReopenComplaint(complaint=complaint)
    terminal.record("complaint.reopen", body, actor=session.actor, encounter=session.encounter, bed=place.bed)


def thank(terminal: Terminal, place: Place, session: Session, complaint: str) -> None:
    """Say that one is satisfied.

    Raises:
        StoreFailed: it could not be kept.
    """
    body = ThankForReply(complaint=complaint)
    terminal.record("complaint.thank", body, actor=session.actor, encounter=session.encounter, bed=place.bed)


def team(stay: EncounterView) -> tuple[tuple[CareRole, str], ...]:
    """The nurse and the doctor of this stay, where they are known."""
    found: list[tuple[CareRole, str | None]] = [("nurse", stay.nurse_name), ("doctor", stay.doctor_name)]
    return tuple((role, name) for role, name in found if name)
