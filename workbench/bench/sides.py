"""What is compared: each a process of its own on one broker, with a database of its own."""

from __future__ import annotations

import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

import psutil

from wardlink import topics
from wardlink.errors import MessageUnreadable
from wardlink.messages import status
from wardlink.process.child import Child, free_port
from workbench.bench import hospital, load
from workbench.bench.brokers import SECRET, RunningBroker
from workbench.bench.load import Gateway, Outcome
from workbench.bench.raw_mqtt import RawClient

ACCOUNT = "server"
"""The name of the receiving side at the broker, whichever runs."""

START_TIMEOUT_S = 60.0

IN_FLIGHT = 2_000
"""Messages without a receipt in the closed loop, over all gateways: what a hospital sends in a second and a half."""


class Side(ABC):
    """One program that takes in the load. `folder` holds its database and its log."""

    name: str
    table: str
    """The table that holds one row a message."""

    def __init__(self, folder: Path, broker: RunningBroker) -> None:
        self.folder = folder
        self.broker = broker
        self._child: Child | None = None

    @property
    @abstractmethod
    def database(self) -> Path:
        """The database file."""

    @abstractmethod
    def command(self, commit_delay_ms: float) -> Sequence[str]:
        """How the process is started."""

    @abstractmethod
    def wait_ready(self, child: Child, lines: Sequence[str]) -> None:
        """Return when the process hears the broker. `lines` is what it has said on stdout."""

    def load(
        self, wards: Sequence[Gateway], *, seconds: float, in_flight: int = IN_FLIGHT, per_s: float | None = None
    ) -> Outcome:
        """Load the running process for `seconds`, as `workbench.bench.load.run` does."""
        return load.run(wards, "127.0.0.1", self.broker.port, seconds=seconds, in_flight=in_flight, per_s=per_s)

    def start(self, commit_delay_ms: float = 0.0) -> None:
        """Start the process and wait until it takes messages in.

        Raises:
            Unreachable: it did not start.
        """
        lines: list[str] = []
        child = Child(self.name, self.command(commit_delay_ms), log=self.folder / "log", on_line=lines.append)
        child.start()
        self._child = child
        try:
            self.wait_ready(child, lines)
        except BaseException:
            child.kill()
            raise

    def stop(self) -> None:
        """End the process and settle its database, so that its size and rows can be read."""
        if self._child is not None:
            self._child.stop()
            self._child = None
            hospital.settle(self.database)

    def kill(self) -> None:
        """Let nothing run on."""
        if self._child is not None:
            self._child.kill()

    @property
    def process(self) -> psutil.Process:
        """The running process."""
        assert self._child is not None
        return psutil.Process(self._child.pid)

    def size_bytes(self) -> int:
        """What the settled database takes on the disk."""
        return hospital.size_bytes(self.database) if self.database.exists() else 0

    def rows(self) -> int:
        """How many messages lie in the settled database."""
        if not self.database.exists():
            return 0
        return hospital.count(self.database, self.table)


class Floor(Side):
    """The bare subscriber; see `workbench.bench.floor`."""

    name = "floor"
    table = "message"

    @property
    def database(self) -> Path:
        """The database file."""
        return self.folder / "floor.db"

    def command(self, commit_delay_ms: float) -> Sequence[str]:
        """How the process is started."""
        return [
            *(sys.executable, "-m", "workbench.bench.floor", "--port", str(self.broker.port)),
            *("--username", ACCOUNT, "--secret", SECRET),
            *("--database", str(self.database), "--commit-delay-ms", str(commit_delay_ms)),
        ]

    def wait_ready(self, child: Child, lines: Sequence[str]) -> None:
        """Return when it has said so."""
        child.wait_ready(lambda: "ready" in lines, START_TIMEOUT_S)


class Ours(Side):
    """Wardlink's server; see `workbench.bench.server`."""

    name = "wardlink"
    table = "vitals"

    def __init__(self, folder: Path, broker: RunningBroker) -> None:
        super().__init__(folder, broker)
        self.http_port = free_port()

    @property
    def database(self) -> Path:
        """The database file."""
        return self.folder / "ward.db"

    def command(self, commit_delay_ms: float) -> Sequence[str]:
        """How the process is started."""
        return [
            *(sys.executable, "-m", "workbench.bench.server", "--data", str(self.folder)),
            *("--port", str(self.http_port), "--broker-port", str(self.broker.port), "--broker-password", SECRET),
            *("--commit-delay-ms", str(commit_delay_ms)),
        ]

    def wait_ready(self, child: Child, lines: Sequence[str]) -> None:
        """Return when it says on the broker that it is there, which comes after its subscriptions."""
        listener = RawClient("127.0.0.1", self.broker.port, "listener", ACCOUNT, SECRET)
        try:
            began = time.time()
            listener.subscribe([topics.status("+", topics.SERVER)])
            listener.socket.settimeout(0.05)
            child.wait_ready(lambda: _is_there(listener, began), START_TIMEOUT_S)
        finally:
            listener.close()


def _is_there(listener: RawClient, since: float) -> bool:
    try:
        heard = listener.receive()
    except TimeoutError:
        return False
    for _, payload in heard:
        try:
            said = status.decode(payload)
        except MessageUnreadable:
            continue
        # What an earlier process has left retained is older.
        if said.online and said.at is not None and said.at.timestamp() >= since:
            return True
    return False
