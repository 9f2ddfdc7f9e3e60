"""The cart's program: who is signed in, which page is open, what the ward has said meanwhile.

The first picture is on the screen before the device is opened: everything that takes long to load (messages,
rules, the store) is imported in a worker, and pages are imported when they are first shown.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from textual import events, on, work
from textual.app import App
from textual.message import Message
from textual.theme import Theme
from textual.worker import Worker, WorkerState

from cart.keys import Key, bindings
from cart.scanning import ScanGate
from cart.screens.base import CartScreen
from cart.screens.sign_in import SignInScreen
from cart.widgets.call_banner import CallBanner
from wardlink.errors import WardlinkError
from wardlink.i18n import LANGUAGES, N_, domain, language, set_process_language
from wardlink.terminal.orphan import CHECK_EVERY_S, is_orphan

if TYPE_CHECKING:
    from cart.ports import Ward
    from cart.usecases.draft import Draft
    from cart.usecases.session import Session
    from cart.usecases.ward_list import WardList
    from wardlink.device import DeviceEvent, SyncStatus
    from wardlink.messages.calls import CallChanged

_ = domain("cart").gettext
log = logging.getLogger(__name__)

TICK_S = 1.0
GATHER_S = 0.2
"""Changes that come within so long of each other are shown together."""

NIGHT = Theme(
    name="ward-night",
    primary="#7fd4ff",
    secondary="#9fb4c4",
    accent="#ffd75f",
    foreground="#f0f3f6",
    background="#101418",
    surface="#18222c",
    panel="#1b2733",
    success="#87e087",
    warning="#ffd75f",
    error="#ff8a80",
    dark=True,
)

WIDTHS = [(0, "-narrow"), (110, "-wide")]
HEIGHTS = [(0, "-short"), (30, "-tall")]

GLOBAL_KEYS = (
    Key("f1", "help", N_("Keys"), N_("All keys of this page."), priority=True),
    Key("f9", "calls", N_("Calls"), N_("Open calls: take, arrive, finish."), priority=True),
    Key("f10", "language", N_("English"), N_("Chinese or English."), priority=True),
    Key("f12", "sign_out", N_("Sign out"), N_("Sign out; what is half entered is kept for you."), priority=True),
)


@runtime_checkable
class SpeaksAnew(Protocol):
    """A page or a question that can change its language while it is open."""

    async def speak_anew(self) -> None:
        """Say everything in the language of now."""


@dataclass
class Desk:
    """What outlives a page: the ward, who is signed in, and what they have half entered."""

    ward: Ward
    ward_list: WardList
    session: Session | None = None
    drafts: dict[tuple[str, str], Draft] = field(default_factory=dict)
    status: SyncStatus | None = None
    calls: list[CallChanged] = field(default_factory=list)
    ward_name: str = ""


class CartApp(ScanGate, App[int]):
    """The nurse's program. `open_ward` opens the device; it is called once, in a worker.

    `quits`: whether the program may be ended from its screen. `named`: what the cart is called.
    """

    TITLE = "Wardlink"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = bindings(GLOBAL_KEYS)
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    CSS_PATH = "cart.tcss"

    class DeviceSaid(Message):
        """Something happened behind the screen; comes from the device's threads."""

        def __init__(self, event: DeviceEvent) -> None:
            super().__init__()
            self.event = event

    class Opened(Message):
        """The device is open."""

        def __init__(self, desk: Desk) -> None:
            super().__init__()
            self.desk = desk

    class CannotOpen(Message):
        """The device cannot be opened; nothing can be done here."""

        def __init__(self, error: WardlinkError) -> None:
            super().__init__()
            self.error = error

    class Seen(Message):
        """How the cart stands to the ward now, and who calls."""

        def __init__(self, status: SyncStatus, calls: list[CallChanged], ward_name: str | None) -> None:
            super().__init__()
            self.status = status
            self.calls = calls
            self.ward_name = ward_name

    def __init__(self, open_ward: Callable[[], Ward], *, named: str = "", is_sample: bool = False) -> None:
        super().__init__()
        self._open_ward = open_ward
        self.named = named
        self.is_sample = is_sample
        self.desk: Desk | None = None
        self.error: WardlinkError | None = None
        self._last_input_s = 0.0
        self._rung_s: dict[str, float] = {}
        self._gathering = False
        self.register_theme(NIGHT)
        self.theme = NIGHT.name

    def get_default_screen(self) -> CartScreen:
        """Nobody is signed in yet."""
        return SignInScreen()

    def on_mount(self) -> None:
        """Open the device once the first picture stands."""
        self.call_after_refresh(self._open)
        self.set_interval(TICK_S, self._tick)
        self.set_interval(CHECK_EVERY_S, self._leave_with_server)

    @work(thread=True, exit_on_error=False)
    def _open(self) -> None:
        try:
            ward = self._open_ward()
        except WardlinkError as error:
            self.post_message(self.CannotOpen(error))
            return
        from cart.usecases.ward_list import WardList

        def said(event: DeviceEvent) -> None:
            self.post_message(self.DeviceSaid(event))

        ward.subscribe(said)
        ward.start()
        self.post_message(self.Opened(Desk(ward, WardList(ward))))

    @on(Opened)
    def _opened(self, event: Opened) -> None:
        self.desk = event.desk
        self._touched()
        self._look()
        self.page.ward_changed()

    @on(CannotOpen)
    def _cannot_open(self, event: CannotOpen) -> None:
        self.error = event.error
        self.exit(4)

    def on_unmount(self) -> None:
        """Let go of the device's folder."""
        if self.desk is not None:
            self.desk.ward.stop()

    @property
    def page(self) -> CartScreen:
        """The page that is open, below whatever asks something on top of it."""
        return next(screen for screen in reversed(self.screen_stack) if isinstance(screen, CartScreen))

    @property
    def where(self) -> str:
        """Ward, cart and nurse, for the status line."""
        from cart.usecases.words import ROLES, word

        desk = self.desk
        parts = [desk.ward_name if desk else "", self.named]
        if desk and desk.session:
            staff = desk.session.staff
            said = _("{name} ({role}), signed in offline") if desk.session.offline else _("{name} ({role})")
            parts.append(said.format(name=staff.name, role=word(ROLES, staff.role)))
        if self.is_sample:
            parts.insert(0, _("SAMPLE DATA"))
        return " · ".join(part for part in parts if part)

    # -- the ward goes on

    @on(DeviceSaid)
    def _device_said(self, said: DeviceSaid) -> None:
        if self.desk is None:
            return
        kinds: frozenset[str] = getattr(said.event, "kinds", frozenset())
        if "vitals.struck" in kinds:
            self.desk.ward_list.forget(getattr(said.event, "encounters", ()))
        if hasattr(said.event, "seq"):
            self.desk.ward_list.forget_all()
        if not self._gathering:
            self._gathering = True
            self.set_timer(GATHER_S, self._gathered)

    def _gathered(self) -> None:
        self._gathering = False
        self.look_again()

    def look_again(self) -> None:
        """Read again what the screen shows: something was done here, or has come in."""
        self._look()
        self.page.ward_changed()

    def _tick(self) -> None:
        if self.desk is None:
            return
        self._look()
        self._ring()
        self.page.tick()
        from cart.usecases.session import IDLE_S

        idle_s = self.desk.ward.clock.monotonic_s() - self._last_input_s
        if self.desk.session is not None and idle_s >= IDLE_S:
            self.sign_out(_("Signed out after three minutes. What was half entered is kept for you."))

    @work(thread=True, exclusive=True, group="look", exit_on_error=False)
    def _look(self) -> None:
        desk = self.desk
        if desk is not None:
            from cart.usecases.calls import open_calls

            board = desk.ward.replica
            self.post_message(self.Seen(desk.ward.status(), open_calls(board.calls()), board.ward_name))

    @on(Seen)
    def _seen(self, seen: Seen) -> None:
        if self.desk is None:
            return
        self.desk.status = seen.status
        self.desk.calls = seen.calls
        self.desk.ward_name = seen.ward_name or ""
        for screen in self.screen_stack:
            if isinstance(screen, CartScreen):
                screen.show_frame()
        self._ring()

    def _ring(self) -> None:
        """Sound for every call that nobody has taken, each class in its own rhythm, until somebody does."""
        from cart.usecases.calls import RING_EVERY_S

        desk = self.desk
        if desk is None:
            return
        now_s = desk.ward.clock.monotonic_s()
        for call in desk.calls:
            if call.state == "raised" and now_s - self._rung_s.get(call.id, float("-inf")) >= RING_EVERY_S[call.cls]:
                self._rung_s[call.id] = now_s
                self.bell()

    def show_failure(self, error: BaseException) -> None:
        """Say that something that was done in the background has failed."""
        log.error("a worker failed", exc_info=error)
        said = error if isinstance(error, WardlinkError) else WardlinkError()
        self.notify(said.text(), severity="error", timeout=60)

    @on(Worker.StateChanged)
    def _worker_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.show_failure(event.worker.error)

    def _leave_with_server(self) -> None:
        if is_orphan():
            self.exit(0)

    # -- who is here

    def signed_in(self, session: Session) -> None:
        """Somebody has signed in: open the ward."""
        from cart.screens.ward import WardScreen

        if self.desk is not None:
            self.desk.session = session
            self._touched()
            self.push_screen(WardScreen())

    def sign_out(self, said: str = "") -> None:
        """Close everything; half-entered sets stay for the one who typed them."""
        desk = self.desk
        if desk is not None and desk.session is not None:
            self._note_sign_out(desk, desk.session)
            desk.session = None
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.page.signed_out(said)

    @work(thread=True, exit_on_error=False)
    def _note_sign_out(self, desk: Desk, session: Session) -> None:
        from cart.usecases.session import sign_out

        sign_out(desk.ward, session)

    def open_patient(self, encounter: str) -> None:
        """Open a patient's page over the ward."""
        from cart.screens.patient import PatientScreen
        from cart.screens.ward import WardScreen

        if isinstance(self.page, PatientScreen) and self.page.encounter == encounter:
            return
        while not isinstance(self.screen, WardScreen) and len(self.screen_stack) > 1:
            self.pop_screen()
        self.push_screen(PatientScreen(encounter))

    # -- keys and scans

    async def on_event(self, event: events.Event) -> None:
        """Every key and touch says that somebody is here; a scan is told from typing before a field sees it."""
        if isinstance(event, events.InputEvent) and not event.is_forwarded and not isinstance(event, events.MouseMove):
            self._touched()
        await super().on_event(event)

    def _touched(self) -> None:
        if self.desk is not None:
            self._last_input_s = self.desk.ward.clock.monotonic_s()

    def scanned(self, text: str) -> None:
        """A scanner has read something, on whatever page."""
        desk = self.desk
        if desk is None:
            return
        if desk.session is None:
            self.page.badge_scanned(text)
            return
        from cart.usecases.scan import Scanned, understand

        scan = understand(text, desk.ward.replica.encounters())
        if scan.what is Scanned.PATIENT and scan.encounter is not None:
            self.close_questions()
            self.open_patient(scan.encounter)
        elif scan.what is Scanned.BADGE:
            self.sign_out(_("Another badge was scanned. Please enter the PIN."))
            self.call_after_refresh(lambda: self.page.badge_scanned(scan.text))
        else:
            from cart.screens.scan_refused import ScanRefused

            self.push_screen(ScanRefused(scan))

    def close_questions(self) -> None:
        """Close what asks something on top of a page."""
        while not isinstance(self.screen, CartScreen):
            self.pop_screen()

    @on(CallBanner.Tapped)
    def _banner_tapped(self) -> None:
        self.action_calls()

    def action_calls(self) -> None:
        """Open the calls."""
        from cart.screens.calls import CallsScreen

        if self.desk is not None and self.desk.session is not None and not isinstance(self.page, CallsScreen):
            self.close_questions()
            self.push_screen(CallsScreen())

    def action_help(self) -> None:
        """Show all keys of the page."""
        from cart.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen((*self.page.KEYS, *GLOBAL_KEYS)))

    async def action_language(self) -> None:
        """Speak the other language, on every page that is open."""
        set_process_language(next(code for code in LANGUAGES if code != language()))
        for screen in self.screen_stack:
            if isinstance(screen, SpeaksAnew):
                await screen.speak_anew()

    def action_sign_out(self) -> None:
        """Sign out."""
        if self.desk is not None and self.desk.session is not None:
            self.sign_out()

    async def action_quit(self) -> None:
        """End the program; a nurse who is signed in is signed out first and sees that she is."""
        if self.desk is not None and self.desk.session is not None:
            self.sign_out()
        else:
            self.exit(0)
