"""The patient's home page: the four areas, today's plan, who looks after them, and their newest readings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message
from textual.widget import Widget

from bedside.screens.base import BedScreen
from bedside.usecases.areas import AREAS, PLAN, Area
from bedside.usecases.results import news_text
from bedside.widgets.choices import Choices
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.errors import WardlinkError
from wardlink.i18n import domain

if TYPE_CHECKING:
    from bedside.usecases.me import Home
    from bedside.usecases.session import Session

_ = domain("bedside").gettext


SEPARATOR = "   "
NEWS_EVERY_S = 60.0


class HomeScreen(BedScreen):
    """Everything is at most two touches from here."""

    class Read(Message):
        """What the page says of the patient."""

        def __init__(self, home: Home) -> None:
            super().__init__()
            self.home = home

    class News(Message):
        """So many results are new."""

        def __init__(self, new: int) -> None:
            super().__init__()
            self.new = new

    def __init__(self) -> None:
        super().__init__()
        self._asked_s: float | None = None
        self._new = 0

    def body(self) -> Iterable[Widget]:
        """Four tiles, today's plan, and a few lines."""
        bed = self.bedside.bed
        session = bed.session if bed is not None else None
        tiles = [
            Touch(_(area.title), f"open:{area.code}", notes=_notes(area, session), id=f"area-{area.code}")
            for area in AREAS
            if area.entries_for(session)
        ]
        yield Choices(tiles, most=4, id="areas")
        if session is None or session.may(PLAN.reach):
            yield Touch(_(PLAN.title), f"open:{PLAN.code}", id="plan")
        yield Words(id="news")
        yield Words(id="newest", separator=SEPARATOR)
        yield Words(id="team", separator=SEPARATOR)

    def left(self) -> Sequence[Touch]:
        """The way out."""
        return [Touch(_("Leave"), "leave", id="leave")]

    def tools(self) -> Sequence[Touch]:
        """Dark or light; where there is no room for it, it is on the locked page."""
        return [Touch(_("Night"), "night", id="home-night")]

    def right(self) -> Sequence[Touch]:
        """Visitors come; family are some themselves."""
        bed = self.bedside.bed
        if bed is not None and bed.session is not None and bed.session.family is not None:
            return []
        return [Touch(_("Visitors"), "visitors", id="visitors")]

    def bed_changed(self) -> None:
        """Read again."""
        self._read_bed()

    def on_screen_resume(self) -> None:
        """Back from another page; what was new may have been read there."""
        self.show_frame()
        self._asked_s = None
        self._ask_news()
        self._read_bed()

    def show_frame(self) -> None:
        """Also what the tools would do now."""
        super().show_frame()
        bed = self.bedside.bed
        if bed is None or not self.stands:
            return
        for visitors in self.query("#visitors").results(Touch):
            visitors.show(_("Visitors left") if bed.visitors else _("Visitors"))
        self.query_one("#home-night", Touch).show(self.night_text())
        self._show_news()

    def tick(self) -> None:
        """Whether there are new results is asked again now and then."""
        super().tick()
        self._ask_news()

    def _ask_news(self) -> None:
        bed = self.bedside.bed
        if bed is None or bed.session is None or not bed.session.may("medical"):
            return
        now_s = bed.terminal.clock.monotonic_s()
        if self._asked_s is None or now_s - self._asked_s >= NEWS_EVERY_S:
            self._asked_s = now_s
            self._read_news()

    @work(thread=True, exclusive=True, group="news", exit_on_error=False)
    def _read_news(self) -> None:
        bed = self.bedside.bed
        if bed is None or bed.session is None:
            return
        try:
            self.post_message(self.News(bed.terminal.results.news(bed.session.encounter)))
        except WardlinkError:
            # A quiet line: whoever opens the results is told why there are none.
            self.post_message(self.News(0))

    @on(News)
    def _news(self, event: News) -> None:
        self._new = event.new
        self._show_news()

    def _show_news(self) -> None:
        bed = self.bedside.bed
        if bed is None or not self.stands:
            return
        words = self.query_one("#news", Words)
        said = "" if bed.visitors else news_text(self._new)
        words.show(said)
        words.display = bool(said)

    @work(thread=True, exclusive=True, group="home", exit_on_error=False)
    def _read_bed(self) -> None:
        bed = self.bedside.bed
        if bed is None or bed.session is None:
            return
        from bedside.usecases.me import home

        stay = bed.stay_of(bed.session)
        if stay is not None:
            self.post_message(self.Read(home(bed.terminal.replica, stay, bed.terminal.clock.now())))

    @on(Read)
    def _read(self, event: Read) -> None:
        bed = self.bedside.bed
        if bed is None or bed.session is None or not self.stands:
            return
        hidden = _("Visitors are here: what is yours is hidden.")
        for plan in self.query("#plan").results(Touch):
            plan.show(_(PLAN.title), () if bed.visitors else event.home.plan)
        newest = self.query_one("#newest", Words)
        newest.show(hidden if bed.visitors else event.home.newest if bed.session.may("medical") else ())
        newest.set_class(bed.visitors, "-hidden")
        self.query_one("#team", Words).show(() if bed.visitors else event.home.team)


def _notes(area: Area, session: Session | None) -> list[str]:
    return [_(entry.title) for entry in area.entries_for(session)]
