"""Stands where the server's notice route stands: hears what a gateway tells, and answers as accepted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from server.payments.port import NoticeAnswer
from tests.server.payments.contract import Told
from tests.waiting import wait_until
from workbench.gateways.wire import Answered, Asked, Wire


class Ears:
    """Keeps every notice as it came over a real socket."""

    def __init__(self, answer: Callable[[], NoticeAnswer]) -> None:
        self._answer = answer
        self._heard: list[Told] = []
        self._lock = threading.Lock()
        self._wire = Wire(self._hear, "ears")

    @property
    def url(self) -> str:
        """Where notices are to be sent."""
        return f"{self._wire.url}/pay/notices/channel"

    def stop(self) -> None:
        """Hear nothing more."""
        self._wire.stop()

    def forget(self) -> None:
        """Begin to count again."""
        self._heard.clear()

    def heard(self, count: int) -> Sequence[Told]:
        """Wait for so many notices, and give all."""
        wait_until(lambda: len(self._heard) >= count, f"{count} notices came")
        return list(self._heard)

    def _hear(self, asked: Asked) -> Answered:
        with self._lock:
            self._heard.append(Told(dict(asked.headers), asked.body))
        said = self._answer()
        return Answered(said.status, said.body, {"Content-Type": said.media_type} if said.media_type else {})
