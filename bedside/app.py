"""The bedside program: who has opened the screen, which page is open, how far a call has come.

The first picture is on the screen before the device is opened: everything that takes long to load (messages,
rules, the store) is imported in a worker, and pages are imported when they are first shown. Call works from the
first picture on: a tap that comes before the device is open is kept and raised as soon as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message

from bedside.bed import Bed
from bedside.screens.base import BedScreen
from bedside.screens.locked import LockedScreen
from bedside.themes import DAY, NIGHT, is_night
from bedside.watching import Watching
from wardlink.errors import WardlinkError
from wardlink.i18n import LANGUAGES, domain, language, set_process_language
from wardlink.terminal.orphan import CHECK_EVERY_S, is_orphan

if TYPE_CHECKING:
    from bedside.ports import Place, Terminal
    from bedside.usecases.calls import Press
    from bedside.usecases.session import Session
    from wardlink.device import DeviceEvent
    from wardlink.terminal.rubbish import Rubbish

_ = domain("bedside").gettext

TICK_S = 1.0

TREMBLE_S = 0.3
"""A second tap on the same place within so long is the first one's."""

WIDTHS = [(0, "-narrow"), (78, "-middle"), (96, "-wide")]
HEIGHTS = [(0, "-short"), (22, "-even"), (30, "-tall")]


class BedsideApp(Watching):
    """The patient's program. `open_terminal` opens the device and says where it hangs; called once, in a worker.

    `rubbish`: when memory is looked through, where the program says that.
    """

    TITLE = "Wardlink"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [("ctrl+q", "quit", "")]  # noqa: RUF012  the base class's own form
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    CSS_PATH = "bedside.tcss"
    # A finger that rests on the glass marks no words; and a tap on what is just being taken down ends no program.
    ALLOW_SELECT = False
    CLICK_CHAIN_TIME_THRESHOLD = TREMBLE_S

    class Opened(Message):
        """The device is open."""

        def __init__(self, bed: Bed) -> None:
            super().__init__()
            self.bed = bed

    class CannotOpen(Message):
        """The device cannot be opened; nothing can be done here."""

        def __init__(self, error: WardlinkError) -> None:
            super().__init__()
            self.error = error

    class Called(Message):
        """The button was pressed, and this became of it."""

        def __init__(self, press: Press) -> None:
            super().__init__()
            self.press = press

    def __init__(
        self,
        open_terminal: Callable[[], tuple[Terminal, Place]],
        *,
        is_sample: bool = False,
        rubbish: Rubbish | None = None,
    ) -> None:
        super().__init__(is_sample=is_sample, rubbish=rubbish)
        self._open_terminal = open_terminal
        self.error: WardlinkError | None = None
        self.called_early = False

    def get_default_screen(self) -> BedScreen:
        """Nobody has said who they are yet."""
        return LockedScreen()

    def layout_classes(self) -> dict[str, bool]:
        """Which of the layouts are in force at this size."""
        width, height = self.size
        wide = next(name for least, name in reversed(WIDTHS) if width >= least)
        tall = next(name for least, name in reversed(HEIGHTS) if height >= least)
        return {name: name in (wide, tall) for _least, name in (*WIDTHS, *HEIGHTS)}

    def on_mount(self) -> None:
        """Open the device once the first picture stands."""
        self.call_after_refresh(self._open)
        self.set_interval(TICK_S, self._tick)
        self.set_interval(CHECK_EVERY_S, self._leave_with_server)

    @work(thread=True, exit_on_error=False)
    def _open(self) -> None:
        try:
            terminal, place = self._open_terminal()
        except WardlinkError as error:
            self.post_message(self.CannotOpen(error))
            return

        def said(event: DeviceEvent) -> None:
            self.post_message(self.DeviceSaid(event))

        terminal.subscribe(said)
        terminal.start()
        self.post_message(self.Opened(Bed(terminal, place)))

    @on(Opened)
    def _opened(self, event: Opened) -> None:
        self.bed = event.bed
        self._touched()
        self._dim()
        if self.called_early:
            self._press()
        self._look()

    @on(CannotOpen)
    def _cannot_open(self, event: CannotOpen) -> None:
        self.error = event.error
        self.exit(4, return_code=4)

    def on_unmount(self) -> None:
        """Let go of the device's folder."""
        if self.bed is not None:
            self.bed.terminal.stop()

    def _leave_with_server(self) -> None:
        if is_orphan():
            self.exit(0)

    # -- what can be done on every page

    def opened_by(self, session: Session) -> None:
        """The patient of this bed, or family, have said who they are: show home, and nothing of anybody before."""
        from bedside.screens.home import HomeScreen

        bed = self.bed
        if bed is not None:
            self._to_bottom()
            bed.session, bed.visitors = session, False
            bed.terminal.family.act_as(session.family.id if session.family is not None else None)
            self._touched()
            self.push_screen(HomeScreen())
            self._look()

    def do_call(self) -> None:
        """Call a nurse, or show the call that is on its way."""
        bed = self.bed
        if bed is None:
            self.called_early = True
        else:
            from bedside.usecases.calls import calls_again

            now = bed.terminal.clock.now()
            if calls_again(bed.call, bed.press, now, is_shown=self.page.is_call_page):
                self._press()
        self._show_call()

    def _show_call(self) -> None:
        from bedside.screens.call import CallScreen

        if not self.page.is_call_page:
            self.push_screen(CallScreen())

    @work(thread=True, exit_on_error=False)
    def _press(self) -> None:
        bed = self.bed
        if bed is not None:
            from bedside.usecases.calls import press

            self.post_message(self.Called(press(bed.terminal, bed.place, bed.session)))

    @on(Called)
    def _called(self, called: Called) -> None:
        if self.bed is not None:
            self.bed.press = called.press
            self.called_early = False
            self._look()

    def look_again(self) -> None:
        """Read again what the screen shows: something was done here."""
        self._look()

    async def do_language(self) -> None:
        """Speak the other language, on the page that is shown; those below follow when they are shown again."""
        set_process_language(next(code for code in LANGUAGES if code != language()))
        await self.page.speak_anew()

    def do_night(self) -> None:
        """Dark or light, whatever the hour."""
        now = self.now()
        if now is not None:
            by_hour = NIGHT.name if is_night(now) else DAY.name
            self._chosen_theme = (by_hour, DAY.name if self.theme == NIGHT.name else NIGHT.name)
            self._dim()
            self.page.show_frame()

    def do_visitors(self) -> None:
        """Visitors come or go: what is the patient's own is hidden, or shown again."""
        if self.bed is not None and self.bed.session is not None and self.bed.session.family is None:
            self.bed.visitors = not self.bed.visitors
            self.do_home()
            self.page.show_frame()
            self.page.bed_changed()

    def do_home(self) -> None:
        """The home page, from wherever one is behind it."""
        from bedside.screens.home import HomeScreen

        while len(self.screen_stack) > 1 and not isinstance(self.screen, HomeScreen):
            self.pop_screen()

    def do_leave(self) -> None:
        """The patient is done."""
        self.lock("exit")

    def do_identify(self) -> None:
        """Say who you are."""
        from bedside.screens.identify import IdentifyScreen

        if self.bed is not None:
            self.push_screen(IdentifyScreen())

    def do_family(self) -> None:
        """Family say who they are."""
        from bedside.screens.family_in import FamilyInScreen

        if self.bed is not None:
            self.push_screen(FamilyInScreen())

    def do_open(self, code: str) -> None:
        """Open an area, or what is in one."""
        from bedside.screens.opening import page_of
        from bedside.usecases.areas import may_open

        bed = self.bed
        if bed is not None and bed.session is not None and not may_open(bed.session, code):
            self.notify(_("The patient has not opened this to family."), timeout=10, markup=False)
            return
        self.push_screen(page_of(code, visitors=bed is not None and bed.visitors))

    async def action_quit(self) -> None:
        """End the program; a patient who has opened the screen is seen off first."""
        if self.bed is not None and self.bed.session is not None:
            self.lock("exit")
        else:
            self.exit(0)
