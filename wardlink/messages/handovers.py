"""Hand-overs: what one shift tells the next about a patient, or about the ward; given and taken by two people."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from wardlink.ids import Id
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.records import RecordView

Part = Literal["situation", "background", "assessment", "recommendation"]  # SBAR, ward domain sheet 5.8
HandoverState = Literal["draft", "given", "taken"]


class HandoverLine(Message):
    """One fact that was drafted from the record, in the words that stood before both nurses."""

    part: Part
    text: str = Field(min_length=1, max_length=300)


class OfShift(Message):
    """Which hand-over is meant: that of the shift that began then, about the envelope's stay, or else the ward."""

    shift_at: Instant


class WriteHandover(OfShift):
    """Fact: a nurse has written this beside the drafted facts; it takes the place of what stood there."""

    note: str = Field(max_length=1000)


class GiveHandover(OfShift):
    """Fact: it is given, with these facts and this text."""

    lines: tuple[HandoverLine, ...] = Field(default=(), max_length=80)
    note: str = Field(default="", max_length=1000)


class TakeHandover(OfShift):
    """Fact: it is taken, as it was given by the command `given`. The envelope's actor has signed by badge and PIN."""

    given: Id


class StrikeHandover(OfShift):
    """Fact: what was given by the command `given` was wrong; it stays readable."""

    given: Id
    reason: str = Field(min_length=1, max_length=200)


class HandoverNote(Message):
    """What was written, when and by whom."""

    command: Id
    at: Instant
    by: Actor
    by_name: str | None = None
    note: str


class HandoverGiven(Message):
    """What was given, when and by whom."""

    command: Id
    at: Instant
    by: Actor
    by_name: str | None = None
    lines: tuple[HandoverLine, ...] = ()
    note: str = ""


class HandoverTaken(Message):
    """Who took what was given by the command `given`, and when."""

    command: Id
    at: Instant
    by: Actor
    by_name: str | None = None
    given: Id


class HandoverStruck(Message):
    """Who struck out what was given by the command `given`."""

    command: Id
    at: Instant
    by: Actor
    given: Id
    reason: str


class HandoverView(RecordView):
    """Change `handover.changed`: a hand-over with everything that was written, given and taken of it.

    `encounter` is None for the summary of the ward.
    """

    shift_at: Instant
    notes: tuple[HandoverNote, ...] = ()
    given: tuple[HandoverGiven, ...] = ()
    taken: tuple[HandoverTaken, ...] = ()
    struck: tuple[HandoverStruck, ...] = ()

    @property
    def note(self) -> str:
        """What stands beside the facts now."""
        return self.notes[-1].note if self.notes else ""

    @property
    def last_given(self) -> HandoverGiven | None:
        """What was given last and not struck out."""
        gone = {strike.given for strike in self.struck}
        return next((given for given in reversed(self.given) if given.command not in gone), None)

    @property
    def taking(self) -> HandoverTaken | None:
        """Who took what was given last: the first who did so and is not the one who gave it."""
        given = self.last_given
        if given is None:
            return None
        return next((t for t in self.taken if t.given == given.command and t.by != given.by), None)

    @property
    def state(self) -> HandoverState:
        """How far it is."""
        if self.last_given is None:
            return "draft"
        return "given" if self.taking is None else "taken"
