"""Single measurements beside a set of vital signs: glucose, pain, weight, height, girth."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from wardlink.ids import Id
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.records import RecordView

Measured = Literal["glucose", "pain", "weight", "height", "girth"]
"""In mmol/L, points, kg, cm and cm; see `wardlink.clinical.measurements`."""

Code = Annotated[str, Field(min_length=1, max_length=20)]


class Observation(Message):
    """What is said of one measurement. When and at whom stand in the envelope.

    `comparator`: the meter said LO (`<`) or HI (`>`) and there is no `value`. `slot`: when in the day a glucose was
    taken (`GlucoseSlot`). `scale`: with which tool pain was asked (`pain_scales`); `moving`: on movement, not at rest;
    `place`: where it hurts, or where the tape lay. `not_measured`: the reason why there is no value (`NotMeasured`).
    """

    what: Measured
    value: float | None = None
    comparator: Literal["<", ">"] | None = None
    slot: Code | None = None
    scale: Code | None = None
    moving: bool = False
    place: str | None = Field(default=None, min_length=1, max_length=40)
    not_measured: Code | None = None
    note: str | None = Field(default=None, min_length=1, max_length=200)


class RecordObservation(Observation):
    """Fact: this was measured, or could not be.

    `confirmed`: findings that the nurse has confirmed before saving. `late_reason`: why it comes more than a day late.
    `corrects`: the struck entry in whose place this one stands.
    """

    confirmed: tuple[str, ...] = Field(default=(), max_length=10)
    late_reason: str | None = Field(default=None, min_length=1, max_length=200)
    corrects: Id | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        said = [self.value is not None, self.comparator is not None, self.not_measured is not None]
        if sum(said) != 1:
            raise ValueError("a value, LO or HI, or the reason why there is none: one of them")
        return self


class StrikeObservation(Message):
    """Fact: this was entered by mistake; it stays readable, with the reason."""

    observation: Id
    reason: str = Field(min_length=1, max_length=200)


class ObservationView(RecordView, Observation):
    """Change `observation.changed`. On a device `received_at` is None until the server has it."""

    measured_at: Instant
    entered_at: Instant
    received_at: Instant | None = None
    by: Actor
    by_name: str | None = None
    confirmed: tuple[str, ...] = ()
    late_reason: str | None = None
    corrects: Id | None = None
    struck_at: Instant | None = None
    struck_by: Actor | None = None
    struck_reason: str | None = None
