"""One program behind a browser: started once, shown on one window after the other, painted anew for each."""

from __future__ import annotations

import asyncio
import contextlib
import re

from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

_MODES = re.compile(rb"\x1b\[\?[0-9;]+[hl]")
"""What the program has told its terminal to be: another page, a mouse, no cursor. A new window knows nothing of it."""

_BETWEEN_SIZES_S = 0.15
"""Long enough for the program to see two sizes, and to draw everything for the second."""


class ServedProgram:
    """What it writes goes to the window of now, and nowhere while there is none."""

    def __init__(self, command: str, downloads: DownloadManager) -> None:
        self._window: web.WebSocketResponse | None = None
        self._modes: dict[bytes, None] = {}
        self._has_ended = asyncio.Event()
        self.service = AppService(
            command,
            write_bytes=self._write_bytes,
            write_str=self._write_str,
            close=self._close,
            download_manager=downloads,
        )

    def show_on(self, window: web.WebSocketResponse) -> None:
        """From now on it is shown there."""
        self._window = window

    async def start(self, width: int, height: int) -> None:
        """Start it, in cells."""
        await self.service.start(width, height)

    async def paint_anew(self, width: int, height: int) -> None:
        """Let it draw everything for a window that has seen nothing yet, in cells."""
        await self._write_bytes(b"".join(self._modes))
        await self.service.set_terminal_size(width, max(1, height - 1))
        await asyncio.sleep(_BETWEEN_SIZES_S)
        await self.service.set_terminal_size(width, height)

    async def wait_ended(self, timeout_s: float) -> None:
        """Until it has ended by itself, or so long."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._has_ended.wait(), timeout_s)

    async def end(self, within_s: float) -> None:
        """End it; after so long without asking."""
        process = self.service._process
        # Whether it took too long shows in the process alone: `stop` swallows being told to give up.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.service.stop(), within_s)
            if process is not None:
                await asyncio.wait_for(process.wait(), 1.0)
        if process is not None and process.returncode is None:
            # It did not leave when asked; a program that hangs must not keep the device's folder.
            process.kill()
            await process.wait()

    async def _write_bytes(self, data: bytes) -> None:
        for mode in _MODES.findall(data):
            self._modes.pop(mode, None)
            self._modes[mode] = None
        window = self._window
        if window is not None and not window.closed:
            # The window may be lost at any moment; the program draws all of it again for the next one.
            with contextlib.suppress(ConnectionError, RuntimeError):
                await window.send_bytes(data)

    async def _write_str(self, text: str) -> None:
        window = self._window
        if window is not None and not window.closed:
            with contextlib.suppress(ConnectionError, RuntimeError):
                await window.send_str(text)

    async def _close(self) -> None:
        self._has_ended.set()
        if self._window is not None:
            await self._window.close()
