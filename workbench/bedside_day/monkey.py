"""A patient who touches anything: by a seed, on the program as it runs. It knows fields and keys, and no page."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events

from bedside.widgets.touch import Touch

if TYPE_CHECKING:
    from bedside.app import BedsideApp

SIZES = ((100, 32), (80, 24), (60, 20))
KEYS = ("up", "down", "left", "right", "enter", "escape", "tab", "space", "backspace", "a", "z", "0", "9", "水", "é")

_ACTS = {"touch": 60, "elsewhere": 4, "key": 12, "twice": 6, "at once": 5, "sign in": 5, "language": 2, "turn": 1}
"""What it does, and how often beside each other."""


class Monkey:
    """`act` does one thing. `touched` counts the fields by their pages and values; `pages` the pages seen."""

    def __init__(self, app: BedsideApp, seed: int, answers: Callable[[], tuple[str, str]]) -> None:
        self._app = app
        self._chance = random.Random(seed)
        self._answers = answers
        self.did: Counter[str] = Counter()
        self.pages: Counter[str] = Counter()
        self.last: list[str] = []

    async def act(self) -> None:
        """One thing; afterwards it may have left the page."""
        name = self._chance.choices(list(_ACTS), list(_ACTS.values()))[0]
        page = type(self._app.screen).__name__
        self.did[name] += 1
        self.pages[page] += 1
        match name:
            case "touch":
                said = self._touch(1)
            case "twice":
                said = self._touch(2)
            case "at once":
                said = " then ".join(self._touch(1) for _ in range(4))
            case "elsewhere":
                size = self._app.size
                said = self._finger(self._chance.randrange(size.width), self._chance.randrange(size.height))
            case "key":
                said = self._key(self._chance.choice(KEYS))
            case "sign in":
                said = self._sign_in()
            case "language":
                said = "language"
                await self._app.do_language()
            case _:
                said = self._turn()
        self.last = [*self.last[-20:], f"{page}: {name} {said}"]

    def _touch(self, times: int) -> str:
        touches = [touch for touch in self._app.screen.query(Touch) if touch.focusable and touch.region.area]
        # Call is on every page; a patient who only calls would see nothing else.
        rare = [touch for touch in touches if touch.id in ("call", "language", "night", "home-night", "visitors")]
        common = [touch for touch in touches if touch not in rare]
        if not touches:
            return "nothing"
        some = rare if rare and (not common or self._chance.random() < 0.12) else common
        touch = self._chance.choice(some)
        x, y = touch.region.center
        for _ in range(times):
            self._finger(int(x), int(y))
        return touch.value

    def _finger(self, x: int, y: int) -> str:
        for kind in (events.MouseDown, events.MouseUp):
            self._app.post_message(kind(None, x, y, 0, 0, 1, False, False, False))
        return f"{x},{y}"

    def _key(self, key: str) -> str:
        self._app.post_message(events.Key(key, key if len(key) == 1 else None))
        return key

    def _sign_in(self) -> str:
        """What a patient types, where it is asked; elsewhere they begin."""
        if type(self._app.screen).__name__ != "IdentifyScreen":
            self._app.do_identify()
        number, second = self._answers()
        for key in (*["backspace"] * 20, *number, "enter", *second, "enter"):
            self._key(key)
        return "answers"

    def _turn(self) -> str:
        from textual.drivers.headless_driver import HeadlessDriver
        from textual.geometry import Size

        size = Size(*self._chance.choice(SIZES))
        if isinstance(self._app._driver, HeadlessDriver):
            self._app._driver._size = size
        self._app.post_message(events.Resize(size, size))
        return f"{size.width}x{size.height}"
