"""My vital signs: a curve at a time, the newest value with its age, and a plain sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.message import Message
from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.usecases.vitals import GROUPS, PERIODS, picture, sentences
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain
from wardlink.terminal.curve import Curve

if TYPE_CHECKING:
    from bedside.usecases.vitals import MyVitals

_ = domain("bedside").gettext


class VitalsScreen(BedScreen):
    """Five curves, and how far back they go."""

    is_private: ClassVar[bool] = True

    class Read(Message):
        """The readings as they are now."""

        def __init__(self, mine: MyVitals) -> None:
            super().__init__()
            self.mine = mine

    def __init__(self) -> None:
        super().__init__()
        self._mine: MyVitals | None = None
        self._group = GROUPS[0]
        self._period = 0
        self._is_noted = False

    def body(self) -> Iterable[Widget]:
        """What to show, the curve, the sentences."""
        touches = [Touch(_(group.label), f"group:{group.code}", id=f"group-{group.code}") for group in GROUPS]
        touches.append(Touch("", "period", id="period"))
        yield Choices(touches, most=6, id="groups")
        turns = [
            Touch(_("Reading before"), "turn:-1", id="turn-back"),
            Touch(_("Next reading"), "turn:1", id="turn-on"),
            Touch("", "period", id="turn-period"),
        ]
        yield Choices(turns, id="turns")
        yield Words(id="sentences", classes="prose")
        yield Curve(id="curve")

    def bed_changed(self) -> None:
        """Read again; the first time, write down that it was looked at."""
        self._read_bed()

    def tick(self) -> None:
        """Ages have grown."""
        super().tick()
        self._show()

    @work(thread=True, exclusive=True, group="vitals", exit_on_error=False)
    def _read_bed(self) -> None:
        bed = self.bedside.bed
        session = bed.session if bed else None
        if bed is None or session is None:
            return
        from bedside.usecases.session import note
        from bedside.usecases.vitals import read

        stay = bed.stay_of(session)
        if stay is None:
            return
        self.post_message(self.Read(read(bed.terminal.replica, stay, bed.terminal.clock.now())))
        if not self._is_noted:
            self._is_noted = True
            note(bed.terminal, session, "view", "vitals")

    @on(Read)
    def _read(self, event: Read) -> None:
        self._mine = event.mine
        self._show()

    def do_group(self, code: str) -> None:
        """Another curve."""
        self._group = next(group for group in GROUPS if group.code == code)
        self._show()

    def do_turn(self, by: str) -> None:
        """The curve before or after; in a window with no room for a field each."""
        self._group = GROUPS[(GROUPS.index(self._group) + int(by)) % len(GROUPS)]
        self._show()

    def do_period(self) -> None:
        """Another stretch of time."""
        self._period = (self._period + 1) % len(PERIODS)
        self._show()

    def _show(self) -> None:
        bed, mine = self.bedside.bed, self._mine
        if bed is None or bed.session is None or not self.stands:
            return
        period, said = PERIODS[self._period]
        for field in ("#period", "#turn-period"):
            self.query_one(field, Touch).show(_(said), [_("other times")])
        for group in GROUPS:
            self.query_one(f"#group-{group.code}", Touch).choose(group is self._group)
        if mine is not None and mine.stay.id == bed.session.encounter:
            now = bed.terminal.clock.now()
            self.query_one("#sentences", Words).show("\n".join(sentences(mine.of(self._group), now)))
            self.query_one(Curve).show(picture(mine, self._group, period, now))
