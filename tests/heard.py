"""When a Textual program is done with everything that was said to it: for the tests of the screens."""

from __future__ import annotations

import asyncio
from typing import Any

from textual.app import App
from textual.worker import WorkerState

from tests.waiting import wait_for

_BUSY = (WorkerState.PENDING, WorkerState.RUNNING)


async def heard(app: App[Any]) -> None:
    """Until no message waits anywhere. Textual's own pause measures the processor, which others use as well.

    Raises:
        Exception: what the program ended with, if it did.
    """
    for _ in range(2):
        quiet = 0
        while quiet < 6:
            await asyncio.sleep(0)
            if app._exception is not None:
                raise app._exception
            pumps = [app, *app.screen_stack, *app.screen.walk_children()]
            quiet = 0 if any(pump.message_queue_size for pump in pumps) else quiet + 1
        app.screen._on_timer_update()


async def idle(app: App[Any]) -> None:
    """Until no worker runs behind the screen."""
    await wait_for(lambda: not is_busy(app), "no worker runs", every_s=0.001)


def is_busy(app: App[Any]) -> bool:
    """Whether a worker runs behind the screen."""
    return any(worker.state in _BUSY for worker in app.workers)
