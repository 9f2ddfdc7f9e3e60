"""What every page has: the header and the band on top, Call and the way back at the bottom, and arrows that walk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from inspect import isawaitable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Region
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from bedside.widgets.bar import CALL, Bar
from bedside.widgets.header import Header
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from wardlink.i18n import domain, language

if TYPE_CHECKING:
    from bedside.app import BedsideApp
    from bedside.bed import Bed
    from bedside.usecases.session import Session

_ = domain("bedside").gettext

_ARROWS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


class BedScreen(Screen[None]):
    """A page. It shows what the use cases say, and sends what the patient does back to them."""

    AUTO_FOCUS: ClassVar[str | None] = ""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """Without repainting the page: what gains or loses the focus repaints itself, and an arrow is answered at once."""

    needs_session: ClassVar[bool] = True
    """Whether the page belongs to a patient who has opened the screen, and goes when they go."""

    names_family: ClassVar[bool] = True
    """Whether family who have opened the screen are named on it: everywhere but below all pages."""

    is_private: ClassVar[bool] = False
    """Whether the page is closed while visitors are here."""

    idle_s: ClassVar[float | None] = None
    """After so long without a touch the screen locks, where it is another time than on most pages."""

    is_call_page: ClassVar[bool] = False

    keeps_front: ClassVar[bool] = False
    """Whether nothing that others bring comes over the page: somebody is in the middle of something here."""

    def compose(self) -> ComposeResult:
        """The frame, around what the page itself has; laid out for the screen's size from the first picture on."""
        self.update_classes(self.bedside.layout_classes())
        self._speaks = language()
        yield Header()
        yield Words(id="band")
        yield Vertical(*self.body(), id="body")
        yield Bar(self._call_touch(), self.left(), [*self.tools(), self._language_touch(), *self.right()])

    def body(self) -> Iterable[Widget]:
        """The widgets of the page."""
        raise NotImplementedError

    def left(self) -> Sequence[Touch]:
        """What stands beside Call: the way back."""
        return [Touch(_("Back"), "back", id="back")]

    def tools(self) -> Sequence[Touch]:
        """What else can be set here; beside the language."""
        return []

    def right(self) -> Sequence[Touch]:
        """The main action."""
        return []

    def _call_touch(self) -> Touch:
        return Touch(_("Call nurse"), CALL, kind="grave", id="call")

    def _language_touch(self) -> Touch:
        return Touch(_("中文"), "language", id="language")

    def night_text(self) -> str:
        """What a touch on the button for the night would bring."""
        return _("Day") if self.app.current_theme.dark else _("Night")

    _is_built = False
    _speaks = ""

    @property
    def stands(self) -> bool:
        """Whether all widgets of the page are there: not while it is built, built anew, or taken down."""
        is_there = self._is_built and self.is_attached and self.app.is_running
        return is_there and self.query_one_optional("#call") is not None

    def on_mount(self) -> None:
        """Show what there is, and begin with the main action."""
        self._is_built = True
        self.begin()
        self.show_frame()
        self.bed_changed()
        self.call_after_refresh(self._focus_first)

    def begin(self) -> None:
        """All widgets of the page are there for the first time, and nothing is painted yet."""

    @on(events.ScreenResume)
    async def _resumed(self, event: events.ScreenResume) -> None:
        """Shown, as new or again: its styles are right, they were asked for when it was built or the theme changed.

        The language may have changed while another page lay over it.
        """
        event.refresh_styles = False
        if self.stands and self.app.screen is self and self._speaks != language():
            await self.speak_anew()

    def _focus_first(self) -> None:
        if self.stands and (self.focused is None or not self.focused.region.area):
            wanted = self.first_focus()
            if wanted is not None and wanted.focusable:
                self.set_focus(wanted, scroll_visible=False)

    def first_focus(self) -> Widget | None:
        """Where Enter works first: never on Call."""
        touches = list(self.query("#body Touch, #bar-right Touch").results(Touch))
        shown = (touch for touch in touches if touch.focusable and touch.region.area)
        return next(shown, next(iter(touches), None))

    @property
    def bedside(self) -> BedsideApp:
        """The program."""
        return cast("BedsideApp", self.app)

    @property
    def bed(self) -> Bed:
        """What outlives the pages; pages behind the login may rely on it."""
        bed = self.bedside.bed
        assert bed is not None
        return bed

    @property
    def session(self) -> Session:
        """Who has opened the screen; pages behind the login may rely on it."""
        session = self.bed.session
        assert session is not None
        return session

    def show_frame(self) -> None:
        """Show whose page this is, how old what it shows may be, and how far a call has come."""
        if not self.stands:
            return
        parts, end = self.bedside.header(neutral=not self.needs_session, named=self.names_family)
        self.query_one(Header).show(parts, end)
        band = self.query_one("#band", Words)
        said = self.bedside.band_text()
        band.show(said)
        band.display = bool(said)
        label, notes = self.bedside.call_words(on_page=self.is_call_page)
        self.query_one("#call", Touch).show(label, notes)

    def bed_changed(self) -> None:
        """Something about this bed is new: read again what the page shows."""

    def tick(self) -> None:
        """A second has passed."""
        self.show_frame()

    async def speak_anew(self) -> None:
        """Say everything in the language of now; the focus stays where it was."""
        focused = self.focused.id if self.focused is not None else None
        self._is_built = False
        await self.recompose()
        self._is_built = True
        self.show_frame()
        self.bed_changed()
        if focused and (found := self.query(f"#{focused}")):
            self.set_focus(found.first(), scroll_visible=False)
        self.call_after_refresh(self._focus_first)

    @on(events.Resize)
    def _resized(self) -> None:
        """The layout of this size, before it is laid out; the field that had the focus may not be in it."""
        self.update_classes(self.bedside.layout_classes(), animate=False)
        self.call_after_refresh(self._focus_first)

    @on(Touch.Pressed)
    async def _touched(self, event: Touch.Pressed) -> None:
        event.stop()
        name, _colon, argument = event.value.partition(":")
        if name != CALL and self.app.screen is not self:
            # The second tap of a trembling finger, on a page that the first has left.
            return
        action = getattr(self, f"do_{name}", None) or getattr(self.bedside, f"do_{name}")
        done = action(argument) if argument else action()
        if isawaitable(done):
            await done

    def do_back(self) -> None:
        """The page before."""
        self.leave()

    def leave(self) -> None:
        """Show the page below, unless this one is left already."""
        if self.app.screen is self and len(self.app.screen_stack) > 1:
            self.app.pop_screen()

    def on_key(self, event: events.Key) -> None:
        """Arrows go to the nearest field that way; Escape goes back."""
        if event.key in _ARROWS:
            event.stop()
            self._walk(*_ARROWS[event.key])
        elif event.key == "escape" and self.query("#back"):
            event.stop()
            self.do_back()

    def _walk(self, dx: int, dy: int) -> None:
        fields = [touch for touch in self.query(Touch) if touch.focusable and touch.region.area]
        here = self.focused
        if here is None or here not in fields:
            self._focus_first()
            return
        ahead = [field for field in fields if _distance(here.region, field.region, dx, dy) is not None]
        if ahead:
            nearest = min(ahead, key=lambda field: _distance(here.region, field.region, dx, dy) or 0)
            self.set_focus(nearest)

    @on(Worker.StateChanged)
    def _worker_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.bedside.show_failure(event.worker.error)


def _distance(here: Region, there: Region, dx: int, dy: int) -> float | None:
    """How far `there` lies in that direction; None where it does not. Sideways counts more: rows are read."""
    aside: float
    if dx:
        ahead = there.x - here.right if dx > 0 else here.x - there.right
        aside = max(0, there.y - here.bottom + 1, here.y - there.bottom + 1)
    else:
        ahead = there.y - here.bottom if dy > 0 else here.y - there.bottom
        aside = max(0, there.x - here.right + 1, here.x - there.right + 1) / 2
    if here == there or ahead < 0:
        return None
    centre = abs(there.x + there.width / 2 - here.x - here.width / 2) / 100 if dy else abs(there.y - here.y) / 100
    return ahead + 3 * aside + centre
