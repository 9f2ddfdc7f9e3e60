"""What every page about one stay does: reads it, notes that it was opened, and goes when the stay has gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual import on, work
from textual.message import Message

from cart.screens.base import CartScreen
from cart.widgets.identity import Identity
from wardlink.i18n import domain

if TYPE_CHECKING:
    from cart.desk import Desk

_ = domain("cart").gettext

P = TypeVar("P")


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

    def read_stay(self, desk: Desk) -> P | None:
        """What the page shows of the stay; None if the cart does not know it any more. Runs in a worker."""
        raise NotImplementedError

    def show_stay(self, found: P) -> None:
        """Put it on the screen. Somebody is signed in, and the widgets are there."""
        raise NotImplementedError

    def was_read(self, found: P) -> None:
        """It was read and will be shown: adjust what was chosen before."""

    def on_screen_resume(self) -> None:
        """Back from another page: something may have been entered. The first time it is being read already."""
        if self.found is not None:
            self.ward_changed()

    def ward_changed(self) -> None:
        """Read the stay again; the first time, write down that it was opened."""
        self._read_stay()

    @work(thread=True, exclusive=True, group="stay", exit_on_error=False)
    def _read_stay(self) -> None:
        from cart.usecases.session import opened

        desk = self.cart.desk
        if desk is None or desk.session is None:
            return
        self.post_message(self.StayRead(self.read_stay(desk)))
        if not self._is_noted:
            self._is_noted = True
            opened(desk.ward, desk.session, self.encounter, self.OPENED_AS)

    @on(StayRead)
    def _stay_read(self, event: StayRead) -> None:
        if event.found is None:
            self.notify(_("This patient is no longer in this ward."), severity="warning")
            self.dismiss()
            return
        self.found = event.found
        self.was_read(event.found)
        self.show_again()

    def tick(self) -> None:
        """A second has passed."""
        if self.AGES:
            self.show_again()

    def on_resize(self) -> None:
        """Other columns fit."""
        self.show_again()

    def show_again(self) -> None:
        """Show what is known, where somebody is there to see it."""
        desk = self.cart.desk
        # The page may be told of a size before it has its widgets, and of a second after it has lost them.
        if self.found is not None and desk is not None and desk.session is not None and self.query(Identity):
            self.show_stay(self.found)
