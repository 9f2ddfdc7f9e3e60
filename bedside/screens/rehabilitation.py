"""Rehabilitation: today's sessions with how far one has come, one session, and how an exercise is done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from bedside.screens.exercise_check import ExerciseCheckScreen
from bedside.screens.read_on import ReadOn
from bedside.screens.stay_page import StayPage
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.clinical.rehabilitation.catalogue import before_texts
from wardlink.clinical.rehabilitation.effort import Measured, may_go_on, measured_stops, not_now_text
from wardlink.i18n import domain

if TYPE_CHECKING:
    from bedside.ports import Terminal
    from bedside.screens.base import BedScreen
    from bedside.usecases.rehabilitation import Halfway, MyRehab
    from wardlink.clinical.rehabilitation.planning import Session
    from wardlink.clinical.wellness import State
    from wardlink.messages.encounters import EncounterView
    from wardlink.messages.rehabilitation import PlannedExercise

_ = domain("bedside").gettext

_SESSIONS, _EXERCISES = 4, 6


class RehabPage(StayPage["MyRehab"]):
    """A page that shows the plan as it is now."""

    is_private: ClassVar[bool] = True
    LOOKS_AT = "rehabilitation"

    def read(self, terminal: Terminal, stay: EncounterView) -> MyRehab:
        """The plan of this stay."""
        from bedside.usecases.rehabilitation import read_all

        return read_all(terminal, stay)


class RehabScreen(RehabPage):
    """Today's sessions, and the bar."""

    def body(self) -> Iterable[Widget]:
        """The bar, then a field each."""
        yield Words(_("Rehabilitation"), classes="title")
        yield Words(id="rehab-refused", classes="prose -trouble")
        yield Words(id="rehab-said", classes="prose")
        fields = [Touch("", f"show:{n}", id=f"session-{n}") for n in range(1, _SESSIONS + 1)]
        for field in fields:
            field.display = False
        yield Choices(fields, most=2, id="sessions")

    def first_focus(self) -> Widget | None:
        """The first session that can be begun."""
        mine = self.mine
        ready = [one.number for one in mine.sessions if mine.can_begin(one)] if mine is not None else []
        return self.query_one(f"#session-{ready[0]}") if ready else self.query_one("#back")

    def show(self, mine: MyRehab) -> None:
        """As it is now."""
        from bedside.usecases.rehabilitation import said_text, session_notes, session_title

        refused = self.query_one("#rehab-refused", Words)
        refused.show(mine.refused or "")
        refused.display = bool(mine.refused)
        self.query_one("#rehab-said", Words).show(said_text(mine))
        for number in range(1, _SESSIONS + 1):
            field, one = self.query_one(f"#session-{number}", Touch), mine.numbered(number)
            field.display = one is not None
            if one is not None:
                kind = "plain" if mine.can_begin(one) else "quiet"
                field.show(session_title(one), session_notes(mine, one), kind=kind)
        self.query_one("#sessions", Choices).refit()

    def do_show(self, number: str) -> None:
        """One of them."""
        if self.mine is not None and self.mine.numbered(int(number)) is not None:
            self.app.push_screen(RehabSessionScreen(int(number)))


class RehabSessionScreen(RehabPage):
    """One of today's sessions: its exercises, and the way to begin; done, what was said about it."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def body(self) -> Iterable[Widget]:
        """What became of it, then a field for each exercise."""
        yield Words(id="session-title", classes="title")
        yield Words(id="session-said", classes="prose")
        yield Choices([Touch("", f"look:{n}", id=f"exercise-{n}") for n in range(_EXERCISES)], most=2, id="exercises")

    def right(self) -> Sequence[Touch]:
        """Begin."""
        begin = Touch(_("Begin"), "begin", kind="main", id="begin-session")
        begin.display = False
        return [begin]

    def first_focus(self) -> Widget | None:
        """Beginning, or the way back."""
        begin = self.query_one("#begin-session")
        return begin if begin.display else self.query_one("#back")

    def show(self, mine: MyRehab) -> None:
        """As it is now."""
        from bedside.usecases.rehabilitation import (
            dose_text,
            halfway_of,
            halfway_text,
            result_lines,
            session_title,
            title_of,
        )

        one = mine.numbered(self.number)
        if one is None:
            self.leave()
            return
        view = mine.view(one)
        self.query_one("#session-title", Words).show(session_title(one))
        said = _("Touch an exercise to read how it is done.") if view is None else "\n".join(result_lines(mine, view))
        now, left = self.bed.terminal.clock.now(), halfway_of(self.bed.halfway, mine, one)
        self.query_one("#session-said", Words).show(said if left is None else f"{halfway_text(left, now)}\n{said}")
        goes_on = left is not None and may_go_on(left.left_at, now)
        self.query_one("#begin-session", Touch).show(_("Go on") if goes_on else _("Begin"))
        items = mine.of_session(one)
        for n in range(_EXERCISES):
            field = self.query_one(f"#exercise-{n}", Touch)
            field.display = n < len(items)
            if field.display:
                field.show(title_of(items[n]), [dose_text(items[n])])
        self.query_one("#exercises", Choices).refit()
        self.query_one("#begin-session").display = mine.can_begin(one)

    def do_look(self, n: str) -> None:
        """How it is done."""
        mine, one = self.mine, self.mine.numbered(self.number) if self.mine is not None else None
        if mine is not None and one is not None and int(n) < len(one.exercises):
            self.app.push_screen(RehabExerciseScreen(mine.of_session(one)[int(n)]))

    def do_begin(self) -> None:
        """First what speaks against it."""
        from bedside.usecases.rehabilitation import halfway_of
        from bedside.usecases.wellness import state_of

        mine, one = self.mine, self.mine.numbered(self.number) if self.mine is not None else None
        if mine is None or mine.plan is None or one is None or not mine.can_begin(one):
            return
        terminal, now = self.bed.terminal, self.bed.terminal.clock.now()
        state = state_of(terminal.replica, mine.stay, now)
        left = halfway_of(self.bed.halfway, mine, one)
        goes_on = left if left is not None and may_go_on(left.left_at, now) else None
        begin = Beginning(mine.plan.id, one, mine.of_session(one), mine.measured(now), goes_on)
        self.app.push_screen(RehabCheckScreen(state, begin))


class RehabExerciseScreen(ReadOn):
    """How an exercise is done, and what must not be done."""

    is_private: ClassVar[bool] = True

    def __init__(self, item: PlannedExercise) -> None:
        super().__init__()
        self._item = item

    def body(self) -> Iterable[Widget]:
        """The words."""
        from bedside.usecases.rehabilitation import about_lines, care_lines, steps_of, title_of

        item = self._item
        yield Words(title_of(item), classes="title")
        points = [Words(text, classes="point") for text in about_lines(item)]
        steps = [Words(f"{n}. {text}", classes="point") for n, text in enumerate(steps_of(item), 1)]
        cares = [Words(text, classes="point stop") for text in care_lines(item)]
        yield self.lines([*points, *steps, *cares])

    def bed_changed(self) -> None:
        """Whether there is more to read than fits."""
        self.call_after_refresh(self.show_on)


@dataclass(frozen=True)
class Beginning:
    """A session that is about to begin: whose plan, which one, what was measured at rest, and where it was left."""

    plan: str
    session: Session
    items: Sequence[PlannedExercise]
    before: Measured
    left: Halfway | None = None


class RehabCheckScreen(ExerciseCheckScreen):
    """The record is asked as before every other exercise; then come questions of its own, and the session."""

    def __init__(self, state: State, begin: Beginning) -> None:
        stops = measured_stops(begin.before)
        super().__init__("rehabilitation", state, against=not_now_text(stops) if stops else None)
        self._begin = begin

    def asks(self) -> tuple[str, ...]:
        """Who must stay in bed exercises there: other things speak against it."""
        return before_texts()

    def begun(self) -> BedScreen:
        """The session."""
        from bedside.screens.rehab_run import RehabRunScreen

        return RehabRunScreen(self._begin)
