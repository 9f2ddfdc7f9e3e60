"""Plays a recording through a monitor's `Device`, in step with the clock, no further ahead than the ward can take."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from wardlink.device import Device
from workbench.replay import pace
from workbench.replay.entries import entry_of
from workbench.replay.journal import ReplayJournal, Standing
from workbench.replay.recording import Recording

MAX_UNANSWERED = 2_000
"""More commands than this without a receipt, and the player waits for the ward."""

_PAGE = 200
_LOOK_EVERY_S = 0.2


@dataclass(frozen=True)
class Progress:
    """How far a replay is, for the line that is shown."""

    played: int
    total: int
    unanswered: int
    refused: int
    online: bool


class Player:
    """One replay."""

    def __init__(
        self,
        device: Device,
        recording: Recording,
        standing: Standing,
        journal: ReplayJournal,
        *,
        speed: float,
        bed: str | None = None,
        report: Callable[[Progress], None] = lambda _: None,
    ) -> None:
        self._device = device
        self._recording = recording
        self._standing = standing
        self._journal = journal
        self._speed = speed
        self._bed = bed
        self._report = report

    def play(self) -> None:
        """Play what is left and wait for its receipts."""
        first, began_s = self._standing.next, time.monotonic()
        while self._standing.next < self._standing.total:
            if self._device.outbox.depth() >= MAX_UNANSWERED:
                self._pause(_LOOK_EVERY_S)
                continue
            elapsed_s = time.monotonic() - began_s
            upto = min(pace.due(self._recording, first, self._speed, elapsed_s), self._standing.next + _PAGE)
            if upto > self._standing.next:
                self._record(upto)
            else:
                due_s = pace.wait_s(self._recording, first, upto, self._speed, elapsed_s)
                self._pause(min(due_s, _LOOK_EVERY_S))
        while self._device.outbox.depth():
            self._pause(_LOOK_EVERY_S)
        self._report(self.progress())

    def progress(self) -> Progress:
        """How far it is now."""
        status = self._device.status()
        return Progress(self._standing.next, self._standing.total, status.outbox, status.refused, status.online)

    def _record(self, upto: int) -> None:
        entries = [
            entry
            for sample in self._recording.samples[self._standing.next : upto]
            if (
                entry := entry_of(
                    sample,
                    self._recording,
                    start_at=self._standing.start_at,
                    device=self._device.credential.device,
                    encounter=self._standing.encounter,
                    bed=self._bed,
                )
            )
        ]
        if entries:
            self._device.record_all(entries)
        self._standing = self._standing.model_copy(update={"next": upto})
        self._journal.write(self._standing)
        self._report(self.progress())

    def _pause(self, seconds: float) -> None:
        self._report(self.progress())
        time.sleep(seconds)
