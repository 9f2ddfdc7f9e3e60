"""A nurse is about to give a dose at this bed: the patient sees what it is, and says yes or has a question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.screens.sending import Sending
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain

if TYPE_CHECKING:
    from wardlink.messages.dose_asks import DoseAnswer

_ = domain("bedside").gettext


class DoseWaitsScreen(BedScreen):
    """Nobody has said who they are, or visitors are here: that the nurse asks something, without a name in it."""

    needs_session: ClassVar[bool] = False

    def __init__(self, ask: str) -> None:
        super().__init__()
        self.ask = ask

    def body(self) -> Iterable[Widget]:
        """A sentence."""
        yield Words(_("Your nurse would like to show you something"), classes="title")
        yield Words(id="waits-how", classes="prose")

    def right(self) -> Sequence[Touch]:
        """The way to see it."""
        return [Touch(_("Show it"), "see", kind="main", id="see")]

    def first_focus(self) -> Widget | None:
        """The way to see it."""
        return self.query_one("#see")

    def bed_changed(self) -> None:
        """It is over, or the way to see it is another one."""
        from wardlink.record.dose_asks import waiting_ask

        bed = self.bedside.bed
        if bed is None or bed.seen is None or not self.stands:
            return
        waiting = waiting_ask(bed.seen.asks, bed.terminal.clock.now())
        if waiting is None or waiting.id != self.ask:
            self.leave()
        elif bed.session is not None:
            said = _("Visitors are here. If they may see it, touch Show it; else please talk to your nurse.")
            self.query_one("#waits-how", Words).show(said)
        else:
            said = _(
                "To see it, enter your admission number; or simply talk to your nurse. Nothing waits for this screen."
            )
            self.query_one("#waits-how", Words).show(said)

    def tick(self) -> None:
        """It does not stand for ever."""
        super().tick()
        self.bed_changed()

    def do_see(self) -> None:
        """Say who you are, or let the visitors see it."""
        bed = self.bedside.bed
        if bed is not None and bed.session is not None:
            self.bedside.do_visitors()
            self.bedside.look_again()
        else:
            self.bedside.do_identify()


class DoseAskScreen(Sending):
    """What is given, what it is for, how much; two large fields. A question stays until a nurse has dealt with it."""

    is_private: ClassVar[bool] = True

    def __init__(self, ask: str) -> None:
        super().__init__()
        self.ask = ask
        self._begun_s = 0.0
        self._answer: DoseAnswer | None = None

    def begin(self) -> None:
        """From now on it is counted how long it stands here."""
        self._begun_s = self.bed.terminal.clock.monotonic_s()

    def body(self) -> Iterable[Widget]:
        """What it is, and the answers."""
        yield Words(_("Your nurse is about to give you this"), classes="title")
        yield Words(id="dose", classes="prose")
        yield Words(id="dose-said", classes="prose")
        yield Choices(
            [Touch(_("I have a question"), "say:query", notes=[_("the nurse will explain")], id="say-query")],
            most=1,
            id="dose-answers",
        )

    def right(self) -> Sequence[Touch]:
        """It is right like this."""
        return [Touch(_("Yes"), "say:yes", kind="main", notes=[_("this is right for me")], id="say-yes")]

    def first_focus(self) -> Widget | None:
        """The main action, or the way back."""
        yes = self.query_one("#say-yes")
        return yes if yes.display else self.query_one("#back")

    def bed_changed(self) -> None:
        """What it is, or what became of the answer; over, the page goes."""
        from bedside.usecases.dose_asks import answered_text, lines, of_session
        from wardlink.record.dose_asks import waiting_ask

        bed = self.bedside.bed
        if bed is None or bed.session is None or bed.seen is None or not self.stands:
            return
        seen = bed.seen
        view = of_session(seen, bed.session, self.ask)
        is_query = view is not None and view.answer == "query"
        if view is None or not (is_query or waiting_ask([view], bed.terminal.clock.now())):
            self.leave()
            return
        self.query_one("#dose", Words).show("\n".join(lines(view)))
        for name in ("#dose-answers", "#say-yes"):
            self.query_one(name).display = not is_query
        said = self.query_one("#dose-said", Words)
        said.show(answered_text(is_unsent=view.id in seen.unsent_asks) if is_query else "")
        said.display = is_query
        if is_query and (self.focused is None or not self.focused.region.area):
            self.set_focus(self.query_one("#back"), scroll_visible=False)

    def tick(self) -> None:
        """It does not stand for ever."""
        super().tick()
        self.bed_changed()

    def do_say(self, answer: DoseAnswer) -> None:
        """Once, and not by a touch that was meant for the page before."""
        from bedside.usecases.dose_asks import READS_S
        from bedside.usecases.dose_asks import answer as say

        if self._is_sent or self.bed.terminal.clock.monotonic_s() - self._begun_s < READS_S:
            return
        self._answer, ask = answer, self.ask
        self.send(lambda terminal, place, session: say(terminal, place, session, ask, answer))

    def sent(self) -> None:
        """A word of thanks; a question stays on the page."""
        if self._answer == "yes":
            self.notify(_("Thank you."), markup=False)
