"""The cart's program: who is signed in, which page is open, what the ward has said meanwhile.

The first picture is on the screen before the device is opened: everything that takes long to load (messages,
rules, the store) is imported in a worker, and pages are imported when they are first shown.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from textual import events, on, work
from textual.message import Message

from cart.desk import Desk
from cart.keys import Key, bindings
from cart.screens.base import HEIGHTS, WIDTHS, CartScreen
from cart.screens.sign_in import SignInScreen
from cart.theme import NIGHT
from cart.watching import Watching
from cart.widgets.call_banner import CallBanner
from wardlink.errors import WardlinkError
from wardlink.i18n import LANGUAGES, N_, domain, language, set_process_language
from wardlink.terminal.orphan import CHECK_EVERY_S, is_orphan

if TYPE_CHECKING:
    from cart.ports import Ward
    from cart.scan_desk import ScanDesk
    from cart.usecases.scan import Scanner
    from cart.usecases.session import Session
    from cart.usecases.ward_list import Row
    from wardlink.device import DeviceEvent
    from wardlink.terminal.rubbish import Rubbish

_ = domain("cart").gettext

TICK_S = 1.0

GLOBAL_KEYS = (
    Key("f1", "help", N_("Keys"), N_("All keys of this page."), priority=True),
    Key("f8", "alerts", N_("Alerts"), N_("Alerts: take, hand on, arrive, finish."), priority=True),
    Key("f9", "calls", N_("Calls"), N_("Open calls: take, arrive, finish."), priority=True),
    Key("f10", "language", N_("English"), N_("Chinese or English."), priority=True),
    Key("f12", "sign_out", N_("Sign out"), N_("Sign out; what is half entered is kept for you."), priority=True),
)


@runtime_checkable
class SpeaksAnew(Protocol):
    """A page or a question that can change its language while it is open."""

    async def speak_anew(self) -> None:
        """Say everything in the language of now."""


class CartApp(Watching):
    """The nurse's program. `open_ward` opens the device; it is called once, in a worker.

    `named`: what the cart is called. `scanner`: how its scanner types, where it is not as usual. `rubbish`: when memory
    is looked through; None: whenever Python likes.
    """

    TITLE = "Wardlink"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = bindings(GLOBAL_KEYS)
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    CSS_PATH = "cart.tcss"
    # Marking words with a finger helps nobody here, and a tap on what is just being taken down would end the program.
    ALLOW_SELECT = False

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

    def __init__(
        self,
        open_ward: Callable[[], Ward],
        *,
        named: str = "",
        is_sample: bool = False,
        scanner: Scanner | None = None,
        rubbish: Rubbish | None = None,
    ) -> None:
        super().__init__(scanner=scanner, rubbish=rubbish)
        self._scans: ScanDesk | None = None
        self._open_ward = open_ward
        self.named = named
        self.is_sample = is_sample
        self.error: WardlinkError | None = None
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
        self.look_again()
        self.read_beds_ahead()

    @on(CannotOpen)
    def _cannot_open(self, event: CannotOpen) -> None:
        self.error = event.error
        self.exit(4, return_code=4)

    def on_unmount(self) -> None:
        """Let go of the device's folder."""
        if self.desk is not None:
            self.desk.ward.stop()

    def _leave_with_server(self) -> None:
        if is_orphan():
            self.exit(0)

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

    # -- who is here

    @work(thread=True, exclusive=True, group="ahead", exit_on_error=False)
    def read_beds_ahead(self) -> None:
        """Read the beds while somebody signs in: what the older sets said is then known when the ward's page opens.

        The page of a patient is loaded as well, so that the first one opens as fast as the others.
        """
        if (desk := self.desk) is not None:
            desk.ward_list.rows(desk.ward.clock.now())
            for name in ("cart.screens.patient", "cart.usecases.patient"):
                import_module(name)

    def signed_in(self, session: Session, rows: tuple[Row, ...]) -> None:
        """Somebody has signed in: open the ward with its beds as they were read meanwhile."""
        from cart.screens.ward import WardScreen

        if self.desk is not None:
            self.desk.session = session
            self._touched()
            self.push_screen(WardScreen(rows))
            self._look()

    def sign_out(self, said: str = "") -> None:
        """Close everything; half-entered sets stay for the one who typed them."""
        desk = self.desk
        if desk is not None and desk.session is not None:
            self._note_sign_out(desk, desk.session)
            desk.session = None
            desk.wristbands.clear()
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
        page = PatientScreen(encounter)
        page.read_ahead(self)
        self.push_screen(page)

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
        if self.desk is not None:
            from cart.scan_desk import ScanDesk

            self._scans = self._scans or ScanDesk(self, self.desk)
            self._scans.take(text)

    def scan_again(self) -> None:
        """A page that was opened by a scan is ready for it."""
        if self._scans is not None:
            self._scans.again()

    def close_questions(self) -> None:
        """Close what asks something on top of a page."""
        while not isinstance(self.screen, CartScreen):
            self.pop_screen()

    @on(CallBanner.Tapped)
    def _banner_tapped(self, tapped: CallBanner.Tapped) -> None:
        if tapped.is_call:
            self.action_calls()
        else:
            self.action_alerts()

    def action_calls(self) -> None:
        """Open the calls."""
        from cart.screens.calls import CallsScreen

        if self.desk is None or self.desk.session is None:
            self.notify(_("Please sign in to answer calls."))
        elif not isinstance(self.page, CallsScreen):
            self.close_questions()
            self.push_screen(CallsScreen())

    def action_alerts(self) -> None:
        """Open the alerts."""
        from cart.screens.alerts import AlertsScreen

        if self.desk is None or self.desk.session is None:
            self.notify(_("Please sign in to answer alerts."))
        elif not isinstance(self.page, AlertsScreen):
            self.close_questions()
            self.push_screen(AlertsScreen())

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
