"""The way of a screen into a browser: the door, the pages, one session at a time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar, WSMsgType, WSServerHandshakeError
from aiohttp.test_utils import TestServer

from wardlink.errors import Misconfigured, Unreachable
from wardlink.terminal import serve as serving
from wardlink.terminal.orphan import SERVED_BY, is_orphan
from wardlink.terminal.serve import Screen, ScreenServer, descent_pct_at, letters_pct_at, serve

PROGRAM = """
from textual.app import App
from textual.widgets import Static
class Hello(App):
    def compose(self):
        yield Static("hello from the screen")
Hello().run()
"""

HANGS = """
import os, pathlib, sys, threading
pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
said = b"hello from the screen"
os.write(1, b"__GANGLION__\\n" + b"D" + len(said).to_bytes(4, "big") + said)
threading.Event().wait()
"""


class Door:
    """A running server and a browser of its own."""

    def __init__(self, server: ScreenServer, running: TestServer, browser: ClientSession) -> None:
        self.server = server
        self.running = running
        self.browser = browser
        self.origin = f"http://127.0.0.1:{running.port}"

    async def get(self, path: str) -> tuple[int, str]:
        """Status and text, redirects followed."""
        async with self.browser.get(self.origin + path) as answer:
            return answer.status, await answer.text()

    async def enter(self) -> None:
        """With the token, once."""
        status, _text = await self.get("/?token=open-sesame")
        assert status == 200

    async def session(self) -> ClientWebSocketResponse:
        """Begin a session of the program."""
        return await self.browser.ws_connect(f"{self.origin}/ws?width=80&height=24", headers={"Origin": self.origin})


@contextlib.asynccontextmanager
async def serving_program(folder: Path, program: str) -> AsyncIterator[Door]:
    """A server of `program`, which gets the name of a file it may write."""
    path = folder / "program.py"
    path.write_text(program)
    command = [sys.executable, str(path), str(folder / "pid")]
    server = ScreenServer(Screen(command, "Hello", token="open-sesame"), port=0)
    running = TestServer(await server.application(lambda address: None))
    await running.start_server()
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser:
        yield Door(server, running, browser)
    await running.close()


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    """A server of a small program."""
    async with serving_program(tmp_path, PROGRAM) as found:
        yield found


async def first_bytes(session: ClientWebSocketResponse) -> bytes:
    """Everything up to the picture."""
    seen = b""
    async with asyncio.timeout(20):
        async for message in session:
            if message.type is WSMsgType.BINARY:
                seen += message.data
            if b"hello from the screen" in seen:
                return seen
    raise AssertionError("the picture never came")


@pytest.mark.parametrize(
    "path", ["/", "/static/js/textual.js", "/free", "/takeover", "/ws", "/?token=wrong", "/download/x"]
)
async def test_without_the_token_everything_is_locked(door: Door, path: str) -> None:
    """Also the scripts, and the way to end somebody else's session."""
    status, text = await door.get(path)

    assert status == 401
    assert "hello" not in text


async def test_the_token_opens_once_and_leaves_the_address(door: Door) -> None:
    """After it the cookie alone is enough, and no page names the token."""
    await door.enter()
    status, text = await door.get("/?fontsize=22")

    assert status == 200
    assert "open-sesame" not in text
    assert 'data-font-size="22"' in text


@pytest.mark.parametrize(
    ("asked", "expected"), [("9", "10"), ("99", "48"), ("abc", "16"), ("", "16"), ("-3", "16"), ("22", "22")]
)
async def test_the_size_of_the_letters_stays_readable(door: Door, asked: str, expected: str) -> None:
    """Whatever stands in the address."""
    await door.enter()

    assert f'data-font-size="{expected}"' in (await door.get(f"/?fontsize={asked}"))[1]


@pytest.mark.parametrize("font_px", range(14, 25))
def test_a_letter_fills_a_whole_number_of_pixels(font_px: int) -> None:
    """Half an em of a Chinese font, widened: what is cut off a cell is missing to a character of two."""
    letter_px = font_px / 2 * letters_pct_at(font_px) / 100

    assert letter_px == pytest.approx(round(letter_px), abs=0.01)
    assert font_px / 2 <= round(letter_px) < font_px / 2 + 1


@pytest.mark.parametrize("font_px", range(10, 49))
def test_a_line_is_no_lower_than_asked(font_px: int) -> None:
    """A whole number of pixels, and less than one more than 1.3 letters."""
    letters_px = font_px * letters_pct_at(font_px) / 100
    line_px = letters_px * (1 + descent_pct_at(font_px) / 100)

    assert line_px == pytest.approx(round(line_px), abs=0.01)
    assert 1.3 * letters_px - 0.01 <= round(line_px) < 1.3 * letters_px + 1


async def test_letters_are_measured_on_the_page(door: Door) -> None:
    """At the width of their size; what a canvas measures is a hair less, and the cell a pixel."""
    await door.enter()
    text = (await door.get("/?fontsize=17"))[1]

    assert "size-adjust: 105.88%" in text
    assert text.index("delete window.OffscreenCanvas") < text.index("/static/js/textual.js")


async def test_pages_load_nothing_from_outside(door: Door) -> None:
    """A ward has no internet, and tells nobody outside who looks at what."""
    await door.enter()
    async with door.browser.get(door.origin) as answer:
        text = await answer.text()

        assert not re.search(r"""["'(]\s*(https?:)?//""", text.replace("wss://", "").replace("ws://", ""))
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


async def test_a_session_shows_the_program(door: Door) -> None:
    """The bytes of its picture come through the socket."""
    await door.enter()
    session = await door.session()

    assert b"hello from the screen" in await first_bytes(session)
    await session.close()


async def test_a_second_window_waits_and_may_take_over(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told that the screen is taken; taking over ends the first, and then it is free."""
    monkeypatch.setattr(serving, "_RELOAD_S", 0.05)
    await door.enter()
    first = await door.session()
    await first_bytes(first)

    assert (await door.get("/free"))[0] == 409
    second = await door.session()
    assert (await second.receive()).type is WSMsgType.CLOSE
    assert (await door.get("/takeover"))[0] == 200
    assert (await door.get("/free"))[0] == 204


async def test_a_program_that_does_not_leave_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would keep the device's folder from the next window."""
    monkeypatch.setattr(serving, "LEAVES_WITHIN_S", 0.05)
    async with serving_program(tmp_path, HANGS) as door:
        await door.enter()
        await first_bytes(await door.session())
        pid = int((tmp_path / "pid").read_text())

        assert (await door.get("/takeover"))[0] == 200
        assert (await door.get("/free"))[0] == 204
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


async def test_a_foreign_page_cannot_begin_a_session(door: Door) -> None:
    """A cookie alone is not enough: the page must be ours."""
    await door.enter()

    with pytest.raises(WSServerHandshakeError, match="403"):
        await door.browser.ws_connect(f"{door.origin}/ws", headers={"Origin": "http://elsewhere.example"})


def test_a_busy_port_is_said_in_words() -> None:
    """With the port and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Unreachable, match=str(port)):
            serve(Screen(["x"], "x", port=port), announce=lambda address: None)


def test_nothing_to_show_is_said_in_words() -> None:
    """Before a port is opened."""
    with pytest.raises(Misconfigured):
        serve(Screen([], "x"), announce=lambda address: None)


def test_a_program_is_an_orphan_when_its_server_is_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not when nobody serves it, and not while its parent is the server."""
    monkeypatch.delenv(SERVED_BY, raising=False)
    assert not is_orphan()
    monkeypatch.setenv(SERVED_BY, str(os.getppid()))
    assert not is_orphan()
    monkeypatch.setenv(SERVED_BY, json.dumps(os.getpid()))
    assert is_orphan()
