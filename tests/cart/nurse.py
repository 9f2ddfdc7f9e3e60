"""The cart's program under the hands of a nurse: on the sample ward or on a real device, for tests of the screens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any

from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from cart.app import CartApp
from cart.ports import Ward
from cart.sample import BADGE, PIN, SampleWard
from cart.screens.vitals import VitalsScreen
from cart.usecases.draft import Draft
from cart.widgets.findings_panel import FindingsPanel
from cart.widgets.form_row import FormRow
from cart.widgets.grid import Grid
from cart.widgets.score_panel import ScorePanel
from tests.heard import heard, idle, is_busy
from tests.waiting import wait_for
from wardlink.clock import FixedClock
from wardlink.i18n import language, set_process_language

AT = datetime(2026, 11, 23, 2, 42, 7, tzinfo=UTC)
"""10:42:07 in the ward."""

DESIGN, SMALL = (120, 36), (80, 24)
SIZES = (DESIGN, SMALL)

NAMES = {".": "full_stop", " ": "space", "-": "minus", ":": "colon", "/": "slash", "!": "exclamation_mark"}
"""What Textual calls the keys that are no letters."""


_SEPARATORS = {"\x1d": "ctrl+right_square_bracket"}


@contextmanager
def process_language(code: str) -> Iterator[None]:
    """The program speaks this language; afterwards the former one."""
    before = language()
    set_process_language(code)
    try:
        yield
    finally:
        set_process_language(before)


class Nurse:
    """Hands and eyes. `keys`: how many keys were pressed so far."""

    def __init__(self, app: CartApp, pilot: Pilot[Any]) -> None:
        self.app, self.pilot = app, pilot
        self.keys = 0

    # -- hands

    async def settle(self) -> None:
        """Until nothing runs behind the screen and everything said has been heard."""
        await wait_for(lambda: self.app.desk is not None and self.app.desk.status is not None, "the device is open")
        await heard(self.app)
        while self.app._held or is_busy(self.app):
            await wait_for(lambda: not self.app._held, "the key that might have been a scanner's is let go")
            await idle(self.app)
            await heard(self.app)

    async def press(self, *keys: str) -> None:
        """Keys by Textual's names, one after the other."""
        for key in keys:
            self._post(key, key if len(key) == 1 else None)
            await self.settle()
        await self.settle()

    async def typed(self, text: str, *after: str) -> None:
        """Characters, slowly enough for a person, and then keys."""
        for char in text:
            self._post(NAMES.get(char, char), char)
        await self.press(*after)

    def _post(self, key: str, char: str | None) -> None:
        """A key that a person presses: a while after the one before, by its own time."""
        self.keys += 1
        event = events.Key(key, {"enter": "\r", "space": " "}.get(key, char))
        event.time += self.keys
        self.app.post_message(event)

    async def fill(self, *values: str) -> None:
        """Type each value and walk on."""
        for value in values:
            await self.typed(value, "enter")

    async def scan(self, text: str, end: str = "enter") -> None:
        """A scanner types: everything at once, with Enter or Tab at the end."""
        self.keys += 1
        typed = [(_SEPARATORS.get(char, char), char) for char in text]
        scan = [events.Key(key, char) for key, char in (*typed, (end, "\r" if end == "enter" else "\t"))]
        # By the scanner's clock: a machine that stops for a moment between two of these lines is not the scanner's.
        begun_s = scan[0].time + self.keys
        for index, event in enumerate(scan):
            event.time = begun_s + index * 0.002
            self.app.post_message(event)
        await self.settle()

    async def sign_in(self, badge: str = BADGE, pin: str = PIN) -> None:
        """Badge and PIN by keyboard."""
        await self.settle()
        await self.typed(badge, "enter")
        await self.typed(pin, "enter")

    async def open(self, bed: str) -> None:
        """Open the patient in `bed` from the ward."""
        await self.typed(bed, "enter")
        await wait_for(lambda: self.page == "PatientScreen", f"bed {bed} is open")
        await self.settle()

    async def begin_vitals(self, bed: str = "12") -> None:
        """Sign in, and open the form for the patient in `bed`."""
        await self.sign_in()
        await self.open(bed)
        await self.press("v")
        await wait_for(lambda: self.page == "VitalsScreen", "the form is open")
        await wait_for(lambda: self.form.exam() is not None, "the form knows its patient")

    async def tap(self, widget: Any, offset: tuple[int, int]) -> None:
        """A finger on a widget."""
        await self.pilot.click(widget, offset=offset)
        await self.settle()

    async def pass_time(self, clock: FixedClock, seconds: float) -> None:
        """Let time pass, and the screen notice."""
        clock.advance(seconds)
        self.app._tick()
        await self.settle()

    async def changed(self) -> None:
        """What others have done comes to the screen."""
        self.app.look_again()
        await self.settle()

    # -- eyes

    @property
    def page(self) -> str:
        """Which page or question is on top."""
        return type(self.app.screen).__name__

    @property
    def form(self) -> VitalsScreen:
        """The form for vital signs."""
        assert isinstance(self.app.page, VitalsScreen)
        return self.app.page

    @property
    def draft(self) -> Draft:
        """What stands in the form."""
        return self.form.draft

    @property
    def field(self) -> str:
        """The reading that has the focus."""
        row = self.form._row_in_focus()
        return row.key if row is not None else ""

    def text(self) -> str:
        """Everything that can be read now, a line a row."""
        return "\n".join(strip.text.rstrip() for strip in self.app.screen._compositor.render_strips())

    def line(self, *words: str) -> str:
        """The first row that holds all these words."""
        found = [line for line in self.text().splitlines() if all(word in line for word in words)]
        assert found, f"no line says {words}:\n{self.text()}"
        return found[0]

    def findings(self) -> str:
        """What the form says about the set."""
        return str(self.form.query_one(FindingsPanel).content)

    def score(self) -> str:
        """What the form says about NEWS2."""
        return str(self.form.query_one(ScorePanel).content)

    def row(self, key: str) -> FormRow:
        """A row of the form."""
        return self.form.query_one(f"#row-{key}", FormRow)

    def grid(self, name: str) -> Grid:
        """A table of the page."""
        return self.app.page.query_one(f"#{name}", Grid)

    def notes(self) -> list[str]:
        """What was said in passing."""
        return [str(note.message) for note in self.app._notifications]

    def value(self, name: str) -> str:
        """What stands in a field of the screen on top."""
        return self.app.screen.query_one(f"#{name}", Input).value


@asynccontextmanager
async def cart(
    size: tuple[int, int] = DESIGN, *, speaks: str = "zh_CN", ward: Callable[[], Ward] | None = None
) -> AsyncIterator[Nurse]:
    """The program, running on `ward`: a fresh sample unless given."""
    app = CartApp(ward or sample, named="C2")
    app.NOTIFICATION_TIMEOUT = 3600  # What was said in passing is still there, however slow the machine is.
    with process_language(speaks):
        async with app.run_test(size=size, notifications=True) as pilot:
            nurse = Nurse(app, pilot)
            await nurse.settle()
            yield nurse


def sample(at: datetime = AT) -> SampleWard:
    """The invented ward, its clock standing still."""
    return SampleWard(FixedClock(at))


def sample_of(nurse: Nurse) -> SampleWard:
    """The invented ward behind the program."""
    assert nurse.app.desk is not None
    assert isinstance(nurse.app.desk.ward, SampleWard)
    return nurse.app.desk.ward


def clock_of(nurse: Nurse) -> FixedClock:
    """The clock that stands still."""
    clock = sample_of(nurse).clock
    assert isinstance(clock, FixedClock)
    return clock
