"""One feed a ward for all pages that show it: opened by the first, closed a while after the last."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import orjson
import structlog

from server.core import Core
from server.dashboard.feed import WardFeed

log = structlog.get_logger(__name__)

ROUND_EVERY_S = 0.1
"""At most ten frames a second, whatever the ward sends: a tenth of a second is not seen as waiting."""

LINGER_S = 30.0

_REST = 3
_MOST_REST_S = 2.0
"""After a round that took much of the processor we rest three times as long: pages never take it from the devices."""

Send = Callable[[bytes], None]


@dataclass(frozen=True)
class Seat:
    """What a page holds of a feed: `first` is the picture it begins with."""

    first: dict[str, Any]
    _full: Callable[[], dict[str, Any]]
    leave: Callable[[], None]

    async def whole(self) -> bytes:
        """The whole picture as a frame: for a page that could not keep up."""
        return orjson.dumps(await asyncio.to_thread(self._full))


class Feed(Protocol):
    """What is shown of one ward. Every method may be called from any thread."""

    @property
    def ward(self) -> str:
        """Which ward."""

    def open(self) -> None:
        """Begin to listen, then load the ward; raises NotFound where there is none."""

    def close(self) -> None:
        """Listen no more."""

    def full(self) -> dict[str, Any]:
        """Everything, for a page that opens."""

    def frame(self) -> bytes | None:
        """What has changed since the last frame, as JSON; None while there is nothing to say yet."""


class Feeds:
    """The feeds of all wards. Used on the event loop only; the work of a round is done on a worker thread.

    `make`: what is shown of a ward.
    """

    def __init__(self, core: Core, make: Callable[[Core, str], Feed] = WardFeed, *, linger_s: float = LINGER_S) -> None:
        self._core = core
        self._make = make
        self._linger_s = linger_s
        self._shows: dict[str, _Show] = {}

    async def join(self, ward: str, send: Send) -> Seat:
        """A seat before the ward's board: its whole picture now, and every later frame through `send`.

        Raises:
            NotFound: there is no such ward.
        """
        show = self._shows.get(ward)
        if show is None:
            show = self._shows[ward] = _Show(self._make(self._core, ward), self._forget, self._linger_s)
        # Before anything is awaited: a show that is about to end must see that somebody has come.
        show.senders.append(send)
        try:
            await show.opened()
            first = await asyncio.to_thread(show.feed.full)
            return Seat(first, show.feed.full, lambda: show.leave(send))
        except BaseException:
            show.leave(send)
            raise

    def _forget(self, ward: str) -> None:
        self._shows.pop(ward, None)


class _Show:
    def __init__(self, feed: Feed, ended: Callable[[str], None], linger_s: float) -> None:
        self.feed = feed
        self._linger_s = linger_s
        self.senders: list[Send] = []
        self._ended = ended
        self._opening = asyncio.ensure_future(asyncio.to_thread(feed.open))
        self._task = asyncio.ensure_future(self._run())

    async def opened(self) -> None:
        await asyncio.shield(self._opening)

    def leave(self, send: Send) -> None:
        if send in self.senders:
            self.senders.remove(send)

    async def _run(self) -> None:
        try:
            await self.opened()
            alone_s = took_s = 0.0
            while self.senders or alone_s < self._linger_s:
                rest_s = max(ROUND_EVERY_S, min(took_s * _REST, _MOST_REST_S))
                await asyncio.sleep(rest_s)
                alone_s = 0.0 if self.senders else alone_s + rest_s
                took_s = await self._round()
        except Exception:  # noqa: BLE001 - said to whoever opened the page
            log.info("board.closed", ward=self.feed.ward)
        finally:
            self._ended(self.feed.ward)
            self.feed.close()

    async def _round(self) -> float:
        """One round; returns the seconds of the processor that it took."""
        try:
            frame, took_s = await asyncio.to_thread(_timed, self.feed.frame)
        except Exception:
            # Without frames the pages say by themselves that they are not live; the next round tries again.
            log.exception("board.round", ward=self.feed.ward)
            return 0.0
        if frame is not None:
            for send in list(self.senders):
                send(frame)
        return took_s


def _timed(frame: Callable[[], bytes | None]) -> tuple[bytes | None, float]:
    # Not the time that passed: where others have the processor, a page would be the staler the busier they are.
    began_s = time.thread_time()
    return frame(), time.thread_time() - began_s
