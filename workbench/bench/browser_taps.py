"""How soon a finger on the bed's screen changes it in Chromium: from the touch until the new picture is painted."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from typing import Any

import httpx2

from wardlink.errors import Misconfigured, Unreachable
from wardlink.i18n import N_
from wardlink.process.child import Child, free_port

BROWSER = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDTH, HEIGHT = 1280, 800
_NO_BROWSER = N_("There is no Chromium on this machine. make system-deps installs it; --no-browser goes without.")
_NO_SCREEN = N_("The screen was not served; {log} says why.")
_NO_CHANGE = N_("A touch changed nothing within {seconds:g} seconds.")
PATIENCE_S = 10.0

_WATCH = """
// The picture that follows a touch: what the program sends for it, then two frames of the browser.
window.tapped = 0; window.painted = 0; window.heard = 0;
const Socket = window.WebSocket;
window.WebSocket = class extends Socket {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", () => {
      window.heard += 1;
      if (window.tapped && !window.painted) {
        requestAnimationFrame(() => requestAnimationFrame(() => { window.painted ||= performance.now(); }));
      }
    });
  }
};
addEventListener("pointerdown", () => { window.tapped = performance.now(); window.painted = 0; }, true);
"""


def taps_ms(folder: Path, taps: int) -> list[float]:
    """Milliseconds of so many touches that lead to the next page and back, after a first pair that is not counted.

    Raises:
        Misconfigured: there is no Chromium.
        Unreachable: the screen was not served, or did not change.
    """
    from playwright.sync_api import sync_playwright

    browser = next(filter(None, map(shutil.which, BROWSER)), None)
    if browser is None:
        raise Misconfigured(_NO_BROWSER)
    port, log = free_port(), folder / "screen.log"
    command = [sys.executable, "-m", "commands", "--lang", "zh", "bedside", "--sample", "--serve"]
    child = Child("screen", [*command, "--port", str(port)], log=log, environment={"WARDLINK_SCREEN_TOKEN": "bench"})
    child.start()
    try:
        address = f"http://127.0.0.1:{port}/?token=bench"
        _wait_served(address, log)
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=browser, args=list(QUIET))
            try:
                page = chromium.new_context(viewport={"width": WIDTH, "height": HEIGHT}, has_touch=True).new_page()
                page.add_init_script(_WATCH)
                page.goto(address)
                _until_quiet(page)
                return [wait for _ in range(1 + taps // 2) for wait in _there_and_back(page)][2:]
            finally:
                chromium.close()
    finally:
        child.stop()


def _there_and_back(page: Any) -> tuple[float, float]:
    return _tap(page, WIDTH - 140), _tap(page, 360)


def _tap(page: Any, x: int) -> float:
    page.touchscreen.tap(x, HEIGHT - 75)
    until_s = time.monotonic() + PATIENCE_S
    while not page.evaluate("window.painted"):
        if time.monotonic() > until_s:
            raise Unreachable(_NO_CHANGE, seconds=PATIENCE_S)
        page.wait_for_timeout(20)
    wait_ms: float = page.evaluate("window.painted - window.tapped")
    _until_quiet(page)
    return wait_ms


def _until_quiet(page: Any) -> None:
    """Until a moment has passed without a picture."""
    page.wait_for_selector("body.-first-byte")
    heard, before = 0, -1
    while not heard or heard != before:
        page.wait_for_timeout(400)
        before, heard = heard, page.evaluate("window.heard")


def _wait_served(address: str, log: Path) -> None:
    until_s = time.monotonic() + 60
    while time.monotonic() < until_s:
        try:
            if httpx2.get(address, timeout=2, trust_env=False).status_code < 400:
                return
        except httpx2.HTTPError:
            time.sleep(0.2)
    raise Unreachable(_NO_SCREEN, log=log)
