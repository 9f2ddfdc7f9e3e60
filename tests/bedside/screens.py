"""The bedside program on its sample, with a clock that stands still: for the tests of the screens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any

from textual import events
from textual.pilot import Pilot
from textual.screen import Screen

from bedside.app import BedsideApp
from bedside.sample import LAST4, PLACE, SampleTerminal
from bedside.screens.base import BedScreen
from bedside.usecases.session import open_session
from bedside.widgets.touch import Touch
from bedside.widgets.words import Words
from tests.heard import heard, idle, is_busy
from tests.waiting import wait_for
from wardlink.clock import FixedClock
from wardlink.i18n import language, set_process_language

AT = datetime(2026, 11, 23, 2, 42, tzinfo=UTC)
"""10:42 in the ward, the second day of Minor Snow."""

DESIGN, EVEN, SMALL = (100, 32), (80, 24), (60, 20)
SIZES = (DESIGN, EVEN, SMALL)


@contextmanager
def process_language(code: str) -> Iterator[None]:
    """The program speaks this language; afterwards the former one."""
    before = language()
    set_process_language(code)
    try:
        yield
    finally:
        set_process_language(before)


def sample_app() -> tuple[BedsideApp, SampleTerminal, FixedClock]:
    """The program, the invented bed behind it, and its clock."""
    clock = FixedClock(AT)
    terminal = SampleTerminal(clock)
    return BedsideApp(lambda: (terminal, PLACE)), terminal, clock


class Hand:
    """A patient's finger, and eyes."""

    def __init__(self, app: BedsideApp, pilot: Pilot[Any], terminal: SampleTerminal, clock: FixedClock) -> None:
        self.app, self.pilot, self.terminal, self.clock = app, pilot, terminal, clock
        self.taps = 0
        self.trembles = False

    async def settle(self) -> None:
        """Until nothing runs behind the screen and everything said has been heard."""
        await settle(self.app)

    async def tap(self, name: str) -> None:
        """Touch the field of that id, where it is seen."""
        await self.touch_at(self.touch(name))

    async def touch_at(self, touch: Touch) -> None:
        """Touch this field in its middle."""
        self.finger(touch)
        await self.settle()

    def finger(self, touch: Touch) -> None:
        """Down and up on the middle of a field, as the terminal would tell it; nothing is waited for."""
        x, y = (int(part) for part in touch.region.center)
        assert touch.region.area, f"nothing to touch: {touch.id}"
        assert self.app.get_widget_at(x, y)[0] is touch, f"something lies over {touch.id}"
        self.taps += 1
        # However fast a test goes on, this is another tap than the one before.
        self.app._click_chain_last_time = None
        for kind in (events.MouseDown, events.MouseUp) * (2 if self.trembles else 1):
            self.app.post_message(kind(None, x, y, 0, 0, 1, False, False, False))

    async def press(self, *keys: str) -> None:
        """Keys of a keyboard, as fast as they come."""
        for key in keys:
            self.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await self.settle()

    async def paste(self, text: str) -> None:
        """Text from elsewhere, all at once."""
        self.app.post_message(events.Paste(text))
        await self.settle()

    async def login(self, second: str = LAST4, number: str = "026001") -> None:
        """Say who one is; the hospital's letters are there already."""
        await self.tap("identify")
        await self.press(*number)
        await self.tap("next")
        await self.press(*second)
        await self.tap("next")

    async def enter(self, second: str = LAST4, number: str = "ZY026001") -> None:
        """The same without the pad, for what lies behind it."""
        self.app.opened_by(open_session(self.terminal, number, second))
        await self.settle()

    async def pass_time(self, seconds: float) -> None:
        """Let time pass, and the screen notice."""
        self.clock.advance(seconds)
        self.app._tick()
        await self.settle()

    async def changed(self) -> None:
        """What others have done comes to the screen."""
        self.app.look_again()
        await self.settle()

    @property
    def page(self) -> str:
        """Which page is open."""
        return type(self.app.screen).__name__

    @property
    def page_screen(self) -> BedScreen:
        """The page that is open."""
        return self.app.page

    def text(self) -> str:
        """Everything that can be read now, a line a row."""
        return screen_text(self.app.screen)

    def words(self, name: str) -> str:
        """What the words of that id say."""
        return self.app.screen.query_one(f"#{name}", Words).text

    def touch(self, name: str) -> Touch:
        """The field of that id."""
        return self.app.screen.query_one(f"#{name}", Touch)


@asynccontextmanager
async def bedside(size: tuple[int, int] = DESIGN, *, speaks: str = "zh_CN") -> AsyncIterator[Hand]:
    """The program on the sample bed, running."""
    app, terminal, clock = sample_app()
    with process_language(speaks):
        async with app.run_test(size=size) as pilot:
            hand = Hand(app, pilot, terminal, clock)
            await hand.settle()
            yield hand


async def settle(app: BedsideApp) -> None:
    """Until nothing runs behind the screen and everything said has been heard."""
    await wait_for(lambda: app.bed is not None and app.bed.seen is not None, "the device is open")
    await heard(app)
    while is_busy(app):
        await idle(app)
        await heard(app)


def screen_text(screen: Screen[Any]) -> str:
    """What stands on the screen, a line a row."""
    return "\n".join(strip.text.rstrip() for strip in screen._compositor.render_strips())
