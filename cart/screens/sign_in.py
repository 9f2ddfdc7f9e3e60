"""Nobody is signed in: a badge is scanned or typed, then the PIN. Says what works without the server."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.containers import Container, Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static
from textual.worker import Worker

from cart.keys import Key, bindings
from cart.screens.base import CartScreen
from cart.widgets.number_pad import NumberPad, type_into
from wardlink.errors import Unreachable, WardlinkError
from wardlink.i18n import N_, domain

if TYPE_CHECKING:
    from cart.usecases.session import Session
    from cart.usecases.ward_list import Row

_ = domain("cart").gettext


class SignInScreen(CartScreen):
    """The first page, below all others."""

    KEYS: ClassVar = (Key("ctrl+q", "app.quit", None, N_("End the program.")),)
    BINDINGS = bindings(KEYS)

    class Came(Message):
        """Somebody was let in, and the beds were read for them."""

        def __init__(self, session: Session, rows: tuple[Row, ...]) -> None:
            super().__init__()
            self.session = session
            self.rows = rows

    class Refused(Message):
        """Nobody was let in."""

        def __init__(self, error: WardlinkError) -> None:
            super().__init__()
            self.error = error

    def __init__(self) -> None:
        super().__init__()
        self._said = ""
        self._is_trouble = False
        self._busy = False
        self._badge = ""

    def body(self) -> Iterable[Widget]:
        """Badge, PIN, a pad for fingers."""
        with Container(id="sign-in-page"), Vertical(id="sign-in"):
            yield Static(_("Nursing cart"), id="sign-in-title", markup=False)
            yield Static(_("Scan your badge, or type its number."), classes="sign-in-hint", markup=False)
            with Horizontal(classes="sign-in-row"):
                yield Static(_("Badge"), classes="sign-in-label", markup=False)
                yield Input(value=self._badge, id="badge", max_length=20, compact=True)
            with Horizontal(classes="sign-in-row"):
                yield Static(_("PIN"), classes="sign-in-label", markup=False)
                yield Input(id="pin", password=True, max_length=12, compact=True)
            yield Static("", id="sign-in-said", markup=False)
            yield Static("", id="sign-in-offline", markup=False)
            yield NumberPad(keys="123456789⌫0⏎", rows=3 if self.app.size.height >= 30 else 1)

    def bar(self) -> tuple[Key, ...]:
        """Only what works without a name."""
        return tuple(key for key in super().bar() if key.action in ("help", "language"))

    def on_mount(self) -> None:
        """Begin with the badge."""
        self._show()
        self.query_one("#pin" if self._badge else "#badge", Input).focus()

    def show_frame(self) -> None:
        """The server came or went, or the device is open now: as the status line says, so does the page."""
        super().show_frame()
        self._show()

    def badge_scanned(self, text: str) -> None:
        """A badge: the PIN comes next."""
        self._badge = text.strip().upper()
        self.query_one("#badge", Input).value = self._badge
        self.query_one("#pin", Input).focus()
        self.cart.read_beds_ahead()

    def signed_out(self, said: str) -> None:
        """Begin anew with the badge."""
        self._say(said, trouble=False)
        for name in ("#badge", "#pin"):
            self.query_one(name, Input).value = ""
        self.query_one("#badge", Input).focus()

    @on(Input.Changed, "#badge")
    def _badge_changed(self, event: Input.Changed) -> None:
        self._badge = event.value

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        self._go_on()

    @on(NumberPad.Pressed)
    def _pad(self, event: NumberPad.Pressed) -> None:
        field = self.focused if isinstance(self.focused, Input) else self.query_one("#badge", Input)
        type_into(field, event.key, enter=self._go_on)

    def _go_on(self) -> None:
        badge, pin = self.query_one("#badge", Input), self.query_one("#pin", Input)
        if not badge.value.strip():
            badge.focus()
        elif not pin.value:
            pin.focus()
            self.cart.read_beds_ahead()
        elif not self._busy and self.cart.desk is not None:
            self._busy = True
            self._say(_("Checking ..."), trouble=False)
            self._sign_in(badge.value, pin.value)

    @work(thread=True, exit_on_error=False)
    def _sign_in(self, badge: str, pin: str) -> None:
        from cart.usecases.session import sign_in

        ward = self.desk.ward
        try:
            session = sign_in(ward, badge, pin)
            self.post_message(self.Came(session, self.desk.ward_list.rows(ward.clock.now())))
        except WardlinkError as error:
            self.post_message(self.Refused(error))

    @on(Worker.StateChanged)
    def _worker_ended(self, event: Worker.StateChanged) -> None:
        """Whatever it ended with, the next try may begin; the base says what went wrong."""
        if event.worker.is_finished:
            self._busy = False

    @on(Came)
    def _came(self, event: Came) -> None:
        self.query_one("#pin", Input).value = ""
        self.cart.signed_in(event.session, event.rows)

    @on(Refused)
    def _refused(self, event: Refused) -> None:
        pin = self.query_one("#pin", Input)
        pin.value = ""
        pin.focus()
        away = _("Not signed in: the server is away, and this badge was not checked on this cart in the last 12 hours.")
        self._say(away if isinstance(event.error, Unreachable) else event.error.text(), trouble=True)

    def _say(self, text: str, *, trouble: bool) -> None:
        self._said, self._is_trouble = text, trouble
        self._show()

    def _show(self) -> None:
        if not self.query("#sign-in-said"):
            return
        said = self.query_one("#sign-in-said", Static)
        said.update(self._said)
        said.set_class(self._is_trouble, "-trouble")
        desk = self.cart.desk
        status = desk.status if desk else None
        away = status is not None and not status.server_alive and not self._is_trouble
        offline = _("The server is away. Who has signed in on this cart within the last 12 hours can sign in now.")
        self.query_one("#sign-in-offline", Static).update(offline if away else "")

    def on_key(self, event: events.Key) -> None:
        """Down and up walk between the two fields."""
        if event.key in ("down", "up"):
            event.stop()
            self.focus_next() if event.key == "down" else self.focus_previous()
