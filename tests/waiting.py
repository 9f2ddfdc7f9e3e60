"""Every wait of the tests: a condition is polled, and what never happened is said in words."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_until(condition: Callable[[], T], what: str, *, timeout_s: float = 30.0, every_s: float = 0.01) -> T:
    """Poll `condition` until it is true and return its value.

    Raises:
        AssertionError: it never was, within `timeout_s`; the message says what was waited for.
    """
    until_s = time.monotonic() + timeout_s
    while not (found := condition()):
        if time.monotonic() > until_s:
            raise AssertionError(f"in {timeout_s:g} s this never happened: {what}")
        time.sleep(every_s)
    return found


async def wait_for(condition: Callable[[], T], what: str, *, timeout_s: float = 30.0, every_s: float = 0.01) -> T:
    """`wait_until` for a test that shares its loop with what it waits for, as the tests of the screens do.

    Raises:
        AssertionError: it never was, within `timeout_s`; the message says what was waited for.
    """
    until_s = time.monotonic() + timeout_s
    while not (found := condition()):
        if time.monotonic() > until_s:
            raise AssertionError(f"in {timeout_s:g} s this never happened: {what}")
        await asyncio.sleep(every_s)
    return found
