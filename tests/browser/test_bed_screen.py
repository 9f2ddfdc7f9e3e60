"""The bed's screen in a real browser with a glass that feels a finger: full, large, alone, and back by itself."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bedside.sample import LAST4
from bedside.widgets.touch import LEAST_CELLS, LEAST_ROWS
from tests.browser.bed import BedScreenWindow, answers
from tests.browser.visitor import TABLET, Browsing
from tests.waiting import wait_until
from wardlink.codes.kinds import Presence
from wardlink.codes.reading import read_code
from wardlink.process.child import Child, free_port
from workbench.faults.proxy import Cable, Cables

LARGEST = "&fontsize=48"
IDENTIFY, BACK, CODE = (0.88, 0.9), (0.3, 0.9), (0.38, 0.9)


class ServedBed:
    """The sample bed as it is served, behind a cable that can be cut. `address` holds the key."""

    def __init__(self, cables: Cables, cable: Cable) -> None:
        self._cables, self._cable = cables, cable
        self.url = f"http://127.0.0.1:{cable.port}"
        self.address = f"{self.url}/?token=open-sesame"

    def reset(self) -> None:
        """Every connection breaks at once, and nothing comes through until `mend`."""
        self._cables.cut(self._cable, is_cut=True)
        self._cables.reset(self._cable)

    def silence(self) -> None:
        """Nothing comes through any more, and nobody is told."""
        self._cables.cut(self._cable, is_cut=True)

    def mend(self) -> None:
        """The network is back."""
        self._cables.cut(self._cable, is_cut=False)
        self._cables.reset(self._cable)


@pytest.fixture
def bed(tmp_path: Path) -> Iterator[ServedBed]:
    """A bed of nobody, in Chinese."""
    port, cables = free_port(), Cables(1)
    program = [sys.executable, "-m", "commands", "--lang", "zh", "bedside", "--sample", "--serve", "--port", str(port)]
    child = Child("bed", program, log=tmp_path / "bed.log", environment={"WARDLINK_SCREEN_TOKEN": "open-sesame"})
    child.start()
    try:
        wait_until(
            lambda: answers(f"http://127.0.0.1:{port}/?token=open-sesame"),
            "the screen is served",
            timeout_s=60,
            every_s=0.2,
        )
        yield ServedBed(cables, cables.lay(port))
    finally:
        child.stop()
        cables.close()


def opened(bed: ServedBed, browsing: Browsing, more: str = "") -> BedScreenWindow:
    """The screen on a tablet, as far as the locked page."""
    screen = BedScreenWindow(browsing.window(bed.url, TABLET, touch=True))
    screen.window.page.goto(bed.address + more)
    screen.wait("输入住院号")
    screen.wait("3 病区 · 12 床")
    return screen


def signed_in(bed: ServedBed, browsing: Browsing, more: str = "") -> BedScreenWindow:
    """The patient's home page, by a finger and then by keys."""
    screen = opened(bed, browsing, more)
    screen.forget()
    screen.tap(*IDENTIFY)
    screen.wait("第 1 步")
    screen.press("026001", *"026001")
    screen.press("第 2 步", "Enter")
    # An arrow goes on from the field that has the focus: it must be there.
    screen.press("▸ 医疗服务 ◂", *LAST4, "Enter")
    return screen


def test_a_finger_is_enough_and_the_screen_is_full(bed: ServedBed, browsing: Browsing) -> None:
    """On and back by touch; nothing scrolls, nothing is asked of anybody else, and letters and fields are as
    large as tired eyes and fingers need (ward domain sheet 10.9).
    """
    screen = opened(bed, browsing)
    screen.forget()
    screen.tap(*IDENTIFY)
    screen.wait("第 1 步")
    screen.forget()
    screen.tap(*BACK)
    screen.wait("呼叫按钮随时可用")

    page = screen.window.page
    assert screen.window.overflow_px() <= 0
    assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
    letter = screen.letter_px()
    assert letter.high >= 24
    assert letter.row >= 1.3 * letter.high
    assert min(LEAST_ROWS * letter.row, LEAST_CELLS * letter.cell) >= 72
    assert browsing.foreign == []


def test_without_its_key_it_stays_shut(bed: ServedBed, browsing: Browsing) -> None:
    """A page that says where the key is, and no screen."""
    window = browsing.window(bed.url, TABLET)
    answer = window.page.goto(bed.url)

    assert answer.status == 401
    assert window.page.locator("#terminal").count() == 0


@pytest.mark.parametrize("how", ["reset", "silence"])
def test_after_the_network_it_is_the_same_page(bed: ServedBed, browsing: Browsing, how: str) -> None:
    """It says that it is lost, comes back by itself, and the patient is still signed in."""
    screen = signed_in(bed, browsing)
    screen.press("▸ 我的信息 ◂", "Enter")
    getattr(bed, how)()
    screen.window.wait("it says so", lambda: screen.window.page.locator(".lost").is_visible())
    screen.forget()
    bed.mend()
    screen.wait("我的信息")

    assert "输入住院号" not in screen.drawn()
    assert screen.window.page.locator(".lost").is_hidden()
    screen.press("血氧", "ArrowRight", "Enter")


def test_another_window_has_not_the_key_to_it(bed: ServedBed, browsing: Browsing) -> None:
    """Whoever comes while the patient's window is gone begins at the locked page."""
    screen = signed_in(bed, browsing)
    screen.window.page.close()

    other = opened(bed, browsing)
    assert "医疗服务" not in other.drawn()


@pytest.mark.parametrize("more", ["", LARGEST], ids=["usual", "largest"])
def test_codes_are_read_off_the_glass(bed: ServedBed, browsing: Browsing, more: str) -> None:
    """The payment's code, with usual letters and with the largest that leave room for the page."""
    screen = signed_in(bed, browsing, more)
    screen.press("▸ 健康服务 ◂", "ArrowRight")
    screen.press("▸ 交押金 ◂", "Enter")
    screen.press("▸ 200 元 ◂", "Enter")
    screen.type("Enter")

    assert screen.window.wait("a code that scans", screen.code).startswith("https://pay.example.invalid/")


@pytest.mark.parametrize("more", ["", LARGEST], ids=["usual", "largest"])
def test_the_presence_code_is_read_off_the_glass(bed: ServedBed, browsing: Browsing, more: str) -> None:
    """Without a login; a finger opens it. With the largest letters it stands beside its words."""
    screen = opened(bed, browsing, more)
    screen.tap(*CODE)

    assert isinstance(read_code(screen.window.wait("a code that scans", screen.code)), Presence)
