"""Keys on their way to the page: a scanner that types is told from a person before anything happens.

Where no text field has the focus, a character waits a moment, so that the letters of a barcode never act as
keys. In a text field it is shown at once, and taken out again when it turns out to be a scan.
"""

from __future__ import annotations

from textual import events
from textual.timer import Timer
from textual.widgets import Input

from cart.usecases.scan import Burst, Scanner
from wardlink.terminal.keys_in_order import KeysInOrder

_WAITS_GAPS = 1.5
_SEPARATOR = "\x1d"
"""Between the elements of a GS1 code; a scanner types it as Ctrl and ], which no field prints."""


class ScanGate(KeysInOrder):
    """Mixed into the app, before `App`. What a scanner has read goes to `scanned`, without the scanner's prefix."""

    def __init__(self, scanner: Scanner | None = None) -> None:
        super().__init__()
        self._scanner = scanner or Scanner()
        self._burst = Burst(self._scanner)
        self._ended_s = float("-inf")
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
        if event.key in self._scanner.ends:
            return await self._ends(event)
        if event.character == _SEPARATOR and self._burst.goes_on(event.time):
            self._burst.feed(_SEPARATOR, event.time)
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

    async def _ends(self, event: events.Key) -> bool:
        text = self._burst.end(event.time)
        if text is not None and text.startswith(self._scanner.prefix):
            self._ended_s = event.time
            self._take_back(text)
            return True
        # Some scanners end a code twice; the second end must not close what the first one opened.
        if event.time - self._ended_s <= self._scanner.gap_s:
            return True
        await self._let_go()
        return False

    def _remember_field(self) -> None:
        focused = self.focused
        self._before = (focused, focused.value, focused.cursor_position) if isinstance(focused, Input) else None

    def _take_back(self, text: str) -> None:
        self._forget_timer()
        self._held.clear()
        self.drop_keys_behind(len(text.replace(_SEPARATOR, "")))
        code = text.removeprefix(self._scanner.prefix)
        before, self._before = self._before, None
        if before is None:
            self.scanned(code)
            return
        field, value, cursor = before

        def restore() -> None:
            field.value = value
            field.cursor_position = cursor
            self.call_later(self.scanned, code)

        # Behind the keys that still wait in the field's own queue: a scanner is faster than a field.
        field.call_later(restore)

    def _hold(self, event: events.Key) -> None:
        self._held.append(event)
        self._forget_timer()
        self._waiting = self.set_timer(self._scanner.gap_s * _WAITS_GAPS, self._let_go)

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
