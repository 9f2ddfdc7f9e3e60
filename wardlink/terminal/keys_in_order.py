"""A key is handed on when the one before it has been dealt with whole. Mixed into the cart's and the bedside's app.

Textual gives a key to the field that has the focus and does not wait for what the field does with it. What is typed
right behind an Enter, faster than a busy machine follows, would land in the field that Enter is about to leave: a
respiration of 25 and a pressure of 100 would become one number in one field and none in the other.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import events
from textual.message_pump import MessagePump
from textual.timer import Timer
from textual.widgets import Input

if TYPE_CHECKING:
    from textual.app import App

    _Base = App[int]
else:
    _Base = object

PATIENCE_S = 0.5
"""A key that is not dealt with by then, because its field is gone, holds the others up no longer."""


class _Way:
    """From stop to stop, each time behind what waits there; then `at_end`.

    A method, and the same at every stop: Textual looks once at what a callback takes, and that costs as much as
    handing it on a dozen times.
    """

    def __init__(self, stops: Iterable[MessagePump], at_end: Callable[[], object]) -> None:
        self._stops = deque(stops)
        self._at_end = at_end

    def go_on(self) -> None:
        while self._stops:
            if self._stops.popleft().post_message(events.Callback(self.go_on)):
                return
        self._at_end()


class KeysInOrder(_Base):
    """Mixed into the app, before `App`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._keys_behind: deque[events.Key] = deque()
        self._key_no = 0
        self._key_is_under_way = False
        self._key_patience: Timer | None = None

    async def on_event(self, event: events.Event) -> None:
        """Let everything through at once but keys, which wait for each other."""
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
        elif self._key_is_under_way:
            self._keys_behind.append(event)
        elif event.is_printable and isinstance(self.focused, Input):
            # A character stays in its field, and what follows it lines up there.
            await super().on_event(event)
        else:
            await self._hand_on(event)

    def drop_keys_behind(self, most: int) -> None:
        """Forget the last keys that still wait, at most so many: they were no person's."""
        for _ in range(min(most, len(self._keys_behind))):
            self._keys_behind.pop()

    async def _hand_on(self, event: events.Key) -> None:
        self._key_no += 1
        self._key_is_under_way = True
        self._key_patience = self.set_timer(PATIENCE_S, partial(self._dealt_with, self._key_no))
        # Behind the focus that the page may have asked the app for.
        way = _Way(self._stops(), partial(self.call_later, self._dealt_with, self._key_no))
        await super().on_event(event)
        way.go_on()

    def _stops(self) -> list[MessagePump]:
        # A key first climbs from the field to the app, which looks for what it is bound to; what that does in the
        # field climbs once more as messages. Twice at each stop: behind the message, and behind what it has led to.
        widget = self.focused or self.screen
        climb: list[MessagePump] = [pump for pump in (widget, *widget.ancestors) if pump is not self]
        return [pump for pump in (*climb, self) for _ in range(2)] * 2

    async def _dealt_with(self, key_no: int) -> None:
        if key_no != self._key_no or not self._key_is_under_way:
            return
        if self._key_patience is not None:
            self._key_patience.stop()
        self._key_is_under_way = False
        while self._keys_behind and not self._key_is_under_way:
            # Not by way of whoever stands before us: they have seen this key.
            await KeysInOrder.on_event(self, self._keys_behind.popleft())
