"""The board and the station in a real Chromium, each change with the browser's own time of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from wardlink.errors import Misconfigured, Unreachable
from wardlink.i18n import N_
from workbench.bench.browser_taps import BROWSER, QUIET

WIDTH, HEIGHT = 1920, 1080
"""A screen on a wall."""
PATIENCE_S = 60.0

_NO_BROWSER = N_("There is no Chromium on this machine. make system-deps installs it.")
_NOT_SHOWN = N_("After {seconds:g} seconds the page does not show what it should.")

_AWAKE = (
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
)

# Two frames after the picture is whole it has been painted: the first may still be the one that was under way.
_PAINTED = """
(wanted) => {
  window.paintedMs = 0;
  const whole = () => {
    const tiles = document.querySelectorAll(".tile");
    if (tiles.length < wanted) return false;
    const values = (tile) => [...tile.querySelectorAll(".cells .value")].filter((e) => e.textContent.trim());
    return [...tiles].every((tile) => values(tile).length === 5);
  };
  const look = () => {
    if (!window.paintedMs && whole()) {
      watch.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => { window.paintedMs ||= performance.now(); }));
    }
  };
  const watch = new MutationObserver(look);
  watch.observe(document, { childList: true, subtree: true, characterData: true });
  addEventListener("DOMContentLoaded", look);
}
"""

_TEMPERATURES = """
window.seen = {};
const before = {};
new MutationObserver(() => {
  for (const cell of document.querySelectorAll('.tile [data-cell="temp"] .value')) {
    const bed = cell.closest(".tile").dataset.bed, text = cell.textContent;
    if (before[bed] !== undefined && before[bed] !== text) window.seen[bed + " " + text] ||= Date.now();
    before[bed] = text;
  }
}).observe(document, { childList: true, subtree: true, characterData: true });
"""

_ALARMS = """
window.seen = {};
new MutationObserver(() => {
  for (const row of document.querySelectorAll("[data-alert]")) window.seen[row.dataset.alert] ||= Date.now();
}).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-alert"] });
"""

_SILENT = """
window.seen = {};
new MutationObserver(() => {
  for (const chip of document.querySelectorAll(".device[data-device]")) {
    const name = chip.dataset.device;
    if (chip.classList.contains("good")) window.seen[name] = 0;
    else if (window.seen[name] === 0 && chip.closest(".tile").matches(".is-silent")) window.seen[name] = Date.now();
  }
}).observe(document, { childList: true, subtree: true, characterData: true, attributes: true });
"""


class Watching:
    """One page that writes down when it first showed what. Times are those of this machine's clock, in ms."""

    def __init__(self, page: Any) -> None:
        self._page = page

    def seen(self) -> dict[str, float]:
        """What it has shown, and when."""
        found: dict[str, float] = self._page.evaluate("window.seen")
        return found

    def pause(self, seconds: float) -> None:
        """Let the browser speak for so long."""
        self._page.wait_for_timeout(seconds * 1e3)


class Chromium:
    """A browser that is signed in. `url`: the server's; `token`: of the session."""

    def __init__(self, browser: Any, url: str, token: str) -> None:
        self._browser = browser
        self.url = url
        self._cookie = {"name": "wardlink_session", "value": token, "url": url}

    def painted_ms(self, address: str, tiles: int) -> tuple[float, str]:
        """Milliseconds from the address until so many tiles stand there with every value, and the page's HTML then.

        With an empty cache.

        Raises:
            Unreachable: they never came.
        """
        with self._page(f"({_PAINTED})({tiles})") as page:
            page.goto(address, wait_until="commit")
            self._wait(page, "window.paintedMs")
            took_ms: float = page.evaluate("window.paintedMs")
            return took_ms, page.content()

    @contextmanager
    def board(self, ward: str) -> Iterator[Watching]:
        """The ward's board, which writes down every new temperature as "BED VALUE"."""
        with self._opened(_TEMPERATURES, f"/board/?ward={ward}", ".tile") as watching:
            yield watching

    @contextmanager
    def devices(self, ward: str) -> Iterator[Watching]:
        """The ward's board, which writes down since when a device is shown as silent; 0: it is not."""
        with self._opened(_SILENT, f"/board/?ward={ward}", ".tile") as watching:
            yield watching

    @contextmanager
    def station(self, ward: str) -> Iterator[Watching]:
        """The ward's station, which writes down every alert by its id."""
        with self._opened(_ALARMS, f"/board/station?ward={ward}", ".alarms") as watching:
            yield watching

    @contextmanager
    def _opened(self, script: str, path: str, selector: str) -> Iterator[Watching]:
        with self._page(script) as page:
            page.goto(self.url + path)
            self._wait(page, f"document.querySelector({selector!r}) && window.socket && window.socket.connected")
            yield Watching(page)

    @contextmanager
    def _page(self, script: str) -> Iterator[Any]:
        context = self._browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
        try:
            context.set_default_timeout(PATIENCE_S * 1e3)
            context.add_cookies([self._cookie])
            page = context.new_page()
            page.add_init_script(script)
            yield page
        finally:
            context.close()

    def _wait(self, page: Any, condition: str) -> None:
        from playwright.sync_api import TimeoutError as NeverCame

        try:
            page.wait_for_function(condition)
        except NeverCame as exc:
            raise Unreachable(_NOT_SHOWN, seconds=PATIENCE_S) from exc


def browser_path() -> str:
    """Where Chromium is.

    Raises:
        Misconfigured: nowhere.
    """
    found = next(filter(None, map(shutil.which, BROWSER)), None)
    if found is None:
        raise Misconfigured(_NO_BROWSER)
    return found


@contextmanager
def chromium(url: str, token: str) -> Iterator[Chromium]:
    """A browser until the end of the block.

    Raises:
        Misconfigured: there is none.
    """
    from playwright.sync_api import sync_playwright

    path = browser_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, *_AWAKE])
        try:
            yield Chromium(browser, url, token)
        finally:
            browser.close()
