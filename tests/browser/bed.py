"""The bed's screen in a real browser: what it has drawn, what a camera sees of it, and a finger on its glass."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import httpx2
import numpy as np
import zxingcpp
from PIL import Image

from tests.browser.visitor import Window

_LETTER = """() => {
    const high = Number(document.getElementById("terminal").dataset.fontSize);
    const letter = document.createElement("span");
    letter.style.cssText = `position: absolute; visibility: hidden; font: ${high}px "Roboto Mono", monospace`;
    letter.textContent = "W";
    document.body.append(letter);
    const drawn = letter.getBoundingClientRect();
    letter.remove();
    return [high, drawn.width, drawn.height];
}"""


@dataclass(frozen=True)
class Letter:
    """How large one letter is, in pixels of the page: its height, and the cell and row that it stands in."""

    high: float
    cell: float
    row: float


class BedScreenWindow:
    """The bed's screen in a window: what was drawn since its beginning, and what a camera sees now."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self._drawn: list[bytes] = []
        window.page.on("websocket", lambda socket: socket.on("framereceived", self._hear))

    def _hear(self, frame: Any) -> None:
        self._drawn.append(frame.encode() if isinstance(frame, str) else bytes(frame))

    def drawn(self) -> str:
        """All of it, with what is no words."""
        return b"".join(self._drawn).decode(errors="replace")

    def wait(self, words: str) -> None:
        """Until these words have been drawn."""
        self.window.wait(words, lambda: words in self.drawn())

    def type(self, *keys: str) -> None:
        """Keys, one after the other."""
        for key in keys:
            self.window.page.keyboard.press(key)

    def code(self) -> str | None:
        """What a telephone's camera reads off the screen."""
        picture = np.array(Image.open(io.BytesIO(self.window.page.screenshot())).convert("L"))
        found = zxingcpp.read_barcodes(picture)
        return found[0].text if found else None

    def letter_px(self) -> Letter:
        """As this page draws it now."""
        return Letter(*self.window.page.evaluate(_LETTER))

    def forget(self) -> None:
        """What was drawn before counts no longer."""
        self._drawn.clear()

    def tap(self, x: float, y: float) -> None:
        """A finger, on this share of the window's width and height."""
        size = self.window.page.viewport_size
        self.window.page.touchscreen.tap(x * size["width"], y * size["height"])

    def press(self, what: str, *keys: str) -> None:
        """Keys, and then until these words have been drawn."""
        self.forget()
        self.type(*keys)
        self.wait(what)


def answers(address: str) -> bool:
    """Whether a page is served there."""
    try:
        return httpx2.get(address, timeout=2, trust_env=False).status_code < 400
    except httpx2.HTTPError:
        return False
