"""My vital signs: a curve at a time, the newest value with its age, and a plain sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from bedside.screens.stay_page import StayPage
from bedside.usecases.vitals import GROUPS, PERIODS, picture, sentences
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain
from wardlink.terminal.curve import Curve

if TYPE_CHECKING:
    from bedside.ports import Terminal
    from bedside.usecases.vitals import MyVitals
    from wardlink.messages.encounters import EncounterView

_ = domain("bedside").gettext


class VitalsScreen(StayPage["MyVitals"]):
    """Five curves, and how far back they go."""

    is_private: ClassVar[bool] = True
    LOOKS_AT = "vitals"

    def __init__(self) -> None:
        super().__init__()
        self._group = GROUPS[0]
        self._period = 0

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

    def right(self) -> Sequence[Touch]:
        """The ECG strips."""
        return [Touch(_("My ECG"), "ecg", kind="main", id="open-ecg")]

    def first_focus(self) -> Widget | None:
        """What is in front of the curve, not what leads away from it."""
        shown = (touch for touch in self.query("#body Touch").results(Touch) if touch.focusable and touch.region.area)
        return next(shown, None)

    def do_ecg(self) -> None:
        """Those that a doctor has looked at."""
        from bedside.screens.ecg import EcgsScreen

        self.app.push_screen(EcgsScreen())

    def read(self, terminal: Terminal, stay: EncounterView) -> MyVitals:
        """The readings of this stay."""
        from bedside.usecases.vitals import read

        return read(terminal.replica, stay, terminal.clock.now())

    def do_group(self, code: str) -> None:
        """Another curve."""
        self._group = next(group for group in GROUPS if group.code == code)
        self._show_again()

    def do_turn(self, by: str) -> None:
        """The curve before or after; in a window with no room for a field each."""
        self._group = GROUPS[(GROUPS.index(self._group) + int(by)) % len(GROUPS)]
        self._show_again()

    def do_period(self) -> None:
        """Another stretch of time."""
        self._period = (self._period + 1) % len(PERIODS)
        self._show_again()

    def show(self, mine: MyVitals) -> None:
        """What can be chosen, the curve, and what it says."""
        period, said = PERIODS[self._period]
        for field in ("#period", "#turn-period"):
            self.query_one(field, Touch).show(_(said), [_("other times")])
        for group in GROUPS:
            self.query_one(f"#group-{group.code}", Touch).choose(group is self._group)
        now = self.bed.terminal.clock.now()
        self.query_one("#sentences", Words).show("\n".join(sentences(mine.of(self._group), now)))
        self.query_one(Curve).show(picture(mine, self._group, period, now))
