"""Keys on their way to the page: a scanner that types is told from a person before anything happens.

Where no text field has the focus, a character waits a moment, so that the letters of a barcode never act as
keys. In a text field it is shown at once, and taken out again when it turns out to be a scan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.timer import Timer
from textual.widgets import Input

from cart.usecases.scan import BURST_S, Burst

if TYPE_CHECKING:
    from textual.app import App

    _Base = App[int]
else:
    _Base = object

_WAIT_S = BURST_S * 1.5


class ScanGate(_Base):
    """Mixed into the app, before `App`. What a scanner has read goes to `scanned`."""

    def __init__(self) -> None:
        super().__init__()
        self._burst = Burst()
        self._held: list[events.Key] = []
        self._waiting: Timer | None = None
        self._before: tuple[Input, str, int] | None = None

    def scanned(self, text: str) -> None:
        """A scanner has read this."""
        raise NotImplementedError

    async def on_event(self, event: events.Event) -> None:
        """Let everything through but the keys of a scanner."""
        if isinstance(event, events.Key) and not event.is_forwarded and await self._takes(event):
            return
        await super().on_event(event)

    async def _takes(self, event: events.Key) -> bool:
        if event.key == "enter":
            text = self._burst.end(event.time)
            if text is None:
                await self._let_go()
                return False
            self._take_back()
            self.scanned(text)
            return True
        if event.character is None or not event.is_printable:
            await self._let_go()
            self._burst.drop()
            return False
        if not self._burst.feed(event.character, event.time):
            await self._let_go()
            self._remember_field()
        if self._before is not None:
            return False
        self._hold(event)
        return True

    def _remember_field(self) -> None:
        focused = self.focused
        self._before = (focused, focused.value, focused.cursor_position) if isinstance(focused, Input) else None

    def _take_back(self) -> None:
        self._forget_timer()
        self._held.clear()
        if self._before is not None:
            field, value, cursor = self._before
            field.value = value
            field.cursor_position = cursor
        self._before = None

    def _hold(self, event: events.Key) -> None:
        self._held.append(event)
        self._forget_timer()
        self._waiting = self.set_timer(_WAIT_S, self._let_go)

    def _forget_timer(self) -> None:
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None

    async def _let_go(self) -> None:
        """It was a person: what was held back happens now."""
        self._forget_timer()
        held, self._held = self._held, []
        for event in held:
            await super().on_event(event)
