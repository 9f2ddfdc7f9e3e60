"""Takes the pictures of the README from a running demo: `python -m workbench.images`, or `make images`.

The ward of the pictures is begun anew each time, in a folder that goes away afterwards; everybody in it is invented.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from wardlink.errors import Misconfigured, WardlinkError
from wardlink.i18n import N_, set_process_language
from workbench.chart_picture import chart_picture
from workbench.demo.plan import MANAGES, SIGNS_IN
from workbench.demo.run import Demo, Order
from workbench.progress import ProgressLine

FOLDER = Path("docs/images")
MOST_BYTES = 200_000

BOARD = {"width": 1440, "height": 900}
FONT_PX = 16
# The design sizes, 120 by 36 and 100 by 32 cells; at this font a cell is 8 by 24.
CART = {"width": 960, "height": 864}
BEDSIDE = {"width": 800, "height": 768}
COLOURS = 128

STARTS_WITHIN_MS = 8_000
TYPED_EVERY_MS = 200
CATCHES_UP_MS = 4_000

SETTLED_S = 0.7
"""A screen that has said nothing for so long shows what it has to show; its clock ticks once a second."""

SETTLES_WITHIN_S = 3.0
AIR = ALERT = "1"
"""The first choice of oxygen and of consciousness."""

# Where a finger touches, as shares of a page of 100 by 32 cells.
BACK = (0.29, 0.92)
MEDICAL, REHABILITATION = (0.12, 0.31), (0.48, 0.54)
LIFE, MEALS = (0.58, 0.25), (0.17, 0.26)

SICK_BED = "10"
"""The bed of the patient whose score climbs."""

_NO_BROWSER = N_("The pictures need Chromium. Run: make system-deps")


class Screen:
    """One of our screens in a browser window: keys in, pictures out."""

    def __init__(self, page: Any, address: str) -> None:
        self._page = page
        self._heard_s = time.monotonic()
        self._frames = 0
        page.on("websocket", self._listen)
        page.goto(address)
        # It opens its folder and asks the ward for everything; no picture of that is wanted.
        page.wait_for_timeout(STARTS_WITHIN_MS)
        self.settle()

    def keys(self, *keys: str) -> None:
        """Press keys one after the other, and wait until the screen has answered."""
        for key in keys:
            self._page.keyboard.press(key)
            self._page.wait_for_timeout(60)
        self.settle()

    def type(self, text: str) -> None:
        """Type a text and Enter, as slowly as a person: what comes faster is a scan."""
        self._page.keyboard.type(text, delay=TYPED_EVERY_MS)
        self._page.wait_for_timeout(TYPED_EVERY_MS)
        self.keys("Enter")

    def click(self, x: float, y: float) -> None:
        """Tap at this share of width and height."""
        size = self._page.viewport_size
        self._page.mouse.click(x * size["width"], y * size["height"])
        self.settle()

    def wait(self, milliseconds: int) -> None:
        """Let time pass, and then wait until the screen stands still."""
        self._page.wait_for_timeout(milliseconds)
        self.settle()

    def settle(self) -> None:
        """Wait until the screen stands still."""
        until_s = time.monotonic() + SETTLES_WITHIN_S
        self._heard_s = time.monotonic()
        while time.monotonic() < until_s:
            self._page.wait_for_timeout(100)
            if self._frames and time.monotonic() - self._heard_s > SETTLED_S:
                return

    def shoot(self, name: str) -> None:
        """Take a picture, once a slow machine has caught up with the keys."""
        self.wait(CATCHES_UP_MS)
        shoot(self._page, name)

    def _listen(self, websocket: Any) -> None:
        websocket.on("framereceived", self._hear)

    def _hear(self, _frame: Any) -> None:
        self._frames += 1
        self._heard_s = time.monotonic()


def shoot(page: Any, name: str) -> None:
    """Write a picture, and say if it is too large for a README."""
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    with Image.open(path) as taken:
        fewer = taken.convert("RGB").quantize(COLOURS)
    fewer.save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path}  {size // 1000} kB{'  LARGE' if size > MOST_BYTES else ''}")


@contextmanager
def browser() -> Iterator[Callable[[Any], Any]]:
    """Gives a new window of a size.

    Raises:
        Misconfigured: Chromium is not installed.
    """
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        raise Misconfigured(_NO_BROWSER)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield lambda size: running.new_context(viewport=size, locale="zh-CN").new_page()
        running.close()


def board(demo: Demo, page: Any) -> None:
    """The manager's page: signed in, the board in both languages, alerts, all wards, medication safety, an ECG."""
    manager = demo.sample.member(MANAGES)
    page.goto(f"{demo.page}/board/sign-in")
    page.fill("[name=badge]", manager.badge)
    page.fill("[name=pin]", manager.pin)
    page.click("main button[type=submit]")
    page.wait_for_selector(f'[data-bed="{SICK_BED}"]')
    page.wait_for_timeout(2_000)
    shoot(page, "board-zh")
    for name in ("alerts", "hospital", "medication"):
        page.goto(f"{demo.page}/board/{name}")
        page.wait_for_selector("main h1")
        page.wait_for_timeout(2_000)
        shoot(page, f"board-{name}-zh")
    page.goto(f"{demo.page}/board/ecg")
    page.locator("tbody a").first.click()
    page.wait_for_selector("main svg")
    page.wait_for_timeout(2_000)
    shoot(page, "board-ecg-zh")
    page.goto(f"{demo.page}/board/")
    page.context.add_cookies([{"name": "wardlink_language", "value": "en", "url": demo.page}])
    page.reload()
    page.wait_for_selector(f'[data-bed="{SICK_BED}"]')
    page.wait_for_timeout(2_000)
    shoot(page, "board-en")


def cart(demo: Demo, screen: Screen) -> None:
    """The cart: the ward list in both languages, orders, a medication round, and a form whose score is high."""
    nurse = demo.sample.member(SIGNS_IN)
    screen.type(nurse.badge)
    screen.type(nurse.pin)
    screen.wait(STARTS_WITHIN_MS)
    screen.shoot("cart-ward-zh")
    screen.keys("F10")
    screen.shoot("cart-ward-en")
    screen.keys("F10")
    screen.keys("o")
    screen.shoot("cart-orders-zh")
    screen.keys("Escape")
    # A bed is opened by its number.
    screen.type(demo.sample.human_bed)
    screen.wait(CATCHES_UP_MS)
    screen.keys("m")
    screen.shoot("cart-medication-zh")
    screen.keys("Escape")
    screen.wait(CATCHES_UP_MS)
    screen.keys("Escape")
    screen.wait(CATCHES_UP_MS)
    screen.type(SICK_BED)
    screen.shoot("cart-patient-zh")
    screen.keys("v")
    screen.wait(CATCHES_UP_MS)
    for value in ("38.6", "112", "25", "100", "62", "91"):
        screen.type(value)
        screen.wait(CATCHES_UP_MS // 2)
    # A choice is made by its number, and leads on by itself.
    for choice in (AIR, ALERT):
        screen.keys(choice)
        screen.wait(CATCHES_UP_MS // 2)
    screen.shoot("cart-vitals-zh")


def bedside(demo: Demo, screen: Screen) -> None:
    """The bedside: locked, home, the plan of exercises, and the meals."""
    patient = demo.sample.patient_in(demo.sample.human_bed).admission
    screen.shoot("bedside-locked-zh")
    screen.keys("Enter")
    screen.type(patient.admission_no)
    screen.type(patient.id_last4 or "")
    screen.wait(STARTS_WITHIN_MS // 2)
    screen.shoot("bedside-home-zh")
    for name, area, entry in (("rehabilitation", MEDICAL, REHABILITATION), ("meals", LIFE, MEALS)):
        for field in (area, entry):
            screen.click(*field)
            screen.wait(CATCHES_UP_MS // 2)
        screen.shoot(f"bedside-{name}-zh")
        for _step in range(2):
            screen.click(*BACK)
            screen.wait(CATCHES_UP_MS // 2)


def call(screen: Screen, carts: Screen) -> None:
    """A call: raised at the bed, taken at the cart, seen at the bed."""
    screen.click(0.08, 0.93)
    screen.wait(CATCHES_UP_MS)
    screen.keys("Enter")
    for key in ("Escape", "Escape", "F9", "t"):
        carts.keys(key)
        carts.wait(CATCHES_UP_MS // 2)
    screen.shoot("bedside-call-zh")


def main() -> int:
    """Take all pictures."""
    set_process_language("en")
    os.environ["WARDLINK_LANG"] = "zh"
    FOLDER.mkdir(parents=True, exist_ok=True)
    line = ProgressLine()
    try:
        chart_picture(FOLDER / "chart-paper-zh.png")
        with (
            tempfile.TemporaryDirectory(prefix="wardlink-images-") as folder,
            Demo(Order(Path(folder) / "demo"), line.show, line.end) as demo,
            browser() as window,
        ):
            demo.start()
            line.end()
            terminal = Screen(window(BEDSIDE), f"{demo.bedside}&fontsize={FONT_PX}")
            bedside(demo, terminal)
            carts = Screen(window(CART), f"{demo.cart}&fontsize={FONT_PX}")
            cart(demo, carts)
            call(terminal, carts)
            board(demo, window(BOARD))
    except WardlinkError as fault:
        print(fault.text(), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
