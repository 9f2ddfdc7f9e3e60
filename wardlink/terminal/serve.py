"""A program with screens in a browser: the same program, one process for the one window that may be open.

Built on textual-serve, which has no authentication, asks an outside host for fonts and starts a process for
everybody who comes. Here a token in the address opens the door once and becomes a cookie; everything the page
loads comes from this server; and a device has one screen: a second window must take over, and says so. A window that
has lost its network comes back to the program as it left it; that window alone has the key, which never leaves it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import os
import secrets
import shlex
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp_jinja2
from aiohttp import web
from aiohttp.http_websocket import WSCloseCode
from aiohttp.typedefs import Handler
from textual_serve.server import Server

from wardlink.errors import Misconfigured, Unreachable
from wardlink.i18n import N_, language
from wardlink.i18n import gettext as _
from wardlink.terminal.orphan import SERVED_BY
from wardlink.terminal.served_program import ServedProgram

FONT_PX = 16
FONT_PX_LIMITS = (10, 48)
SYMBOLS = 0.83
"""How much smaller than a letter of the Chinese font, half an em wide, one of the symbols' font must be."""
LINE_TENTHS = 13
"""Tenths of a letter from line to line. Source: 适老化通用设计规范, ward domain sheet 10.9."""
LEAVES_WITHIN_S = 5.0
"""How long a window that was closed or reloaded may take to let go of its program."""
KEPT_S = 90.0
"""How long a program waits for its window to come back: as long as a patient's page waits for a touch."""

_MOVED = 4001
"""Why a window is closed whose program another window with the same key has: it does not fight for it."""

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
        " connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_PORT_BUSY = N_("Port {port} on {host} cannot be used: {why}. Choose another one with --port.")
_NO_PROGRAM = N_("No program to show was given.")
_WORDS = {
    "starting": N_("Starting ..."),
    "lost": N_("The screen has lost its program. It comes back by itself; what was saved is kept."),
    "taken": N_("This screen is already open in another window. A device has one screen."),
    "take": N_("Use it here"),
    "locked": N_("Open this screen with the address that was printed when it was started; it holds the key."),
}
"""What the pages say, under the names by which the templates call it."""


@dataclass(frozen=True)
class Screen:
    """What is served. `command` is run anew for each session; `token` None: one is made up.

    `font_px`: how high a letter is unless the address says otherwise (`?fontsize=`); in a window too small for
    `least_cells`, columns and rows, it is as high as leaves room for them.
    """

    command: Sequence[str]
    title: str
    host: str = "127.0.0.1"
    port: int = 0
    token: str | None = None
    font_px: int = FONT_PX
    least_cells: tuple[int, int] = (0, 0)


@dataclass
class _Session:
    """A program and the window that shows it; `websocket` is closed while nobody does."""

    key: str
    websocket: web.WebSocketResponse
    program: ServedProgram
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    leaving: asyncio.Future[None] | None = None

    @property
    def is_lost(self) -> bool:
        """Whether its window is gone."""
        return self.websocket.closed or self.websocket.close_code is not None


def serve(screen: Screen, *, announce: Callable[[str], None]) -> None:
    """Serve `screen` until the process is told to end; `announce` gets the address with its token, once.

    Port 0 takes a free one.

    Raises:
        Misconfigured: no command.
        Unreachable: the port is busy.
    """
    if not screen.command:
        raise Misconfigured(_NO_PROGRAM)
    try:
        listening = socket.create_server((screen.host, screen.port))
    except OSError as exc:
        raise Unreachable(_PORT_BUSY, port=screen.port, host=screen.host, why=exc.strerror) from exc
    server = ScreenServer(screen, port=listening.getsockname()[1])
    os.environ[SERVED_BY] = str(os.getpid())
    web.run_app(
        server.application(announce),
        sock=listening,
        print=None,
        access_log=None,
        shutdown_timeout=1.0,
    )


class ScreenServer(Server):
    """The routes of textual-serve, behind a door, for one session at a time."""

    def __init__(self, screen: Screen, *, port: int) -> None:
        # Without exec a shell would stand between us and the program, and hide from it that we are gone.
        super().__init__(
            "exec " + shlex.join(screen.command),
            host=screen.host,
            port=port,
            title=screen.title,
            templates_path=Path(__file__).parent / "templates",
        )
        self._font_px, self._least_cells = screen.font_px, screen.least_cells
        self._token = screen.token or secrets.token_urlsafe(16)
        self._cookie_name = f"wardlink_screen_{port}"
        self._cookie = secrets.token_urlsafe(24)
        self._session: _Session | None = None

    @property
    def address(self) -> str:
        """Where a browser finds the screen, token included."""
        return f"{self.public_url}/?{urlencode({'token': self._token})}"

    async def application(self, announce: Callable[[str], None]) -> web.Application:
        """The application to run."""
        app = await self._make_app()
        app.middlewares.append(self._door)
        app.add_routes([web.get("/free", self.handle_free), web.get("/takeover", self.handle_takeover)])
        app.add_routes([web.get("/ws/{key}", self.handle_websocket)])

        async def say(_: web.Application) -> None:
            announce(self.address)

        app.on_startup.append(say)
        return app

    async def on_startup(self, app: web.Application) -> None:
        """Without the banner of textual-serve."""

    async def on_shutdown(self, app: web.Application) -> None:
        """End the program that still runs."""
        await self._end_session()

    async def handle_index(self, request: web.Request) -> web.StreamResponse:
        """The page with the screen. It asks `/free` before it begins: a page that is loaded again still holds
        its former session while this one is on its way.
        """
        font_px = _font_px(request, self._font_px)
        letters_pct = letters_pct_at(font_px)
        symbols_pct = round(letters_pct * SYMBOLS, 2)
        sizes: dict[str, Any] = {"font_px": font_px, "letters_pct": letters_pct, "symbols_pct": symbols_pct}
        sizes["descent_pct"] = descent_pct_at(font_px)
        least = {"least_px": FONT_PX_LIMITS[0], "columns": self._least_cells[0], "rows": self._least_cells[1]}
        least["line_tenths"] = LINE_TENTHS
        return self._page("screen.html", request, moved=_MOVED, **sizes, **least)

    async def handle_free(self, request: web.Request) -> web.StreamResponse:
        """Whether a session may begin or go on: 204, or 409 where another window has the screen."""
        return web.Response(status=204 if await self._is_free(request.query.get("key", "")) else 409)

    async def handle_takeover(self, request: web.Request) -> web.StreamResponse:
        """End the session of the other window, and begin one here."""
        await self._end_session()
        raise web.HTTPFound(str(request.rel_url.with_path("/", keep_query=True)))

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """One session: starts the program, and ends it with the window."""
        if urlsplit(request.headers.get("Origin", "")).netloc != request.host:
            raise web.HTTPForbidden(text=_("This page does not belong to this screen."))
        # A window whose network is gone says no goodbye; nobody waits for it for long.
        websocket = web.WebSocketResponse(heartbeat=5, timeout=1.0)
        await websocket.prepare(request)
        key = request.match_info.get("key", "")
        if not await self._is_free(key):
            await websocket.close(code=WSCloseCode.TRY_AGAIN_LATER)
            return websocket
        width, height = _cells(request, "width", 120), _cells(request, "height", 36)
        session = self._session
        if session is None:
            session = self._session = _Session(key, websocket, ServedProgram(self.command, self.download_manager))
            session.program.show_on(websocket)
            work = session.program.start(width, height)
        else:
            before, session.websocket = session.websocket, websocket
            session.program.show_on(websocket)
            await before.close(code=_MOVED)
            work = session.program.paint_anew(width, height)
        try:
            await work
            await self._process_messages(websocket, session.program.service)
        finally:
            if session.websocket is websocket:
                # The window may be gone, and with it this request; its program must not stay behind for ever.
                session.leaving = asyncio.ensure_future(self._leave(session, websocket))
                if not key:
                    await asyncio.shield(session.leaving)
        return websocket

    async def _leave(self, session: _Session, websocket: web.WebSocketResponse) -> None:
        if session.key:
            await session.program.wait_ended(KEPT_S)
            if session.websocket is not websocket:
                return
        await self._end(session)

    async def _end(self, session: _Session) -> None:
        try:
            await session.program.end(LEAVES_WITHIN_S)
        finally:
            session.ended.set()
            if self._session is session:
                self._session = None

    async def _is_free(self, key: str) -> bool:
        session = self._session
        if session is None or (key and hmac.compare_digest(key.encode(), session.key.encode())):
            return True
        if session.key and session.is_lost:
            await self._end(session)
        else:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(session.ended.wait(), LEAVES_WITHIN_S if session.is_lost else _RELOAD_S)
        return self._session is None

    async def _end_session(self) -> None:
        session = self._session
        if session is not None:
            await session.websocket.close(code=WSCloseCode.GOING_AWAY)
            if session.key:
                await self._end(session)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(session.ended.wait(), LEAVES_WITHIN_S + 1)

    def _page(self, template: str, request: web.Request, *, status: int = 200, **words: Any) -> web.StreamResponse:
        said = {name: _(text) for name, text in _WORDS.items()}
        context = {"title": self.title, "lang": language().replace("_", "-"), "say": said, **words}
        response = aiohttp_jinja2.render_template(template, request, context, status=status)
        response.headers.update(_HEADERS)
        return response

    @web.middleware
    async def _door(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        token = request.query.get("token")
        if token is not None and hmac.compare_digest(token.encode(), self._token.encode()):
            found = web.HTTPFound(_without(request, "token"), headers=_HEADERS)
            found.set_cookie(self._cookie_name, self._cookie, httponly=True, samesite="Lax", path="/")
            raise found
        if not hmac.compare_digest(request.cookies.get(self._cookie_name, "").encode(), self._cookie.encode()):
            return self._page("locked.html", request, status=401)
        return await handler(request)


_RELOAD_S = 1.5
"""How long after a page asks anew its former session may still seem to be there."""


def letters_pct_at(font_px: int) -> float:
    """By how much letters are widened at this size, in percent, so that a Chinese character fills its two cells.

    A letter of a Chinese monospace font is half an em wide, and its cell loses what is no whole pixel: characters of
    17 pixels would stand in cells of 8.
    """
    cell_px = (font_px + 1) // 2
    return round(100 * cell_px / (font_px / 2), 2)


def descent_pct_at(font_px: int) -> float:
    """How far a line goes below its letters at this size, in percent of them, so that it is as high as asked.

    A browser draws whole pixels and would round 31.2 down.
    """
    letters_px = 2 * ((font_px + 1) // 2)
    line_px = -(-letters_px * LINE_TENTHS // 10)
    return round(100 * (line_px - letters_px) / letters_px, 3)


def _font_px(request: web.Request, otherwise: int) -> int:
    asked = request.query.get("fontsize", "")
    least, most = FONT_PX_LIMITS
    return min(most, max(least, int(asked))) if asked.isascii() and asked.isdigit() else otherwise


def _cells(request: web.Request, name: str, otherwise: int) -> int:
    asked = request.query.get(name, "")
    return min(500, max(1, int(asked))) if asked.isascii() and asked.isdigit() else otherwise


def _without(request: web.Request, name: str) -> str:
    return str(request.rel_url.without_query_params(name))
