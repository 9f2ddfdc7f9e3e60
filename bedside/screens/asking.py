"""A page that asks the server for what it shows, says that it waits, and asks again by itself while it is away."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from textual import on, work
from textual.message import Message
from textual.worker import get_current_worker

from bedside.ports import Terminal
from bedside.screens.base import BedScreen
from wardlink.errors import Unreachable, WardlinkError

T = TypeVar("T")

AGAIN_EVERY_S = 5.0


class AskingScreen(BedScreen, Generic[T]):
    """`ask` runs in a worker; `answered` shows what came. Nothing of it is kept when the page goes."""

    is_private: ClassVar[bool] = True

    again_s: ClassVar[float | None] = None
    """Ask again so long after an answer, where it may change while somebody looks at it."""

    class Answered(Message):
        """What the server said; `error` where it said nothing that can be shown."""

        def __init__(self, found: object, error: WardlinkError | None) -> None:
            super().__init__()
            self.found, self.error = found, error

    def __init__(self) -> None:
        super().__init__()
        self.found: T | None = None
        self.error: WardlinkError | None = None
        self._asked_s: float | None = None

    def ask(self, terminal: Terminal, encounter: str) -> T:
        """The server's answer about this stay; may take its time."""
        raise NotImplementedError

    async def answered(self) -> None:
        """`found` or `error` is new, or the language is: show it."""
        raise NotImplementedError

    def bed_changed(self) -> None:
        """Ask the first time; afterwards what stands there stays."""
        if self._asked_s is None:
            self.look()
        else:
            self.call_later(self.answered)

    def look(self) -> None:
        """Ask again."""
        self._asked_s = self.bed.terminal.clock.monotonic_s()
        self._ask()

    def tick(self) -> None:
        """While nobody answers, ask again; and where the answer may change."""
        super().tick()
        bed, wait_s = self.bedside.bed, AGAIN_EVERY_S if isinstance(self.error, Unreachable) else self.again_s
        if bed is None or self._asked_s is None or wait_s is None:
            return
        if bed.terminal.clock.monotonic_s() - self._asked_s >= wait_s:
            self.look()

    @work(thread=True, exclusive=True, group="asking", exit_on_error=False)
    def _ask(self) -> None:
        bed = self.bed
        if bed.session is None:
            return
        worker = get_current_worker()
        try:
            answer = self.Answered(self.ask(bed.terminal, bed.session.encounter), None)
        except WardlinkError as error:
            answer = self.Answered(None, error)
        # Who has asked again meanwhile is not told what was so before.
        if not worker.is_cancelled:
            self.post_message(answer)

    @on(Answered)
    async def _answered(self, event: Answered) -> None:
        self.error = event.error
        if event.error is None:
            self.found = event.found  # type: ignore[assignment]  # what `ask` has returned
        if self.stands:
            await self.answered()
