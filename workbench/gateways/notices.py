"""Sends the notices of a gateway by a retry plan until the merchant has accepted one, or the plan is over."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import httpx2

Made = tuple[Mapping[str, str], bytes]
"""Headers and body of one attempt."""


@dataclass(frozen=True)
class Attempt:
    """What one attempt met: the status of the answer (0: none came) and its body."""

    status: int
    body: bytes


class Notices:
    """Threads that tell, one for each notice; `stop` ends them all.

    `plan_s`: seconds to wait before each attempt after the first. `accepted`: whether an answer ends it. A notice is
    made anew for each attempt, as its time and its signature are.
    """

    def __init__(self, plan_s: Sequence[float], accepted: Callable[[Attempt], bool]) -> None:
        self._plan_s = tuple(plan_s)
        self._accepted = accepted
        self._http = httpx2.Client(timeout=5.0, verify=False)
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []
        self.attempts: list[Attempt] = []

    def tell(self, url: str, make: Callable[[], Made]) -> None:
        """Begin to tell; returns at once."""
        thread = threading.Thread(target=self._run, args=(url, make), name="notice", daemon=True)
        self._threads.append(thread)
        thread.start()

    def wait(self) -> None:
        """Wait until everything that was begun is told, or given up."""
        for thread in self._threads:
            thread.join()

    def stop(self) -> None:
        """Tell nothing more."""
        self._ending.set()
        for thread in self._threads:
            thread.join(timeout=10)
        self._http.close()

    def _run(self, url: str, make: Callable[[], Made]) -> None:
        for wait_s in (0.0, *self._plan_s):
            if self._ending.wait(wait_s):
                return
            attempt = self._post(url, *make())
            self.attempts.append(attempt)
            if self._accepted(attempt):
                return

    def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> Attempt:
        try:
            answer = self._http.post(url, headers=dict(headers), content=body)
        except httpx2.HTTPError:
            return Attempt(0, b"")
        return Attempt(answer.status_code, answer.content)
