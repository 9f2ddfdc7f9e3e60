"""ECG strips: taken in an examination room or by a monitor, told to the carts whole, read and ticked off there.

The view of a strip is small and changes when somebody reads or reports it. Its samples lie beside it in parts that
are told once, before the view, and are no larger than a message of any other kind.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wardlink.ids import Id, Slug
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.records import RecordView

EcgSource = Literal["monitor", "room", "desk"]
"""A bedside monitor, an examination room, or a person at a desk with a file."""

BeatsBy = Literal["sender", "server"]

MOST_SAMPLES = 150_000
"""Of all leads together: 25 s of twelve leads at 500 Hz."""

MOST_SECONDS = 300.0
MOST_IN_PART = 10_000
"""Samples of one part. However they look, they stay below half of what a message may hold."""

MOST_BEATS = 2_000

Lead = Annotated[str, Field(min_length=1, max_length=20)]
Beats = Annotated[tuple[Annotated[int, Field(ge=0, lt=MOST_SAMPLES)], ...], Field(max_length=MOST_BEATS)]
Words = Annotated[str, Field(min_length=1, max_length=4_000)]
Reason = Annotated[str, Field(min_length=1, max_length=200)]


class RecordEcg(Message):
    """Fact: a strip was taken. Whose, and when it began, stand in the envelope; its samples come in parts.

    `length`: samples of each lead. `beats`: the samples of the R peaks in `beats_lead`; None if nobody looked for
    them. `digest` is that of the samples. `critical`: the report says what cannot wait. `admission_no`: what the
    sender said where no stay has it.
    """

    source: EcgSource
    place: str | None = Field(default=None, max_length=60)
    leads: tuple[Lead, ...] = Field(min_length=1, max_length=24)
    rate_hz: float = Field(ge=50, le=2_000)
    uv_per_unit: float = Field(gt=0, le=1_000)
    length: int = Field(ge=1, le=MOST_SAMPLES)
    digest: str = Field(max_length=64)
    beats: Beats | None = None
    beats_lead: Lead | None = None
    beats_by: BeatsBy | None = None
    report: Words | None = None
    critical: bool = False
    admission_no: str | None = Field(default=None, max_length=40)


class SeeEcg(Message):
    """Fact: a nurse has read this strip, and so many reports with it."""

    strip: Id
    reports: int = Field(ge=0, le=1_000)


class ReportEcg(Message):
    """Fact: somebody who may has said what a strip shows. `critical`: it cannot wait.

    `reports`: so many there were when they looked; if there are others now, it is refused. None: whatever there is.
    """

    strip: Id
    text: Words
    critical: bool = False
    reports: int | None = Field(default=None, ge=0, le=1_000)


class StrikeEcg(Message):
    """Fact: this strip is not this patient's, or is none at all."""

    strip: Id
    reason: Reason


class ShowEcg(Message):
    """A doctor lets the patient see this strip with so many reports, or keeps it back.

    `over`: the decision that they saw, by its command, empty if there was none; None: whatever it is.
    """

    strip: Id
    may_see: bool
    reports: int = Field(ge=0, le=1_000)
    reason: Reason | None = None
    over: Id | Literal[""] | None = None


class EcgReport(Message):
    """What a strip shows. `by` None: it came with the strip."""

    text: str
    at: Instant
    command: Id
    critical: bool = False
    by: Actor | None = None
    by_name: str | None = None


class EcgShown(Message):
    """What a doctor said last about showing a strip to its patient. `reports`: so many there were then."""

    may_see: bool
    reports: int
    at: Instant
    command: Id
    by: Actor
    by_name: str | None = None
    reason: str | None = None


class EcgView(RecordView):
    """Change `ecg.changed`."""

    taken_at: Instant
    source: EcgSource
    place: str | None = None
    device: Slug | None = None
    leads: tuple[str, ...]
    rate_hz: float
    uv_per_unit: float
    length: int
    digest: str
    beats: tuple[int, ...] | None = None
    beats_lead: str | None = None
    beats_by: BeatsBy | None = None
    reports: tuple[EcgReport, ...] = ()
    admission_no: str | None = None
    received_at: Instant | None = None
    seen_at: Instant | None = None
    seen_by: Actor | None = None
    seen_by_name: str | None = None
    seen_reports: int = 0
    shown: EcgShown | None = None
    struck_at: Instant | None = None
    struck_by: Actor | None = None
    struck_reason: str | None = None

    @property
    def seconds(self) -> float:
        """How long it lasted."""
        return self.length / self.rate_hz

    @property
    def is_critical(self) -> bool:
        """Whether a report says what cannot wait; a later one that does not takes nothing back."""
        return self.struck_at is None and any(report.critical for report in self.reports)

    @property
    def is_new(self) -> bool:
        """Whether a nurse has yet to read it, or a report that came after she had."""
        return self.struck_at is None and (self.seen_at is None or len(self.reports) > self.seen_reports)


class EcgPart(RecordView):
    """Change `ecg-part.changed`: samples of one lead from `first` on, as `wardlink.clinical.ecg.coding` writes them."""

    strip: Id
    taken_at: Instant
    lead: str
    first: int
    length: int = Field(ge=1, le=MOST_IN_PART)
    samples: str
