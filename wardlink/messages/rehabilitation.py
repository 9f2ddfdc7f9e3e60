"""Rehabilitation: a plan that a therapist writes, changes and ends, and the sessions that a patient does by it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from wardlink.clinical.rehabilitation.catalogue import Assist
from wardlink.clinical.rehabilitation.effort import MeasuredReason, Reason, said_stops
from wardlink.clinical.rehabilitation.planning import Key, SessionState
from wardlink.ids import Id
from wardlink.messages.base import Actor, Instant, Message
from wardlink.messages.records import RecordView

Code = Annotated[str, StringConstraints(pattern=r"^[a-z]+(?:-[a-z]+)*$", max_length=30)]
Note = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Why = Literal["staff", "discharged"]

LONGEST = timedelta(days=60)


class PlannedExercise(Message):
    """One exercise: how often, how much, how hard, with whose help. `precautions` are the therapist's own words."""

    exercise: Code
    per_day: int = Field(default=1, ge=1, le=4)
    every_days: int = Field(default=1, ge=1, le=7)
    sets: int = Field(default=1, ge=1, le=10)
    reps: int | None = Field(default=None, ge=1, le=50)
    minutes: int | None = Field(default=None, ge=1, le=60)
    rpe_low: int = Field(default=11, ge=6, le=20)
    rpe_high: int = Field(default=13, ge=6, le=20)
    assist: Assist = "watched"
    precautions: Note | None = None

    @model_validator(mode="after")
    def _says_how_much(self) -> Self:
        if self.reps is None and self.minutes is None:
            raise ValueError("neither repetitions nor minutes")
        if self.rpe_low > self.rpe_high:
            raise ValueError("the effort's bounds are the wrong way round")
        return self


class PlanContent(Message):
    """What a plan says: from when to when, what for, and the exercises."""

    begin_on: date
    until_on: date
    goal: Note
    items: tuple[PlannedExercise, ...] = Field(min_length=1, max_length=6)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.begin_on <= self.until_on <= self.begin_on + LONGEST:
            raise ValueError("the plan ends before it begins, or is too long")
        if len({item.exercise for item in self.items}) != len(self.items):
            raise ValueError("an exercise stands in the plan twice")
        return self


class StartPlan(PlanContent):
    """Request: a plan for this stay. Its id is the command's."""


class ChangePlan(PlanContent):
    """Request: from today on the plan says this. `version`: the one that was looked at."""

    plan: Id
    version: int = Field(ge=1)


class EndPlan(Message):
    """Request: nothing more is planned by it."""

    plan: Id
    reason: Note


class PlanVersion(PlanContent):
    """What a plan said from `from_on` on, and who wrote it."""

    from_on: date
    command: Id
    at: Instant
    by: Actor
    by_name: str | None = None


class RehabPlanView(RecordView):
    """Change `rehab-plan.changed`: a plan in all its versions, the newest last."""

    versions: tuple[PlanVersion, ...] = Field(min_length=1)
    ended_at: Instant | None = None
    ended_by: Actor | None = None
    ended_by_name: str | None = None
    end_reason: str | None = None
    why: Why | None = None

    @property
    def version(self) -> int:
        """The number of the newest, from 1."""
        return len(self.versions)

    @property
    def now(self) -> PlanVersion:
        """The newest."""
        return self.versions[-1]

    @property
    def is_open(self) -> bool:
        """Whether nobody has ended it."""
        return self.ended_at is None


class ReportSession(Message):
    """Fact: the patient has done a session, or stopped it. `done`: exercises finished, of `asked`.

    `measured`: what was measured in it and said stop.
    """

    plan: Id
    on: date
    number: int = Field(ge=1, le=4)
    begun_at: Instant
    done: int = Field(ge=0, le=6)
    asked: int = Field(ge=1, le=6)
    rpe: int | None = Field(default=None, ge=6, le=20)
    pain_before: int | None = Field(default=None, ge=0, le=10)
    pain: int | None = Field(default=None, ge=0, le=10)
    signs: tuple[Code, ...] = Field(default=(), max_length=4)
    measured: tuple[MeasuredReason, ...] = Field(default=(), max_length=3)


class ConfirmSession(Message):
    """Request: who watched, or looked at it, confirms that it was done."""

    session: Id


class RefuseSession(Message):
    """Request: it does not count."""

    session: Id
    reason: Note


class SessionReport(ReportSession):
    """One report as it came; two about the same session stand side by side."""

    command: Id
    at: Instant

    @property
    def stops(self) -> tuple[Reason, ...]:
        """Why it should have been stopped; empty if nothing says so."""
        said = said_stops(rpe=self.rpe, pain=self.pain, pain_before=self.pain_before, signs=self.signs)
        return (*self.measured, *said)


class SessionAnswer(Message):
    """What staff said to it. `counted`: it was a move then."""

    command: Id
    what: Literal["confirm", "refuse"]
    at: Instant
    by: Actor
    by_name: str | None = None
    reason: str | None = None
    counted: bool = True


class RehabSessionView(RecordView):
    """Change `rehab-session.changed`: a session that was done. `beside_plan`: no plan asked for it when it came."""

    plan: Id
    on: date
    number: int
    state: SessionState
    reports: tuple[SessionReport, ...] = Field(min_length=1)
    answers: tuple[SessionAnswer, ...] = ()
    beside_plan: bool = False

    @property
    def key(self) -> Key:
        """By which it is named in its plan."""
        return self.on, self.number

    @property
    def last(self) -> SessionReport:
        """The newest report."""
        return self.reports[-1]

    @property
    def answer(self) -> SessionAnswer | None:
        """What holds of what staff said."""
        counted = [answer for answer in self.answers if answer.counted]
        return counted[-1] if counted and self.state != "reported" else None

    @property
    def stops(self) -> tuple[Reason, ...]:
        """Why one of its reports should have been stopped."""
        return tuple(dict.fromkeys(reason for report in self.reports for reason in report.stops))
