"""Somebody in front of a browser: signs in, looks, and waits until the page says something."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.browser.servers import MANAGER
from tests.waiting import wait_until
from workbench.ward import StaffPlan

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
TABLET = {"width": 1280, "height": 800}

_PATIENCE_S = 60.0
"""A machine with other work may let a page wait; what never comes fails all the same."""


@dataclass
class Window:
    """One window on one server. `asked` are the addresses that its pages have asked for."""

    page: Any
    url: str
    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open a page."""
        self.page.goto(self.url + path)

    def sign_in(self, person: StaffPlan = MANAGER, pin: str | None = None, then: str = "/board/?ward=w3") -> None:
        """Sign in and go on to `then`."""
        self.go(f"/board/sign-in?next={quote(then, safe='')}")
        self.page.fill("[name=badge]", person.badge)
        self.page.fill("[name=pin]", person.pin if pin is None else pin)
        self.page.click("main button[type=submit]")

    def tile(self, bed: str) -> Any:
        """The tile of a bed."""
        return self.page.locator(f'[data-bed="{bed}"]')

    def state(self, bed: str) -> str | None:
        """How a tile says its data is."""
        found: str | None = self.tile(bed).get_attribute("data-state")
        return found

    def value(self, bed: str, cell: str) -> str:
        """What stands in a cell of a tile."""
        found: str = self.tile(bed).locator(f'[data-cell="{cell}"] .value').inner_text()
        return found

    def text(self, selector: str = "body") -> str:
        """The visible text of the page, or of a part of it."""
        found: str = self.page.inner_text(selector)
        return found

    def wait(self, what: str, condition: Any, *, timeout_s: float = _PATIENCE_S) -> Any:
        """Wait until the page fulfils `condition`; one that is just being left fulfils nothing."""
        from playwright.sync_api import Error

        def look() -> Any:
            try:
                # Lets the browser speak to us between two looks.
                self.page.evaluate("0")
                return condition()
            except Error:
                return None

        return wait_until(look, what, timeout_s=timeout_s, every_s=0.05)

    def overflow_px(self) -> int:
        """How far the page is wider than the window."""
        found: int = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return found


class Browsing:
    """Opens windows in contexts of their own, and notes every address that is not the server's."""

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self._contexts: list[Any] = []
        self.foreign: list[str] = []

    def window(
        self, url: str, size: dict[str, int] | None = None, *, language: str | None = None, touch: bool = False
    ) -> Window:
        """A new window, of a new visitor; `touch`: on glass that feels a finger."""
        context = self._browser.new_context(viewport=size or DESK, has_touch=touch)
        context.set_default_timeout(_PATIENCE_S * 1000)
        self._contexts.append(context)
        if language is not None:
            context.add_cookies([{"name": "wardlink_language", "value": language, "url": url}])
        window = Window(context.new_page(), url)
        allowed = (url, url.replace("http", "ws", 1), "data:", "blob:")

        def note(request: Any) -> None:
            window.asked.append(request.url)
            if not request.url.startswith(allowed):
                self.foreign.append(request.url)

        context.on("request", note)
        window.page.on("websocket", note)
        window.page.on("pageerror", lambda error: window.faults.append(str(error)))
        return window

    def close(self) -> None:
        """Close every window."""
        for context in self._contexts:
            context.close()
