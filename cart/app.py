"""The cart's program: who is signed in, which page is open, what the ward has said meanwhile.

The first picture is on the screen before the device is opened: everything that takes long to load (messages,
rules, the store) is imported in a worker, and pages are imported when they are first shown.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from textual import events, on, work
from textual.app import App
from textual.message import Message
from textual.worker import Worker, WorkerState

from cart.desk import Desk
from cart.keys import Key, bindings
from cart.scanning import ScanGate
from cart.screens.base import HEIGHTS, WIDTHS, CartScreen
from cart.screens.sign_in import SignInScreen
from cart.theme import NIGHT
from cart.widgets.call_banner import CallBanner
from wardlink.errors import WardlinkError
from wardlink.i18n import LANGUAGES, N_, domain, language, set_process_language
from wardlink.terminal.orphan import CHECK_EVERY_S, is_orphan

if TYPE_CHECKING:
    from cart.ports import Ward
    from cart.rubbish import Rubbish
    from cart.scan_desk import ScanDesk
    from cart.usecases.ringing import Bells
    from cart.usecases.scan import Scanner
    from cart.usecases.session import Session
    from cart.usecases.ward_list import Row
    from wardlink.device import DeviceEvent, SyncStatus
    from wardlink.messages.alerts import AlertView
    from wardlink.messages.calls import CallChanged

_ = domain("cart").gettext
log = logging.getLogger(__name__)

TICK_S = 1.0
GATHER_S = 0.2
"""Changes that come within so long of each other are shown together."""


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


class CartApp(ScanGate, App[int]):
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
        """How the cart stands to the ward now, who calls, what asks for somebody, and how many cases wait."""

        def __init__(
            self,
            status: SyncStatus,
            calls: list[CallChanged],
            alerts: list[AlertView],
            cases: int,
            orders: dict[str, str],
            ward_name: str | None,
        ) -> None:
            super().__init__()
            self.orders = orders
            self.status = status
            self.calls = calls
            self.alerts = alerts
            self.cases = cases
            self.ward_name = ward_name

    def __init__(
        self,
        open_ward: Callable[[], Ward],
        *,
        named: str = "",
        is_sample: bool = False,
        scanner: Scanner | None = None,
        rubbish: Rubbish | None = None,
    ) -> None:
        super().__init__(scanner)
        self._rubbish = rubbish
        self._scans: ScanDesk | None = None
        self._open_ward = open_ward
        self.named = named
        self.is_sample = is_sample
        self.desk: Desk | None = None
        self.error: WardlinkError | None = None
        self._last_input_s = 0.0
        self._bells: Bells | None = None
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

    @property
    def page(self) -> CartScreen:
        """The page that is open, below whatever asks something on top of it."""
        return next(screen for screen in reversed(self.screen_stack) if isinstance(screen, CartScreen))

    @property
    def _has_page(self) -> bool:
        # None while the program ends: its timers may outlive its pages by a moment.
        return any(isinstance(screen, CartScreen) for screen in self.screen_stack)

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
        if kinds & {"vitals.struck", "attribution.changed"}:
            self.desk.ward_list.forget(getattr(said.event, "encounters", ()))
        if hasattr(said.event, "seq"):
            self.desk.ward_list.forget_all()
        elif getattr(said.event, "refused", ()):
            self.desk.ward_list.read_again()
        elif kinds - {"vitals.recorded"}:
            self.desk.ward_list.read_again(getattr(said.event, "encounters", ()))
        self.desk.has_news = True
        if not self._gathering:
            self._gathering = True
            self.set_timer(GATHER_S, self._gathered)

    def _gathered(self) -> None:
        self._gathering = False
        self._look_anew()

    def look_again(self) -> None:
        """Read again what the screen shows: something was done here."""
        if self.desk is not None:
            self.desk.ward_list.read_again()
        self._look_anew()

    def _look_anew(self) -> None:
        if self._has_page:
            if self.desk is not None:
                self.desk.has_news = True
            self._look()
            self.page.ward_changed()

    def _tick(self) -> None:
        if self.desk is None or not self._has_page:
            return
        self._look()
        self._ring()
        self.page.tick()
        from cart.usecases.session import IDLE_S
        from cart.widgets.scan_taken import ScanTaken

        for taken in self.page.query(ScanTaken):
            taken.tick(self.desk.ward.clock.monotonic_s())

        now_s = self.desk.ward.clock.monotonic_s()
        if self._rubbish is not None and self.desk.session is not None:
            self._rubbish.look(now_s, self._last_input_s)
        idle_s = now_s - self._last_input_s
        if self.desk.session is not None and idle_s >= IDLE_S:
            self.sign_out(_("Signed out after three minutes. What was half entered is kept for you."))

    @work(thread=True, exclusive=True, group="look", exit_on_error=False)
    def _look(self) -> None:
        desk = self.desk
        if desk is not None:
            from cart.usecases.alerts import open_alerts
            from cart.usecases.announcing import announced
            from cart.usecases.calls import open_calls
            from cart.usecases.cases import open_cases
            from wardlink.record.alerts import ALERT

            board = desk.ward.replica
            calls, cases = open_calls(board.calls()), len(open_cases(board.exceptions()))
            orders = desk.orders or {}
            if desk.orders is None or desk.has_news:
                # Reading every order of the ward each second would keep a small cart busy.
                desk.has_news, orders = False, announced(board)
            alerts = open_alerts(board.records(ALERT))
            self.post_message(self.Seen(desk.ward.status(), calls, alerts, cases, orders, board.ward_name))

    @on(Seen)
    def _seen(self, seen: Seen) -> None:
        if self.desk is None:
            return
        self.desk.status = seen.status
        self.desk.calls = seen.calls
        self.desk.alerts = seen.alerts
        self.desk.cases = seen.cases
        self.desk.ward_name = seen.ward_name or ""
        self._announce(seen.orders)
        for screen in self.screen_stack:
            if isinstance(screen, CartScreen):
                screen.show_frame()
        self._ring()

    def _announce(self, orders: dict[str, str]) -> None:
        """Say what is new among the orders; when the cart has just begun, only how many wait."""
        desk = self.desk
        if desk is None or desk.session is None:
            return
        before, desk.orders = desk.orders, orders
        new = [said for key, said in orders.items() if before is not None and key not in before]
        if new:
            self.bell()
            self.notify("\n".join(new[:4]), title=_("Orders ({n} wait)").format(n=len(orders)), timeout=15)

    def _ring(self) -> None:
        """Sound for what nobody has taken."""
        desk = self.desk
        if desk is None:
            return
        if self._bells is None:
            from cart.usecases.ringing import Bells

            self._bells = Bells()
        for _each in range(self._bells.due(desk.calls, desk.alerts, desk.session, desk.ward.clock.monotonic_s())):
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
