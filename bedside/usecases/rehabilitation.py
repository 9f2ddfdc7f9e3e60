"""My rehabilitation: today's sessions, how far I have come, how each exercise is done, and what I say afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from bedside.usecases.refusals import last_refusal
from bedside.usecases.words import clock_text, when_text
from wardlink.clinical.rehabilitation.catalogue import effort_text, exercise_text, exercises, word
from wardlink.clinical.rehabilitation.effort import Measured, is_current, may_go_on
from wardlink.clinical.rehabilitation.planning import Progress, progress, sessions_on, version_on
from wardlink.clock import ward_date
from wardlink.i18n import domain
from wardlink.record.rehabilitation import REHAB_PLAN, REHAB_SESSION

if TYPE_CHECKING:
    from bedside.ports import Board, Place, Terminal
    from bedside.usecases.session import Session as Opened
    from wardlink.clinical.rehabilitation.planning import Key, Session
    from wardlink.device import Latest
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.rehabilitation import PlannedExercise, RehabPlanView, RehabSessionView, ReportSession

_ = domain("bedside").gettext

_CONFIRMED, _SAID, _TO_COME = "█", "▒", "░"
_BAR_CELLS = 24
_MEASURED = {
    "pulse_per_min": "pulse_per_min",
    "hr_per_min": "pulse_per_min",
    "sbp_mmhg": "sbp_mmhg",
    "spo2_pct": "spo2_pct",
}
"""By the key of an item, as what it speaks against a session."""


@dataclass(frozen=True)
class Halfway:
    """Where somebody is in a session: kept while the program runs, so that a locked screen does not lose it.

    `at`, `step`: in which exercise, and where in it; `done`: exercises finished; `left_at`: when it was last touched.
    """

    encounter: str
    plan: str
    key: Key
    begun_at: datetime
    left_at: datetime
    pain_before: int | None
    at: int
    step: int
    done: int
    asked: int


@dataclass(frozen=True)
class MyRehab:
    """What this screen holds. `items`: the exercises of today; `views`: what became of sessions, by their key.

    `latest`: what was measured last, by the key of its item.
    """

    stay: EncounterView
    plan: RehabPlanView | None = None
    items: tuple[PlannedExercise, ...] = ()
    sessions: tuple[Session, ...] = ()
    views: Mapping[Key, RehabSessionView] | None = None
    progress: Progress | None = None
    unsent: frozenset[str] = frozenset()
    refused: str | None = None
    latest: Mapping[str, Latest] = field(default_factory=dict)

    def measured(self, now: datetime, *, begun_at: datetime | None = None) -> Measured:
        """What says something of now; in a session what was measured since it began."""
        current = [
            (_MEASURED[key], one)
            for key, one in self.latest.items()
            if one.lead_off_at is None and is_current(one.measured_at, now, begun_at=begun_at)
        ]
        # A pulse that was counted and a heart rate of a monitor are one: the newer of them.
        return Measured(**{name: float(one.value) for name, one in sorted(current, key=lambda c: c[1].measured_at)})

    def numbered(self, number: int) -> Session | None:
        """One of today's."""
        return next((one for one in self.sessions if one.number == number), None)

    def view(self, one: Session) -> RehabSessionView | None:
        """What became of it."""
        return (self.views or {}).get(one.key)

    def of_session(self, one: Session) -> tuple[PlannedExercise, ...]:
        """Its exercises."""
        return tuple(self.items[n] for n in one.exercises)

    def is_done(self, one: Session) -> bool:
        """Whether somebody says that it was done, and nobody that it does not count."""
        view = self.view(one)
        return view is not None and view.state != "refused"

    @property
    def is_held(self) -> bool:
        """Whether something went wrong today that nobody has looked at yet."""
        views = [view for one in self.sessions if (view := self.view(one)) is not None]
        return any(view.stops and view.state == "reported" for view in views)

    def can_begin(self, one: Session) -> bool:
        """Whether it is not done yet, and nothing went wrong in another one."""
        return not self.is_done(one) and not self.is_held


def read(board: Board, stay: EncounterView, now: datetime) -> MyRehab:
    """From this terminal's own disk."""
    plan = _open_plan(board, stay)
    if plan is None:
        return MyRehab(stay)
    today = ward_date(now)
    version = version_on(plan.versions, today)
    views = {one.key: one for one in board.records(REHAB_SESSION, encounter=stay.id) if one.plan == plan.id}
    return MyRehab(
        stay,
        plan,
        version.items if version is not None else (),
        sessions_on(version, today) if version is not None else (),
        views,
        progress(plan.versions, [(key, view.state) for key, view in views.items()], today),
        board.unsent_records(REHAB_SESSION),
        latest={key: one for key, one in board.latest(stay.id).items() if key in _MEASURED},
    )


def read_all(terminal: Terminal, stay: EncounterView) -> MyRehab:
    """The same, with what the server said no to."""
    found = read(terminal.replica, stay, terminal.clock.now())
    return replace(found, refused=last_refusal(terminal.outbox, ("rehab-session.report",), stay.id))


def _open_plan(board: Board, stay: EncounterView) -> RehabPlanView | None:
    plans = [one for one in board.records(REHAB_PLAN, encounter=stay.id) if one.is_open]
    return max(plans, key=lambda one: one.now.at, default=None)


def report(terminal: Terminal, place: Place, session: Opened, body: ReportSession) -> None:
    """Say what was done.

    Raises:
        StoreFailed: it could not be kept.
    """
    terminal.record("rehab-session.report", body, actor=session.actor, encounter=session.encounter, bed=place.bed)


def bar_lines(mine: MyRehab) -> list[str]:
    """How far: the bar, and what its parts mean, in words and by another sign each."""
    if mine.plan is None or mine.progress is None:
        return []
    found = mine.progress
    confirmed = _cells(found.confirmed, found.planned)
    said = max(_cells(found.completed, found.planned) - confirmed, 1 if found.reported else 0)
    bar = (_CONFIRMED * confirmed + _SAID * said).ljust(_BAR_CELLS, _TO_COME)[:_BAR_CELLS]
    parts = [
        f"{_CONFIRMED} " + _("{n} confirmed").format(n=found.confirmed),
        f"{_SAID} " + _("{n} done, to be confirmed").format(n=found.reported),
    ]
    sum_text = _("{done} of {all} sessions done").format(done=found.completed, all=found.planned)
    goal = _("Goal: {goal}").format(goal=mine.plan.now.goal)
    return [goal, f"{bar}  {sum_text}", "   ".join(parts)]


def _cells(many: int, of: int) -> int:
    return _BAR_CELLS * many // of if of else 0


def said_text(mine: MyRehab) -> str:
    """Above the fields."""
    if mine.plan is None:
        return _("No exercises are planned for you yet. Your therapist or doctor will talk it over with you.")
    rest = [] if mine.sessions else [_("No session is planned for today. Rest is part of getting well.")]
    held = [_("You had to stop today. Your nurse or therapist looks at it before you go on.")] if mine.is_held else []
    return "\n".join([*bar_lines(mine), *rest, *held])


def session_title(one: Session) -> str:
    """When, and the how manieth."""
    return _("{time}  session {n}").format(time=clock_text(one.starts_at), n=one.number)


def session_notes(mine: MyRehab, one: Session) -> list[str]:
    """For the field of one: what it has, or what became of it."""
    view = mine.view(one)
    if view is None:
        return [_("{n} exercises").format(n=len(one.exercises))]
    return [state_text(mine, view)]


def state_text(mine: MyRehab, view: RehabSessionView) -> str:
    """What became of it."""
    if view.id in mine.unsent:
        return _("not at the ward yet; it will be sent by itself")
    if view.state == "confirmed":
        return _("✓ done and confirmed")
    if view.state == "refused":
        reason = view.answer.reason if view.answer is not None else None
        return _("does not count: {reason}").format(reason=reason or _("please ask your nurse"))
    return _("done, to be confirmed")


def halfway_of(found: Halfway | None, mine: MyRehab, one: Session) -> Halfway | None:
    """Where this session was left; None where it was not, or has been said to be done since."""
    if found is None or mine.plan is None or mine.is_done(one):
        return None
    return found if (found.encounter, found.plan, found.key) == (mine.stay.id, mine.plan.id, one.key) else None


def halfway_text(found: Halfway, now: datetime) -> str:
    """What became of a session that was left."""
    said = {"time": when_text(found.begun_at, now), "done": found.done, "all": found.asked}
    begun = _("Begun at {time}, {done} of {all} exercises done, and not finished.").format(**said)
    if may_go_on(found.left_at, now):
        return begun + "\n" + _("It is not sent yet: you can go on where you were.")
    return begun + "\n" + _("Nothing of it was sent. Begin anew, and tell your nurse if you felt unwell.")


def result_lines(mine: MyRehab, view: RehabSessionView) -> list[str]:
    """What was said about a session that was done."""
    found = [_("State: {state}").format(state=state_text(mine, view))]
    for one in view.reports:
        parts = [_("{done} of {all} exercises").format(done=one.done, all=one.asked)]
        if one.rpe is not None:
            parts.append(_("effort: {effort}").format(effort=effort_text(one.rpe)))
        if one.pain is not None:
            parts.append(_("pain {n} of 10").format(n=one.pain))
        parts += [word("signs", sign) for sign in one.signs]
        found.append(f"{clock_text(one.at)}  {_(', ').join(parts)}")
    return found


def dose_text(item: PlannedExercise) -> str:
    """How much: sets, repetitions, minutes."""
    parts = [_("{n} sets").format(n=item.sets) if item.sets > 1 else _("1 set")]
    if item.reps is not None:
        parts.append(_("{n} times each").format(n=item.reps))
    if item.minutes is not None:
        parts.append(_("{n} minutes").format(n=item.minutes))
    return _(", ").join(parts)


def title_of(item: PlannedExercise) -> str:
    """What it is called."""
    return exercise_text(item.exercise)


def steps_of(item: PlannedExercise) -> tuple[str, ...]:
    """How it is done, a step a sentence."""
    known = exercises().get(item.exercise)
    return known.step_texts() if known is not None else ()


def care_lines(item: PlannedExercise) -> list[str]:
    """What must not be done: by the table, and in the therapist's words."""
    known = exercises().get(item.exercise)
    return [text for text in (known.care_text() if known else None, item.precautions) if text]


def about_lines(item: PlannedExercise) -> list[str]:
    """Posture, amount, effort and help."""
    known = exercises().get(item.exercise)
    place = [] if known is None else [f"{word('kinds', known.kind)} · {word('postures', known.posture)}"]
    low, high = effort_text(item.rpe_low), effort_text(item.rpe_high)
    effort = low if low == high else _("{low} to {high}").format(low=low, high=high)
    return [
        *place,
        _("How much: {dose}").format(dose=dose_text(item)),
        _("How hard: {effort}").format(effort=effort),
        _("With whom: {help}").format(help=word("assists", item.assist)),
    ]


def names_text(items: Iterable[PlannedExercise]) -> str:
    """The exercises in a row."""
    return _(", ").join(title_of(item) for item in items)
