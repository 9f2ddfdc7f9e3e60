"""The ward goes on behind the pages: what the device says is read in a worker, shown and rung. Below `cart.app`."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import App
from textual.message import Message
from textual.worker import Worker, WorkerState

from cart.desk import Desk
from cart.scanning import ScanGate
from cart.screens.base import CartScreen
from wardlink.errors import WardlinkError
from wardlink.i18n import domain

if TYPE_CHECKING:
    from cart.usecases.ringing import Bells
    from cart.usecases.scan import Scanner
    from wardlink.device import DeviceEvent, SyncStatus
    from wardlink.messages.alerts import AlertView
    from wardlink.messages.calls import CallChanged
    from wardlink.terminal.rubbish import Rubbish

_ = domain("cart").gettext
log = logging.getLogger(__name__)

GATHER_S = 0.2
"""Changes that come within so long of each other are shown together."""


class Watching(ScanGate, App[int]):
    """The part of the program that keeps its pages in step with the ward."""

    class DeviceSaid(Message):
        """Something happened behind the screen; comes from the device's threads."""

        def __init__(self, event: DeviceEvent) -> None:
            super().__init__()
            self.event = event

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

    def __init__(self, *, scanner: Scanner | None, rubbish: Rubbish | None) -> None:
        super().__init__(scanner)
        self.desk: Desk | None = None
        self._rubbish = rubbish
        self._last_input_s = 0.0
        self._bells: Bells | None = None
        self._gathering = False

    def sign_out(self, said: str = "") -> None:
        """Close everything, and say why."""
        raise NotImplementedError

    @property
    def page(self) -> CartScreen:
        """The page that is open, below whatever asks something on top of it."""
        return next(screen for screen in reversed(self.screen_stack) if isinstance(screen, CartScreen))

    @property
    def _has_page(self) -> bool:
        # None while the program ends: its timers may outlive its pages by a moment.
        return any(isinstance(screen, CartScreen) for screen in self.screen_stack)

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
            self.notify(
                "\n".join(new[:4]), title=_("Orders ({n} wait)").format(n=len(orders)), timeout=15, markup=False
            )

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
        self.notify(said.text(), severity="error", timeout=60, markup=False)

    @on(Worker.StateChanged)
    def _worker_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.show_failure(event.worker.error)
