"""The process of the simulation: `python -m workbench.simulation CAST.json`. Tells how it stands, a line a second.

    {"recorded": 3912, "unanswered": 120, "refused": 0, "online": true}

`recorded` counts the sets and calls of this run, history included. Ends on SIGTERM.
"""

from __future__ import annotations

import argparse
import json
import signal
import threading
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from wardlink import credential as credentials
from wardlink.device import Device
from workbench.simulation.cast import Cast, read
from workbench.simulation.players import Caller, Monitor, Nurse

TICK_S = 0.5
TELL_EVERY_S = 1.0


class Simulation:
    """All players of a cast. Use as a context manager: devices are started on entering and stopped on leaving."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._stack = ExitStack()
        self._players: list[Monitor | Caller | Nurse] = []
        self._recorded = 0

    def __enter__(self) -> Simulation:
        cast, interval = self._cast, timedelta(seconds=self._cast.interval_s)
        callers = tuple(p.bed for p in cast.patients if p.terminal and p.bed not in cast.human_beds)
        for patient in cast.patients:
            if patient.monitor is not None:
                self._players.append(Monitor(self._open(patient.monitor), patient, cast.body(patient), interval))
        self._players.append(Nurse(self._open(cast.cart), cast))
        # The history is on the disks of the devices before the first of them speaks.
        self.act()
        for patient in cast.patients:
            if patient.terminal is not None and patient.bed in callers:
                device = self._open(patient.terminal)
                self._players.append(Caller(device, patient, cast, callers, device.clock.now()))
        for player in self._players:
            player.device.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def act(self) -> None:
        """Let everybody do what is due now."""
        for player in self._players:
            self._recorded += player.act(player.device.clock.now())

    def told(self) -> str:
        """How it stands, as a line."""
        found = [player.device.status() for player in self._players]
        return json.dumps(
            {
                "recorded": self._recorded,
                "unanswered": sum(status.outbox for status in found),
                "refused": sum(status.refused for status in found),
                "online": all(status.server_alive for status in found),
            }
        )

    def _open(self, path: Path) -> Device:
        known = credentials.read(path)
        device = Device(self._cast.folder / known.device, known)
        self._stack.callback(device.stop)
        return device


def main() -> None:
    """The command line of the child process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cast", type=Path)
    args = parser.parse_args()
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    told_s = float("-inf")
    with Simulation(read(args.cast)) as simulation:
        while not ending.wait(TICK_S):
            simulation.act()
            if time.monotonic() - told_s >= TELL_EVERY_S:
                told_s = time.monotonic()
                print(simulation.told(), flush=True)


if __name__ == "__main__":
    main()
