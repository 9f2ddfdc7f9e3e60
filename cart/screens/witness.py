"""The second nurse signs: her badge and her PIN, on top of the page of the one who gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from cart.widgets.buttons import Button, Buttons
from cart.widgets.number_pad import NumberPad, type_into
from wardlink.errors import Unreachable, WardlinkError
from wardlink.i18n import domain

if TYPE_CHECKING:
    from cart.app import CartApp
    from cart.usecases.session import Session

_ = domain("cart").gettext


class WitnessScreen(ModalScreen["Session | None"]):
    """The answer is the second nurse; None: nobody signed. `asked` says what she signs for.

    A badge alone can be borrowed, so her PIN is asked for too; without the server it is checked as at the sign-in.
    """

    BINDINGS: ClassVar = [("escape", "take_back")]

    class Signed(Message):
        """She was let in."""

        def __init__(self, session: Session) -> None:
            super().__init__()
            self.session = session

    class Refused(Message):
        """She was not."""

        def __init__(self, error: WardlinkError) -> None:
            super().__init__()
            self.error = error

    def __init__(self, asked: Callable[[], str], badge: str = "") -> None:
        super().__init__()
        self._asked = asked
        self._badge = badge
        self._busy = False

    def compose(self) -> ComposeResult:
        """What for, badge, PIN, a pad for fingers."""
        with Vertical(id="question"):
            yield Static(self._asked(), id="question-text", markup=False)
            yield Static(_("The second nurse: scan your badge, then your PIN."), markup=False)
            with Horizontal(classes="sign-in-row"):
                yield Static(_("Badge"), classes="sign-in-label", markup=False)
                yield Input(value=self._badge, id="badge", max_length=20, compact=True)
            with Horizontal(classes="sign-in-row"):
                yield Static(_("PIN"), classes="sign-in-label", markup=False)
                yield Input(id="pin", password=True, max_length=12, compact=True)
            yield Static("", id="witness-said", markup=False)
            yield NumberPad(keys="1234567890⌫⏎", rows=1)
            yield Buttons([Button("⏎", _("Enter"), "enter"), Button("Esc", _("Back"), "back")], id="question-end")

    def on_mount(self) -> None:
        """Begin with the badge, or the PIN where the badge was scanned."""
        self.query_one("#pin" if self._badge else "#badge", Input).focus()

    async def speak_anew(self) -> None:
        """Say it in the language of now."""
        await self.recompose()
        self.on_mount()

    def badge_scanned(self, text: str) -> None:
        """Her badge: the PIN comes next."""
        self._badge = text.strip().upper()
        self.query_one("#badge", Input).value = self._badge
        self.query_one("#pin", Input).focus()

    @on(Input.Changed, "#badge")
    def _badge_changed(self, event: Input.Changed) -> None:
        self._badge = event.value

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self._go_on()

    @on(Buttons.Pressed)
    def _pressed(self, event: Buttons.Pressed) -> None:
        if event.value == "back":
            self.action_take_back()
        else:
            self._go_on()

    @on(NumberPad.Pressed)
    def _pad(self, event: NumberPad.Pressed) -> None:
        field = self.focused if isinstance(self.focused, Input) else self.query_one("#pin", Input)
        type_into(field, event.key, enter=self._go_on)

    def _go_on(self) -> None:
        pin = self.query_one("#pin", Input)
        if not self._badge.strip():
            self.query_one("#badge", Input).focus()
        elif not pin.value:
            pin.focus()
        elif not self._busy:
            self._busy = True
            self._say(_("Checking ..."))
            self._sign(self._badge, pin.value)

    @work(thread=True, exit_on_error=False)
    def _sign(self, badge: str, pin: str) -> None:
        from cart.usecases.session import sign_in

        desk = cast("CartApp", self.app).desk
        assert desk is not None
        try:
            self.post_message(self.Signed(sign_in(desk.ward, badge, pin)))
        except WardlinkError as error:
            self.post_message(self.Refused(error))

    @on(Signed)
    def _signed(self, event: Signed) -> None:
        self._busy = False
        desk = cast("CartApp", self.app).desk
        if desk is None or desk.session is None or event.session.staff.id == desk.session.staff.id:
            self._begin_anew(_("This must be another nurse than the one who gives it."))
        elif event.session.staff.role not in ("nurse", "charge-nurse", "head-nurse"):
            self._begin_anew(_("Only a nurse can be the second one."))
        else:
            self.dismiss(event.session)

    @on(Refused)
    def _refused(self, event: Refused) -> None:
        self._busy = False
        away = _("The server is away, and this badge was not checked on this cart in the last 12 hours.")
        self._begin_anew(away if isinstance(event.error, Unreachable) else event.error.text())

    def _begin_anew(self, said: str) -> None:
        self._say("✖ " + said)
        pin = self.query_one("#pin", Input)
        pin.value = ""
        pin.focus()

    def _say(self, text: str) -> None:
        self.query_one("#witness-said", Static).update(text)

    def action_take_back(self) -> None:
        """Nobody signed."""
        self.dismiss(None)
