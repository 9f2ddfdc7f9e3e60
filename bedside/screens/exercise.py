"""An exercise, movement by movement: a figure that shows it, the breath, the steps, and when to stop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.usecases.pacing import Moment, moment
from bedside.widgets.figure import Figure
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.clinical.wellness import Movement, stop_text
from wardlink.i18n import domain

if TYPE_CHECKING:
    from wardlink.clinical.wellness import State

_ = domain("bedside").gettext

FRAME_S = 0.15
"""A new picture so often: smooth for slow movements, and little for a small machine to do."""

_PACE_CELLS = 20


class ExerciseScreen(BedScreen):
    """The movements one after the other, by the patient's own pace."""

    is_private: ClassVar[bool] = True

    def __init__(self, lessons: Sequence[Movement], state: State) -> None:
        super().__init__()
        self._lessons, self._state = lessons, state
        self._index = 0
        self._begun_s: float | None = None
        self._stood_s: float | None = None

    def body(self) -> Iterable[Widget]:
        """The figure, and the words beside it."""
        yield Words(id="which", classes="title")
        yield Horizontal(
            Figure(id="figure"),
            Vertical(Words(id="breath"), Words(id="pace"), Words(id="how"), Words(id="take-care")),
            id="lesson",
        )

    def tools(self) -> Sequence[Touch]:
        """A rest."""
        return [Touch(_("Pause"), "pause", id="pause")]

    def right(self) -> Sequence[Touch]:
        """The next one."""
        return [Touch(_("Next movement"), "next", kind="main", id="next")]

    def first_focus(self) -> Widget | None:
        """The next one."""
        return self.query_one("#next")

    @property
    def lesson(self) -> Movement:
        """What is shown now."""
        return self._lessons[self._index]

    def bed_changed(self) -> None:
        """The page stands: begin."""
        if self._begun_s is None:
            self._begin(0)
            self.set_interval(FRAME_S, self._draw)
        self._describe()

    def _begin(self, index: int) -> None:
        self._index = index
        self._begun_s, self._stood_s = self._now_s(), None
        if self.lesson.left_out(self._state) is not None:
            self._stood_s = self._begun_s

    def _now_s(self) -> float:
        return self.bed.terminal.clock.monotonic_s()

    def _describe(self) -> None:
        if not self.stands:
            return
        lesson, why = self.lesson, self.lesson.left_out(self._state)
        number = _("{n} of {all}").format(n=self._index + 1, all=len(self._lessons))
        which = lesson.label_text()
        self.query_one("#which", Words).show(which if len(self._lessons) == 1 else f"{number}  {which}")
        steps = "\n".join(f"{n}. {step}" for n, step in enumerate(lesson.step_texts(), 1))
        self.query_one("#how", Words).show(why or steps)
        self.query_one("#take-care", Words).show(
            stop_text(short=True) if why else f"{lesson.care_text()}\n{stop_text(short=True)}"
        )
        last = self._index + 1 == len(self._lessons)
        self.query_one("#next", Touch).show(_("Finish") if last else _("Next movement"))
        self.query_one("#pause").set_class(why is not None, "-gone")
        self._draw()

    def _draw(self) -> None:
        if not self.stands or self._begun_s is None:
            return
        now = moment(self.lesson.poses, (self._stood_s if self._stood_s is not None else self._now_s()) - self._begun_s)
        self.query_one(Figure).show(now.pose)
        left_out = self.lesson.left_out(self._state) is not None
        self.query_one("#breath", Words).show("" if left_out else self._breath_text(now))
        self.query_one("#pace", Words).show("" if left_out else _pace(now))
        self.query_one("#pause", Touch).show(_("Pause") if self._stood_s is None else _("Go on"))

    def _breath_text(self, now: Moment) -> str:
        times = self.lesson.repeats
        if now.round >= times:
            return _("Well done. Rest, then go on.")
        said = _("Breathe in") if now.breath == "in" else _("Breathe out")
        return f"{said}  " + _("{n} of {all}").format(n=now.round + 1, all=times)

    def do_pause(self) -> None:
        """Stand still, or go on from there."""
        now_s = self._now_s()
        if self._stood_s is None:
            self._stood_s = now_s
        elif self._begun_s is not None:
            self._begun_s += now_s - self._stood_s
            self._stood_s = None
        self._draw()

    def do_next(self) -> None:
        """The next movement; after the last, the page before."""
        if self._index + 1 == len(self._lessons):
            self.leave()
        else:
            self._begin(self._index + 1)
            self._describe()


def _pace(now: Moment) -> str:
    full = round(_PACE_CELLS * (now.share if now.breath == "in" else 1 - now.share))
    return "█" * full + "░" * (_PACE_CELLS - full)
