"""The peers as sides of a measurement."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

from wardlink.errors import Unreachable
from wardlink.process.child import Child, free_port
from workbench.bench import load, load_http, node_red
from workbench.bench.brokers import SECRET, RunningBroker, listens
from workbench.bench.load import Gateway, Outcome
from workbench.bench.sides import ACCOUNT, START_TIMEOUT_S, Side


class Api(Side):
    """FastAPI and SQLModel, one commit a POST; see `workbench.bench.peer_api`."""

    name = "fastapi-sqlmodel"
    table = "vitalsign"

    def __init__(self, folder: Path, broker: RunningBroker) -> None:
        super().__init__(folder, broker)
        self._port = free_port()

    @property
    def database(self) -> Path:
        """The database file."""
        return self.folder / "peer.db"

    def command(self, commit_delay_ms: float) -> Sequence[str]:
        """How the process is started."""
        return [
            *(sys.executable, "-m", "workbench.bench.peer_api"),
            *("--port", str(self._port), "--database", str(self.database)),
        ]

    def wait_ready(self, child: Child, lines: Sequence[str]) -> None:
        """Return when it takes connections."""
        child.wait_ready(lambda: listens(self._port), START_TIMEOUT_S)

    def load(
        self, wards: Sequence[Gateway], *, seconds: float, in_flight: int = 0, per_s: float | None = None
    ) -> Outcome:
        """Post for `seconds`: HTTP has one request of a connection under way."""
        return load_http.run(wards, "127.0.0.1", self._port, seconds=seconds)


class NodeRed(Side):
    """Node-RED with better-sqlite3; see `workbench.bench.node_red`."""

    name = "node-red-sqlite"
    table = "vitals"

    def __init__(self, folder: Path, broker: RunningBroker, program: Path) -> None:
        super().__init__(folder, broker)
        self._program = program

    @property
    def database(self) -> Path:
        """The database file."""
        return self.folder / "node-red.db"

    def command(self, commit_delay_ms: float) -> Sequence[str]:
        """How the process is started."""
        modules = self._program.parents[2]
        settings = node_red.write_settings(self.folder, modules)
        node_red.write_flow(
            self.folder, broker_port=self.broker.port, username=ACCOUNT, secret=SECRET, database=self.database
        )
        node = shutil.which("node") or "node"
        arguments = ["--userDir", str(self.folder), "--settings", str(settings), "--port", str(free_port())]
        return [node, str(self._program), *arguments]

    def wait_ready(self, child: Child, lines: Sequence[str]) -> None:
        """Return when it has connected to the broker, which it says after it has subscribed."""
        child.wait_ready(lambda: any("Connected to broker" in line for line in lines), START_TIMEOUT_S)
        probe = load.Gateway("w00", "probe", SECRET, (("probe", "b00"),))
        child.wait_ready(lambda: _answers(probe, self.broker.port), START_TIMEOUT_S)
        with sqlite3.connect(self.database) as db:
            db.execute("DELETE FROM vitals WHERE ward = 'w00'")
        db.close()


def _answers(probe: Gateway, port: int) -> bool:
    try:
        return load.run([probe], "127.0.0.1", port, seconds=0.1, in_flight=1, patience_s=1.0).receipted > 0
    except Unreachable:
        return False
