"""A session of rehabilitation: pain before, each exercise a step at a time, then how hard it was and what hurts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Literal

from textual.widget import Widget

from bedside.screens.rehabilitation import RehabPage, RehabSessionScreen
from bedside.screens.sending import Sending
from bedside.usecases.rehabilitation import Halfway
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.clinical.rehabilitation.catalogue import rpe_of, words
from wardlink.clinical.rehabilitation.effort import measured_stops, pain_stops, said_stops, stop_text
from wardlink.i18n import domain
from wardlink.messages.rehabilitation import ReportSession

if TYPE_CHECKING:
    from bedside.screens.rehabilitation import Beginning
    from bedside.usecases.rehabilitation import MyRehab
    from wardlink.clinical.rehabilitation.effort import MeasuredReason, Reason

_ = domain("bedside").gettext

Phase = Literal["before", "steps", "stopped", "effort", "pain", "over"]

_HIGH = 5
"""Pain from here on stands on the second page: six fields on each."""


class RehabRunScreen(RehabPage, Sending):
    """One session from beginning to end. What is said is kept on this disk when it is over."""

    idle_s: ClassVar[float | None] = 900.0
    """An exercise takes minutes without a touch."""

    keeps_front: ClassVar[bool] = True

    def __init__(self, begin: Beginning) -> None:
        super().__init__()
        left = begin.left
        self._plan, self._key, self._items = begin.plan, begin.session.key, tuple(begin.items)
        self._before = begin.before
        self._begun_at: datetime | None = None if left is None else left.begun_at
        self._since: datetime | None = None
        self._phase: Phase = "before" if left is None else "steps" if left.done < left.asked else "effort"
        self._at, self._step, self._done = (0, 0, 0) if left is None else (left.at, left.step, left.done)
        self._is_high = False
        self._rpe: int | None = None
        self._pain_before: int | None = None if left is None else left.pain_before
        self._pain: int | None = None
        self._signs: tuple[str, ...] = ()
        self._measured: tuple[MeasuredReason, ...] = ()

    def body(self) -> Iterable[Widget]:
        """Where one is, the one large thing, what to mind, the answers."""
        yield Words(id="run-at", classes="title")
        yield Words(id="run-step", classes="prose")
        yield Words(id="run-care", classes="prose -trouble")
        yield Choices([], most=3, id="run-fields")

    def right(self) -> Sequence[Touch]:
        """The next step."""
        return [Touch(_("Next"), "next", kind="main", id="run-next")]

    def first_focus(self) -> Widget | None:
        """The next step, or the first answer."""
        on = self.query_one("#run-next")
        return on if on.display else next(iter(self.query("#run-fields Touch")), self.query_one("#back"))

    def show(self, mine: MyRehab) -> None:
        """Nothing of it changes under the patient's hands, but what a monitor tells may end it."""
        now = self.bed.terminal.clock.now()
        if self._phase not in ("steps", "stopped"):
            return
        stops = measured_stops(mine.measured(now, begun_at=self._since or now), self._before)
        if stops:
            self._measured = stops
            self._finish()

    def bed_changed(self) -> None:
        """The page stands, perhaps in another language."""
        super().bed_changed()
        self._since = self._since or self.bed.terminal.clock.now()
        self._draw()

    def _draw(self) -> None:
        self._keep()
        self.run_worker(self._show_phase(), exclusive=True, group="run", exit_on_error=False)

    def _keep(self) -> None:
        """Where it is now, for when the screen locks; over, there is nothing to go on with."""
        bed, session = self.bed, self.bed.session
        if self._phase == "over":
            bed.halfway = None
        if self._phase == "over" or self._begun_at is None or session is None:
            return
        bed.halfway = Halfway(
            encounter=session.encounter,
            plan=self._plan,
            key=self._key,
            begun_at=self._begun_at,
            left_at=bed.terminal.clock.now(),
            pain_before=self._pain_before,
            at=min(self._at, len(self._items) - 1),
            step=self._step,
            done=self._done,
            asked=len(self._items),
        )

    async def _show_phase(self) -> None:
        if not self.stands:
            return
        at, step, care = self._texts()
        for name, text in (("#run-at", at), ("#run-step", step), ("#run-care", care)):
            found = self.query_one(name, Words)
            found.show(text)
            found.display = bool(text)
        touches = [Touch(label, value, id=f"run-{value.replace(':', '-')}") for value, label in self._fields()]
        await self.query_one("#run-fields", Choices).replace(touches)
        self.query_one("#run-fields").display = bool(touches)
        on = self.query_one("#run-next", Touch)
        on.display = self._phase in ("steps", "over")
        label, kind = self._main()
        on.show(label, kind=kind)
        on.value = "call" if self._phase == "over" and self._stops() else "next"
        self.call_after_refresh(self._focus_main)

    def _focus_main(self) -> None:
        if self.stands:
            self.set_focus(self.first_focus(), scroll_visible=False)

    def _main(self) -> tuple[str, str]:
        if self._phase != "over":
            return _("Next"), "main"
        return (_("Call nurse now"), "grave") if self._stops() else (_("Finish"), "main")

    def _texts(self) -> tuple[str, str, str]:
        match self._phase:
            case "before":
                return _("Before you begin: how much does it hurt?"), _("0: no pain. 10: the worst there is."), ""
            case "steps":
                return self._step_texts()
            case "stopped":
                return _("Stop. Sit or lie down. What is it?"), "", ""
            case "effort":
                return _("How hard was it?"), "", ""
            case "pain":
                return _("How much does it hurt now?"), _("0: no pain. 10: the worst there is."), ""
            case "over":
                return self._over_texts()

    def _step_texts(self) -> tuple[str, str, str]:
        from bedside.usecases.rehabilitation import care_lines, steps_of, title_of

        item = self._items[self._at]
        steps = steps_of(item)
        which = _("{n} of {all}").format(n=self._at + 1, all=len(self._items))
        title = f"{which}  {title_of(item)}"
        care = "\n".join(care_lines(item))
        if self._step < len(steps):
            part = _("Step {n} of {all}").format(n=self._step + 1, all=len(steps))
            return title, f"{part}\n{steps[self._step]}", care
        part = _("Set {n} of {all}").format(n=self._step - len(steps) + 1, all=item.sets)
        amount = [_("{n} times").format(n=item.reps)] if item.reps is not None else []
        amount += [_("{n} minutes").format(n=item.minutes)] if item.minutes is not None else []
        rest = _("Slowly, and breathe on. Then touch Next and rest a little.")
        how_much = _("{part}: {amount}").format(part=part, amount=_(", ").join(amount))
        return title, f"{how_much}\n{rest}", care

    def _over_texts(self) -> tuple[str, str, str]:
        kept = _("Kept, and sent to the ward: done, to be confirmed.")
        reasons = self._stops()
        if not reasons:
            return _("Well done."), f"{kept}\n" + _("Rest now. Your therapist looks at it."), ""
        said = _("No more exercises now: {why}.").format(why=stop_text(reasons, self._signs))
        return _("Stop, and call your nurse."), kept, f"{said}\n" + _("Stay where you are until somebody is with you.")

    def _stops(self) -> tuple[Reason, ...]:
        said = said_stops(rpe=self._rpe, pain=self._pain, pain_before=self._pain_before, signs=self._signs)
        return (*self._measured, *said)

    def _fields(self) -> list[tuple[str, str]]:
        match self._phase:
            case "before" | "pain":
                if self._is_high:
                    return [(f"pain:{n}", str(n)) for n in range(_HIGH, 11)]
                return [*((f"pain:{n}", str(n)) for n in range(_HIGH)), ("high", _("5 or more"))]
            case "steps":
                return [("stop", _("I stop"))]
            case "stopped":
                pain, tired = ("hurts", _("it hurts")), ("tired", _("tired, nothing else"))
                return [*((f"sign:{code}", text) for code, text in words("signs").items()), pain, tired]
            case "effort":
                return [(f"effort:{code}", text) for code, text in words("efforts").items()]
            case _:
                return []

    def do_next(self) -> None:
        """The next step, set or exercise; after the last, how it was; at the end, the list."""
        from bedside.usecases.rehabilitation import steps_of

        if self._phase == "over":
            self.leave()
            return
        if self._phase != "steps":
            return
        item = self._items[self._at]
        self._step += 1
        if self._step >= len(steps_of(item)) + item.sets:
            self._at, self._step, self._done = self._at + 1, 0, self._done + 1
        if self._at >= len(self._items):
            self._phase = "effort"
        self._draw()

    def do_stop(self) -> None:
        """What it is."""
        if self._phase == "steps":
            self._phase = "stopped"
            self._draw()

    def do_sign(self, code: str) -> None:
        """Unwell: nothing more is asked."""
        if self._phase == "stopped":
            self._signs = (code,)
            self._finish()

    def do_hurts(self) -> None:
        """How much."""
        if self._phase == "stopped":
            self._phase, self._is_high = "pain", False
            self._draw()

    def do_tired(self) -> None:
        """How hard it was, and whether it hurts."""
        if self._phase == "stopped":
            self._phase = "effort"
            self._draw()

    def do_effort(self, code: str) -> None:
        """How hard it was; then what hurts."""
        if self._phase == "effort":
            self._rpe, self._phase, self._is_high = rpe_of(code), "pain", False
            self._draw()

    def do_high(self) -> None:
        """The numbers from five on."""
        self._is_high = True
        self._draw()

    def do_pain(self, number: str) -> None:
        """Before, it may speak against beginning; afterwards, it is the end."""
        if self._phase == "before":
            self._pain_before, self._is_high = int(number), False
            self._begun_at = self.bed.terminal.clock.now()
            if pain_stops(self._pain_before):
                self._pain = self._pain_before
                self._finish()
                return
            self._phase = "steps"
            self._draw()
        elif self._phase == "pain":
            self._pain = int(number)
            self._finish()

    def _finish(self) -> None:
        from bedside.usecases.rehabilitation import report

        body = ReportSession(
            plan=self._plan,
            on=self._key[0],
            number=self._key[1],
            begun_at=self._begun_at or self.bed.terminal.clock.now(),
            done=self._done,
            asked=len(self._items),
            rpe=self._rpe,
            pain_before=self._pain_before,
            pain=self._pain,
            signs=self._signs,
            measured=self._measured,
        )
        self.send(lambda terminal, place, session: report(terminal, place, session, body))

    def sent(self) -> None:
        """It is on this disk."""
        self._phase = "over"
        self._draw()

    def do_back(self) -> None:
        """Once begun, stopping is said first: nobody leaves a session by a slip of the finger."""
        if self._phase == "steps":
            self.do_stop()
        elif self._phase == "stopped":
            self._phase = "steps"
            self._draw()
        else:
            self.back_to(RehabSessionScreen)
