"""What every page about one stay does: reads it, notes that it was opened, and goes when the stay has gone."""

from __future__ import annotations

from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual import on, work
from textual.message import Message

from cart.screens.base import CartScreen
from cart.widgets.identity import Identity
from wardlink.i18n import domain

if TYPE_CHECKING:
    from textual.geometry import Size

    from cart.app import CartApp
    from cart.desk import Desk

_ = domain("cart").gettext

P = TypeVar("P")

AHEAD_S = 0.05
"""So long a page waits for what is read ahead, to be painted once; what takes longer is painted when it comes."""


class StayPage(CartScreen, Generic[P]):
    """A page about one stay. `found` is what was read of it last; None before that."""

    OPENED_AS: ClassVar[str]
    """What the access audit calls this page."""
    AGES: ClassVar[bool] = True
    """Whether what it shows grows older by the second."""

    class StayRead(Message):
        """The stay as it is now; `found` None: it is not known here any more."""

        def __init__(self, found: Any) -> None:
            super().__init__()
            self.found = found

    def __init__(self, encounter: str) -> None:
        super().__init__()
        self.encounter = encounter
        self.found: P | None = None
        self._is_noted = False
        self._ahead: Future[P | None] | None = None
        self._shown_in: Size | None = None

    def read_stay(self, desk: Desk) -> P | None:
        """What the page shows of the stay; None if the cart does not know it any more. Runs in a worker."""
        raise NotImplementedError

    def show_stay(self, found: P) -> None:
        """Put it on the screen. Somebody is signed in, and the widgets are there."""
        raise NotImplementedError

    def was_read(self, found: P) -> None:
        """It was read and will be shown: adjust what was chosen before."""

    def on_mount(self) -> None:
        """Show what was read ahead, if it is there."""
        self.desk.touched.add(self.encounter)
        if self._ahead is not None:
            with suppress(TimeoutError):
                self._take(self._ahead.result(timeout=AHEAD_S))

    def came_back(self) -> None:
        """Something may have been entered."""
        self.ward_changed()

    def ward_changed(self) -> None:
        """Read the stay again; the first time, write down that it was opened."""
        if self._ahead is None:
            self._read_stay()
        self._ahead = None

    def read_ahead(self, cart: CartApp) -> None:
        """Begin to read before the page is there: to paint an empty page takes as long as to read a full one."""
        self._ahead = Future()
        cart.run_worker(partial(self._read, cart, self._ahead), thread=True, exit_on_error=False)

    @work(thread=True, exclusive=True, group="stay", exit_on_error=False)
    def _read_stay(self) -> None:
        self._read(self.cart)

    def _read(self, cart: CartApp, ahead: Future[P | None] | None = None) -> None:
        from cart.usecases.session import opened

        desk = cart.desk
        if desk is None or desk.session is None:
            return
        found = self.read_stay(desk)
        if ahead is not None:
            ahead.set_result(found)
        self.post_message(self.StayRead(found))
        if not self._is_noted:
            self._is_noted = True
            opened(desk.ward, desk.session, self.encounter, self.OPENED_AS)

    @on(StayRead)
    def _stay_read(self, event: StayRead) -> None:
        if event.found is not self.found or event.found is None:
            self._take(event.found)

    def _take(self, found: P | None) -> None:
        if found is None:
            self.notify(_("This patient is no longer in this ward."), severity="warning")
            self.dismiss()
            return
        self.found = found
        self.was_read(found)
        self.show_again()

    def tick(self) -> None:
        """A second has passed."""
        if self.AGES:
            self.show_again()

    def on_resize(self) -> None:
        """Other columns fit."""
        if self._shown_in != self.app.size:
            self.show_again()

    def show_again(self) -> None:
        """Show what is known, where somebody is there to see it."""
        desk = self.cart.desk
        # The page may be told of a size before it has its widgets, and of a second after it has lost them.
        if self.found is not None and desk is not None and desk.session is not None and self.query(Identity):
            self._shown_in = self.app.size
            self.show_stay(self.found)
