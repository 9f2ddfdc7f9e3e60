"""Vital signs on the wire: the nurse's or the monitor's set up, the recorded set down."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from wardlink.clinical.vitals import VitalSet
from wardlink.ids import Id
from wardlink.messages.base import Actor, Instant, Message

Source = Literal["manual", "monitor"]


class News2Summary(Message):
    """The score of a set: `total` is None where a reading was missing, and then `partial` is what is known."""

    total: int | None = None
    partial: int | None = None
    band: str | None = None
    red: bool = False
    scale: Literal[1, 2] = 1
    missing: tuple[str, ...] = ()


class RecordVitals(Message):
    """Fact: these readings were taken. Which patient and when stands in the command's envelope.

    `lead_off` names readings whose lead was off: they have no value. `artefacts` keeps, apart from the
    readings, what a monitor showed outside every possible limit. `not_measured` gives the reason for a reading
    that was due. `confirmed` lists the soft findings that the nurse confirmed before saving. `seen` is the
    score that stood on the screen when it was saved. `partial_reason`: why a round is not whole.
    """

    readings: VitalSet
    source: Source = "manual"
    lead_off: tuple[str, ...] = ()
    artefacts: dict[str, float] = Field(default_factory=dict)
    not_measured: dict[str, str] = Field(default_factory=dict)
    confirmed: tuple[str, ...] = ()
    late_reason: str | None = Field(default=None, max_length=200)
    partial_reason: str | None = Field(default=None, min_length=1, max_length=200)
    note: str | None = Field(default=None, max_length=500)
    interval_s: float | None = Field(default=None, gt=0)
    corrects: Id | None = None
    seen: News2Summary | None = None


class StrikeVitals(Message):
    """Fact: a wrong entry is struck out, with the reason; it stays readable."""

    vitals: Id
    reason: str = Field(min_length=1, max_length=200)


class Assigned(Message):
    """Who gave a set to its patient afterwards (`attribution`), when, and why."""

    attribution: Id
    at: Instant
    by: Actor
    by_name: str | None = None
    reason: str


class VitalsRecorded(Message):
    """Change `vitals.recorded`: a set as everybody holds it. `id` is the command's id.

    `encounter` is None for a monitor's value that nobody has given to a patient yet; it is told again when somebody
    does so, with `assigned`, and when that is taken back.
    On a device a set that the server has not yet confirmed has `received_at` None.
    """

    id: Id
    encounter: Id | None = None
    measured_at: Instant
    entered_at: Instant
    received_at: Instant | None = None
    device: str
    actor: Actor
    actor_name: str | None = None
    source: Source
    readings: VitalSet
    lead_off: tuple[str, ...] = ()
    artefacts: dict[str, float] = Field(default_factory=dict)
    not_measured: dict[str, str] = Field(default_factory=dict)
    confirmed: tuple[str, ...] = ()
    late_reason: str | None = None
    partial_reason: str | None = None
    note: str | None = None
    interval_s: float | None = None
    corrects: Id | None = None
    news2: News2Summary | None = None
    assigned: Assigned | None = None
    struck_at: Instant | None = None
    struck_by: Actor | None = None
    struck_reason: str | None = None


class VitalsStruck(Message):
    """Change `vitals.struck`."""

    id: Id
    encounter: Id | None = None
    struck_at: Instant
    struck_by: Actor
    struck_reason: str
