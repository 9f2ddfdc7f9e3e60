"""Cables that can be cut: TCP proxies between the processes, in one thread with an event loop of its own.

What packet loss does to an application is what TCP makes of it: silence, late bunches, and at last a dead
connection. A cut cable is silent and keeps what was in flight; only a reset tells anybody.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
_CHUNK = 64 * 1024


class Cable:
    """One listening port that leads to another. Made by `Cables.lay`."""

    def __init__(self, target_port: int, seed: int) -> None:
        self.target_port = target_port
        self.port = 0
        self._chance = random.Random(seed)
        self._whole = asyncio.Event()
        self._whole.set()
        self._lossy = False
        self._writers: set[asyncio.StreamWriter] = set()

    async def serve(self) -> None:
        """Begin to listen."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]

    def cut(self, is_cut: bool) -> None:
        """Let nothing through, in either direction, until it is mended; nobody is told."""
        if is_cut:
            self._whole.clear()
        else:
            self._whole.set()

    def lose(self, is_lossy: bool) -> None:
        """Let some of the data come as late as retransmissions make it."""
        self._lossy = is_lossy

    def reset(self) -> None:
        """Break every connection with a reset."""
        for writer in list(self._writers):
            sock: socket.socket | None = writer.get_extra_info("socket")
            if sock is not None:
                with contextlib.suppress(OSError):
                    # Linger 0: the other side gets a reset instead of an orderly end.
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._whole.wait()
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
        except OSError:
            writer.transport.abort()
            return
        pair = {writer, far_writer}
        self._writers |= pair
        try:
            pumps = [
                asyncio.create_task(self._pump(reader, far_writer)),
                asyncio.create_task(self._pump(far_reader, writer)),
            ]
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            for pump in pumps:
                pump.cancel()
        finally:
            self._writers -= pair
            for end in pair:
                end.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(_CHUNK):
                await self._whole.wait()
                if self._lossy:
                    # 200 ms is the least that Linux waits before it sends again; it doubles with each loss.
                    await asyncio.sleep(self._chance.choice((0.0, 0.0, 0.02, 0.2, 0.2, 0.4, 0.8)))
                writer.write(data)
                await writer.drain()


class Cables:
    """All cables of a run. Methods may be called from any thread."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="cables", daemon=True)
        self._thread.start()

    def lay(self, target_port: int) -> Cable:
        """A new cable to `target_port`."""
        self._seed += 1
        cable = Cable(target_port, self._seed)
        self._do(cable.serve())
        return cable

    def cut(self, *cables: Cable, is_cut: bool) -> None:
        """Cut cables, or mend them."""
        for cable in cables:
            self._loop.call_soon_threadsafe(cable.cut, is_cut)

    def lose(self, *cables: Cable, is_lossy: bool) -> None:
        """Make cables lossy, or good again."""
        for cable in cables:
            self._loop.call_soon_threadsafe(cable.lose, is_lossy)

    def reset(self, *cables: Cable) -> None:
        """Break every connection that runs through these cables."""
        for cable in cables:
            self._loop.call_soon_threadsafe(cable.reset)

    def close(self) -> None:
        """Take everything down."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)
