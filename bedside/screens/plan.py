"""Today's plan: the day in its order, what is done ticked off, what comes next marked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget

from bedside.screens.read_on import ReadOn
from bedside.usecases.areas import PLAN
from bedside.usecases.plan import mark, state_words, time_text
from bedside.widgets.words import Words
from wardlink.clinical.nursing import nursing_levels
from wardlink.i18n import domain

if TYPE_CHECKING:
    from bedside.usecases.plan import Plan, Planned

_ = domain("bedside").gettext


class PlanScreen(ReadOn):
    """Words only; what can be changed is changed on its own page."""

    is_private: ClassVar[bool] = True

    class Read(Message):
        """The day as it is planned now."""

        def __init__(self, plan: Plan) -> None:
            super().__init__()
            self.plan = plan

    def __init__(self) -> None:
        super().__init__()
        self._is_noted = False
        self._shown: object = None

    def body(self) -> Iterable[Widget]:
        """The title and the lines."""
        self._shown = None
        yield Words(_(PLAN.title), classes="title")
        yield self.lines()

    def bed_changed(self) -> None:
        """Read again."""
        self._read_bed()

    def tick(self) -> None:
        """What was next may be over."""
        super().tick()
        self._read_bed()

    @work(thread=True, exclusive=True, group="plan", exit_on_error=False)
    def _read_bed(self) -> None:
        bed = self.bedside.bed
        session = bed.session if bed else None
        stay = bed.stay_of(session) if bed is not None and session is not None else None
        if bed is None or session is None or stay is None:
            return
        from bedside.usecases.plan import plan
        from bedside.usecases.session import note

        self.post_message(self.Read(plan(bed.terminal.replica, stay, bed.terminal.clock.now())))
        if not self._is_noted:
            self._is_noted = True
            note(bed.terminal, session, "view", "plan")

    @on(Read)
    async def _read(self, event: Read) -> None:
        bed = self.bedside.bed
        if bed is None or bed.session is None or not self.stands:
            return
        found = event.plan
        lines = [self._line(found, item) for item in found.items]
        if self._shown == lines:
            return
        self._shown = lines
        shown: list[Widget] = [
            Horizontal(
                Words(when, classes="label -next" if is_next else "label"),
                Words(said, classes="prose -next" if is_next else "prose"),
                classes="row",
            )
            for when, said, is_next in lines
        ]
        if not shown:
            shown.append(Words(_("Nothing is planned for today."), classes="prose"))
        stay = bed.stay_of(bed.session)
        interval = None if stay is None else nursing_levels()[stay.level].round_interval
        if interval is not None:
            hours = round(interval.total_seconds() / 3600)
            shown.append(Words(_("Besides, a nurse looks in at least every {n} h.").format(n=hours), classes="point"))
        shown.append(Words(_("Times may change. Tests and operations are told to you by your nurse."), classes="point"))
        await self.show_lines(shown)

    def _line(self, found: Plan, item: Planned) -> tuple[str, str, bool]:
        state = state_words(found, item, self.bed.terminal.clock.now())
        parts = [item.text, *([item.detail] if item.detail else []), *([state] if state else [])]
        return f"{mark(found, item)} {time_text(item)}", " · ".join(parts), item is found.next
