"""My ECG: the strips that a doctor has looked at, the doctor's words about one, and its curve on the paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from bedside.screens.asking import AskingScreen
from bedside.screens.read_on import ReadOn
from bedside.usecases.ecg import (
    lead_text,
    lines_of,
    list_text,
    look,
    name_text,
    notes,
    offline_text,
    strip_of,
    title_text,
    trouble_text,
)
from bedside.widgets.choices import Choices, some_of
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.errors import Unreachable, WardlinkError
from wardlink.i18n import domain
from wardlink.messages.ecg_at_bed import EcgAtBed, EcgsAtBed
from wardlink.terminal.ecg_looking import Looking, paper_text
from wardlink.terminal.ecg_trace import EcgTrace

if TYPE_CHECKING:
    from bedside.ports import Terminal

_ = domain("bedside").gettext

AGAIN_S = 60.0
"""So often it is asked whether what stands there may still be seen."""


class EcgsScreen(AskingScreen[EcgsAtBed]):
    """The newest first, six fields at a time."""

    again_s: ClassVar[float | None] = AGAIN_S

    def __init__(self) -> None:
        super().__init__()
        self._page = 0

    def body(self) -> Iterable[Widget]:
        """A word, and the strips."""
        yield Words(_("My ECG"), classes="title")
        yield Words(id="ecgs-said", classes="prose")
        yield Choices([], most=3, id="ecgs")

    def first_focus(self) -> Widget | None:
        """The way back, until there are strips."""
        return self.query_one("#back")

    def ask(self, terminal: Terminal, encounter: str) -> EcgsAtBed:
        """Everything that may be seen."""
        return terminal.ecg.of_stay(encounter)

    async def answered(self) -> None:
        """Show it."""
        words, found, now = self.query_one("#ecgs-said", Words), self.found, self.bed.terminal.clock.now()
        words.set_class(self.error is not None, "-trouble")
        if self.error is not None:
            words.show(trouble_text(self.error))
        else:
            words.show(_("One moment ...") if found is None else list_text(found))
        lines = found.lines if found is not None and self.error is None else ()
        touches = [
            Touch(name_text(line, now), f"ecg:{line.id}", notes=notes(line, now), id=f"ecg-{line.id}") for line in lines
        ]
        await self.query_one("#ecgs", Choices).replace(some_of(touches, self._page, _("Earlier ones")))

    async def do_more(self) -> None:
        """Earlier ones; after the first, the newest."""
        self._page += 1
        await self.answered()

    def do_ecg(self, strip: str) -> None:
        """What the doctor says of it."""
        self.app.push_screen(EcgScreen(strip))


class _OneEcg(AskingScreen[EcgAtBed]):
    """A page about one strip: what was once fetched stays, until the server says that it may not be seen."""

    again_s: ClassVar[float | None] = AGAIN_S

    def __init__(self, strip: str, known: EcgAtBed | None = None) -> None:
        super().__init__()
        self.strip = strip
        self.found = known

    def ask(self, terminal: Terminal, encounter: str) -> EcgAtBed:
        """This one."""
        return look(terminal, encounter, self.strip, self.found)

    @property
    def refused(self) -> WardlinkError | None:
        """Why nothing of it is shown; that the server is away takes nothing off the screen."""
        return None if isinstance(self.error, Unreachable) and self.found is not None else self.error

    def said(self, page: EcgAtBed) -> str:
        """That the server is away, where it is."""
        return offline_text(page.line, self.bed.terminal.clock.now()) if self.error is not None else ""


class EcgScreen(ReadOn, _OneEcg):
    """The doctor's words, and what an ECG is."""

    def body(self) -> Iterable[Widget]:
        """When it was taken, and the lines."""
        yield Words(_("My ECG"), classes="title", id="ecg-name")
        yield self.lines()

    def right(self) -> Sequence[Touch]:
        """The curve; read on."""
        return [Touch(_("See the curve"), "curve", kind="main", id="ecg-curve"), *super().right()]

    def first_focus(self) -> Widget | None:
        """The curve, where there is one."""
        curve = self.query_one("#ecg-curve")
        return curve if curve.display else self.query_one("#back")

    async def answered(self) -> None:
        """Show it."""
        page, now = self.found, self.bed.terminal.clock.now()
        has_page = page is not None and self.refused is None
        self.query_one("#ecg-curve").display = has_page
        if self.refused is not None:
            await self.show_lines([Words(trouble_text(self.refused), classes="prose -trouble")])
        elif page is None:
            await self.show_lines([Words(_("One moment ..."), classes="prose")])
        else:
            self.query_one("#ecg-name", Words).show(title_text(page.line, now))
            said = [(self.said(page), "point -trouble")] if self.error is not None else []
            await self.show_lines(Words(text, classes=cls) for text, cls in (*said, *lines_of(page, now)))

    def do_curve(self) -> None:
        """On the paper."""
        if self.found is not None and self.refused is None:
            self.app.push_screen(EcgCurveScreen(self.strip, self.found))


class EcgCurveScreen(_OneEcg):
    """The paper, as wide as the screen; fields turn it along the strip and to another lead."""

    def __init__(self, strip: str, known: EcgAtBed) -> None:
        super().__init__(strip, known)
        self._looking: Looking | None = None

    def body(self) -> Iterable[Widget]:
        """When it was taken, the paper, what it is, and the fields."""
        yield Words(classes="title", id="curve-name")
        trace = EcgTrace(id="ecg-trace")
        trace.can_focus = False
        yield trace
        yield Words(id="curve-said", classes="point")
        fields = [
            Touch(_("Part before"), "page:-1", id="curve-back"),
            Touch(_("Next part"), "page:1", id="curve-on"),
            Touch(_("Other lead"), "lead", id="curve-lead"),
            Touch("", "more", id="curve-more"),
        ]
        yield Choices(fields, most=4, id="curve-fields")

    async def answered(self) -> None:
        """Show it, from the beginning of the strip."""
        trace, page = self.query_one(EcgTrace), self.found
        assert page is not None
        error = self.refused
        if error is None and self._looking is None:
            try:
                self._looking = Looking(strip_of(page), "II", with_beats=False)
            except WardlinkError as unreadable:
                error = unreadable
        self.query_one("#curve-fields").display = error is None
        if error is not None:
            trace.show(None, None, instead="")
            self.query_one("#curve-said", Words).show(trouble_text(error))
        self.query_one("#curve-said").set_class(error is not None, "-trouble")
        self.query_one("#curve-name", Words).show(title_text(page.line, self.bed.terminal.clock.now()))
        if error is None:
            self._draw()
            self.call_after_refresh(self._draw)

    def first_focus(self) -> Widget | None:
        """On along the strip."""
        return self.query_one("#curve-on")

    def on_resize(self) -> None:
        """More or less of it can be seen."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        looking, page = self._looking, self.found
        if looking is None or page is None or self.refused is not None or not self.stands:
            return
        trace, more = self.query_one(EcgTrace), self.query_one("#curve-more", Touch)
        rows = trace.size.height
        more.display = looking.fits(rows)
        if not more.display:
            looking.at_once = 1
        self.query_one(Choices).refit()
        more.show(_("More leads") if looking.at_once == 1 else _("One lead"))
        looking.fit(rows)
        trace.show(looking.strip, looking.seen(trace.columns))
        parts = (self.said(page), lead_text(looking.lead), paper_text(looking.look.paper))
        self.query_one("#curve-said", Words).show("\n".join(part for part in parts if part))

    def _turn(self, act: Callable[[Looking], None]) -> None:
        """Do this where there is a curve, and show it."""
        if self._looking is not None:
            act(self._looking)
            self._draw()
            # Other words may need another row, and the paper another gain.
            self.call_after_refresh(self._draw)

    def do_page(self, by: str) -> None:
        """The part before or after."""
        self._turn(lambda looking: looking.page(int(by), self.query_one(EcgTrace).columns))

    def do_lead(self) -> None:
        """The same beats from another side."""
        self._turn(lambda looking: looking.turn_lead(1))

    def do_more(self) -> None:
        """One lead, or more below each other."""
        self._turn(lambda looking: looking.turn_at_once())
