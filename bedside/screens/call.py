"""A call: how far it has come, why it was made, and what to do when it does not arrive. Needs no login."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import work
from textual.containers import Vertical
from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain

_ = domain("bedside").gettext

MOST_STEPS = 5


class CallScreen(BedScreen):
    """The call's way, and its reasons, six on a page."""

    needs_session: ClassVar[bool] = False
    is_call_page: ClassVar[bool] = True
    keeps_front: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self._page = 0

    def body(self) -> Iterable[Widget]:
        """The way, the advice, the reasons."""
        yield Words(id="call-headline", classes="title")
        yield Vertical(*(Words(id=f"step-{n}") for n in range(MOST_STEPS)), id="steps")
        yield Words(id="advice")
        yield Words(id="why")
        yield Choices(self._reasons(), id="reasons")

    def right(self) -> Sequence[Touch]:
        """More reasons; or, while that is possible, taking the call back."""
        return [Touch(_("More reasons"), "more", kind="main", id="more")]

    def first_focus(self) -> Widget | None:
        """The first reason."""
        return next(iter(self.query("#reasons Touch")), None)

    def _reasons(self) -> list[Touch]:
        from bedside.usecases.calls import PAGES
        from wardlink.clinical.call_reasons import call_reasons

        known = call_reasons()
        return [
            Touch(
                known[code].patient_text(),
                f"reason:{code}",
                kind="grave" if known[code].cls == "P1" else "plain",
                id=f"reason-{code}",
            )
            for code in PAGES[self._page]
        ]

    def show_frame(self) -> None:
        """Also how far the call has come."""
        super().show_frame()
        if self.stands:
            self._show()

    def _show(self) -> None:
        from bedside.usecases.call_words import advice, headline, reason_text, steps
        from bedside.usecases.calls import Stage

        bed = self.bedside.bed
        call = bed.call if bed else None
        last = bed.press if bed else None
        now = self.bedside.now()
        trouble = call is not None and call.stage in (Stage.FAILED, Stage.UNSENT)
        head = self.query_one("#call-headline", Words)
        head.show(headline(call, last))
        head.set_class(trouble, "-trouble")
        way = [] if now is None else steps(call, now)
        for n in range(MOST_STEPS):
            words = self.query_one(f"#step-{n}", Words)
            step = way[n] if n < len(way) else None
            words.show(step.line if step else "")
            words.set_classes(["-absent"] if step is None else [f"-{step.state}"])
        told = self.query_one("#advice", Words)
        told.show(advice(call, last))
        told.display = bool(told.text)
        left_s = 0 if call is None or now is None else call.cancel_left_s(now)
        more = self.query_one("#more", Touch)
        if left_s:
            more.show(_("Take back ({n} s)").format(n=left_s))
            more.value = "take_back"
        else:
            more.show(_("More reasons"))
            more.value = "more"
        can_refine = call is None or call.is_open
        self.query_one("#reasons").set_class(not can_refine, "-gone")
        more.set_class(not can_refine, "-gone")
        why = self.query_one("#why", Words)
        said = "" if call is None else reason_text(call.reason)
        if not can_refine:
            why.show("")
        elif said:
            why.show(_("You said: {reason}. If it is something else, touch it.").format(reason=said))
        else:
            why.show(_("What is it about? Touch it, so that the nurse brings the right thing."))

    async def do_more(self) -> None:
        """Other reasons."""
        from bedside.usecases.calls import PAGES

        self._page = (self._page + 1) % len(PAGES)
        reasons = self.query_one("#reasons", Choices)
        await reasons.replace(self._reasons())

    def do_reason(self, code: str) -> None:
        """Why it was made."""
        self._refine(code)

    def do_take_back(self) -> None:
        """It was a mistake."""
        self._take_back()

    @work(thread=True, exit_on_error=False)
    def _refine(self, code: str) -> None:
        from bedside.usecases.calls import current, refine

        bed = self.bedside.bed
        if bed is None:
            return
        # Read anew: the reason may be touched before the press has come back to the screen.
        call = current(bed.terminal, bed.place, bed.press, bed.terminal.clock.now())
        if call is not None and call.is_open:
            refine(bed.terminal, bed.place, bed.session, call, code)
            self.app.call_from_thread(self.bedside.look_again)

    @work(thread=True, exit_on_error=False)
    def _take_back(self) -> None:
        from bedside.usecases.calls import cancel

        bed = self.bedside.bed
        call = bed.call if bed else None
        if bed is not None and call is not None and call.cancel_left_s(bed.terminal.clock.now()):
            cancel(bed.terminal, bed.place, bed.session, call)
            self.app.call_from_thread(self.bedside.look_again)
