"""Intake and output (出入量): one thing that went into a patient or came out, as a nurse writes it down."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from wardlink.ids import Id
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.records import RecordView

Direction = Literal["intake", "output"]
Manner = Literal["spontaneous", "catheter", "incontinent", "stoma"]
"""How urine or stool came. `catheter` is for urine, `stoma` for stool."""

FluidKind = Annotated[str, Field(pattern=r"^[a-z][a-z-]{0,18}[a-z]$")]
"""A code of `wardlink.clinical.fluid_kinds`; one that this version does not know is kept and still counted."""


class Fluid(Message):
    """What is said of one event. When and at whom stand in the envelope.

    `volume_ml` is None where nothing could be measured: a formed stool, a wet bed. `estimated`: nobody measured it.
    `site`: which drain, which vein, which tube; each drain is added up by this name. `times`: how often, for what is
    counted; 0 says that there was none. `enemas`: how many were given before what came.
    `dose`: the dose whose volume this is; where that dose says a volume itself, this one is not added to it.
    """

    direction: Direction
    kind: FluidKind
    volume_ml: float | None = Field(default=None, ge=0, le=30_000)
    estimated: bool = False
    site: str | None = Field(default=None, min_length=1, max_length=40)
    appearance: str | None = Field(default=None, min_length=1, max_length=60)
    manner: Manner | None = None
    times: int | None = Field(default=None, ge=0, le=99)
    enemas: int | None = Field(default=None, ge=1, le=9)
    dose: Id | None = None
    note: str | None = Field(default=None, min_length=1, max_length=200)


class RecordFluid(Fluid):
    """Fact: this went in or came out.

    `confirmed`: findings that the nurse has confirmed before saving. `late_reason`: why it comes more than a day late.
    `corrects`: the struck entry in whose place this one stands.
    """

    confirmed: tuple[str, ...] = Field(default=(), max_length=10)
    late_reason: str | None = Field(default=None, min_length=1, max_length=200)
    corrects: Id | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.volume_ml is None and self.times is None and self.manner is None and self.enemas is None:
            raise ValueError("neither a volume nor a count")
        return self


class StrikeFluid(Message):
    """Fact: this was entered by mistake; it stays readable, with the reason."""

    fluid: Id
    reason: str = Field(min_length=1, max_length=200)


class FluidView(RecordView, Fluid):
    """Change `fluid.changed`. On a device `received_at` is None until the server has it."""

    at: Instant
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
