"""What every page has: the status line and the call banner on top, the keys at the bottom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from cart.keys import Key
from cart.widgets.call_banner import CallBanner
from cart.widgets.key_bar import KeyBar
from cart.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from textual.geometry import Size

    from cart.app import CartApp
    from cart.desk import Desk
    from cart.usecases.session import Session
    from wardlink.messages.alerts import AlertView


WIDTHS = [(0, "-narrow"), (110, "-wide")]
HEIGHTS = [(0, "-short"), (30, "-tall")]
"""From so many cells on, a page is of that class."""


def size_classes(size: Size) -> dict[str, bool]:
    """Which of these classes a page of this size has, and which not."""
    fits: dict[str, bool] = {}
    for cells, classes in ((size.width, WIDTHS), (size.height, HEIGHTS)):
        found = max(least for least, _name in classes if cells >= least)
        fits |= {name: least == found for least, name in classes}
    return fits


class CartScreen(Screen[None]):
    """A page of the cart. It shows what the use cases say, and sends what the nurse does back to them."""

    KEYS: ClassVar[tuple[Key, ...]] = ()

    def __init__(self) -> None:
        super().__init__()
        self._is_painted = False
        self._was_on_top = False

    def compose(self) -> ComposeResult:
        """The frame, around what the page itself has."""
        self.update_classes(size_classes(self.app.size), update=False)
        yield StatusLine()
        yield CallBanner()
        yield from self.body()
        yield KeyBar(self.bar())

    def body(self) -> Iterable[Widget]:
        """The widgets of the page."""
        raise NotImplementedError

    def bar(self) -> tuple[Key, ...]:
        """The keys along the bottom."""
        from cart.app import GLOBAL_KEYS

        return (*self.KEYS, *GLOBAL_KEYS)

    def on_mount(self) -> None:
        """Show what there is."""
        self.call_after_refresh(self._painted)
        self.show_frame()
        self.ward_changed()

    def update_node_styles(self, animate: bool = True) -> None:
        """Style every widget of the page anew, but not before it is there: they were styled one by one as they came."""
        if self._is_painted:
            super().update_node_styles(animate)

    def _painted(self) -> None:
        self._is_painted = True

    def on_screen_resume(self) -> None:
        """On top, for the first time or again."""
        if self._was_on_top:
            self.came_back()
        self._was_on_top = True

    def came_back(self) -> None:
        """The page above is gone: what was done there may have changed what this one shows."""

    @property
    def cart(self) -> CartApp:
        """The program."""
        return cast("CartApp", self.app)

    @property
    def desk(self) -> Desk:
        """What outlives the pages; pages behind the sign-in may rely on it."""
        desk = self.cart.desk
        assert desk is not None
        return desk

    @property
    def session(self) -> Session:
        """Who is signed in; pages behind the sign-in may rely on it."""
        session = self.desk.session
        assert session is not None
        return session

    def show_frame(self) -> None:
        """Show how the cart stands to the ward, and who calls."""
        desk = self.cart.desk
        if not self.query(StatusLine):
            return
        self.query_one(StatusLine).show(self.cart.where, desk.status if desk else None)
        if desk is not None:
            self.query_one(KeyBar).count(
                {
                    "calls": len(desk.calls),
                    "alerts": len(desk.alerts),
                    "cases": desk.cases,
                    "orders": len(desk.orders or ()),
                }
            )
            self.query_one(CallBanner).show(desk.calls, self._asked(desk), desk.ward.clock.now())

    def _asked(self, desk: Desk) -> list[AlertView]:
        from cart.usecases.alerts import rings_for

        return [view for view in desk.alerts if rings_for(view, desk.session)]

    def ward_changed(self) -> None:
        """Something in the ward is new: read again what the page shows."""

    def tick(self) -> None:
        """A second has passed: ages have grown."""

    def badge_scanned(self, text: str) -> None:
        """A badge was scanned while nobody was signed in."""

    def takes_scan(self, text: str) -> bool:
        """Something was scanned; whether it was meant for this page, which then has dealt with it."""
        return False

    def signed_out(self, said: str) -> None:
        """Nobody is signed in any more, for the reason `said`."""

    async def speak_anew(self) -> None:
        """Say everything in the language of now; what was typed stays."""
        await self.recompose()
        self.show_frame()
        self.ward_changed()

    @on(Worker.StateChanged)
    def _worker_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.cart.show_failure(event.worker.error)

    @on(KeyBar.Pressed, "KeyBar")
    async def _key_pressed(self, event: KeyBar.Pressed) -> None:
        name = event.value.partition("(")[0]
        owner = self if hasattr(self, f"action_{name}") else self.app
        await owner.run_action(event.value)
