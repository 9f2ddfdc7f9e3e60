"""The processes of a played day and the cables between them: what can break, and what mends it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from wardlink import credential
from wardlink.credential import Credential
from wardlink.errors import Unreachable
from wardlink.i18n import N_
from workbench.bedside_day.clock import MovedClock
from workbench.faults.proxy import Cables

_NO_WARD = N_("The ward of the run did not start; {log} says why.")

FAULTS = ("cut", "slow", "refused", "broken", "reset")


class PlayedWard:
    """A server with its broker, and one bed's terminal behind cables. Use as a context manager."""

    def __init__(self, folder: Path, seed: int, *, beds: int = 1) -> None:
        self._folder, self._beds = folder, beds
        self.clock = MovedClock()
        self.cables = Cables(seed)
        self.fault: str | None = None
        self._log = folder / "server.log"

    def __enter__(self) -> PlayedWard:
        data = self._folder / "server"
        data.mkdir(mode=0o700)
        with self._log.open("wb") as log:
            self._server = subprocess.Popen(
                [sys.executable, "-m", "workbench.bedside_day.server", str(data), str(self._beds)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        broker, _, page = self._read().partition(" ")
        if not page:
            self.__exit__()
            raise Unreachable(_NO_WARD, log=self._log)
        self.broker, self.page = self.cables.lay(int(broker)), self.cables.lay(int(page))
        self._ports = (int(broker), int(page))
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server.stdin is not None
        self._server.stdin.close()
        self._server.wait(timeout=30)
        self.cables.close()

    @property
    def server_pid(self) -> int:
        """The process of the server; its broker is a child of it."""
        return self._server.pid

    def file_of(self, terminal: str) -> Path:
        """The credential of a terminal, as it finds the ward without cables."""
        return self._folder / "server" / f"{terminal}.json"

    @property
    def terminal(self) -> Credential:
        """Who the terminal is, and where it finds the ward: behind the cables."""
        found = credential.read(self.file_of("t1"), kind="terminal")
        return found.model_copy(
            update={"server_url": f"http://127.0.0.1:{self.page.port}", "broker_port": self.broker.port}
        )

    def tell(self, word: str, argument: str = "") -> None:
        """Let something happen in the ward, and wait until it has."""
        assert self._server.stdin is not None
        self._server.stdin.write(f"{word} {argument}\n")
        self._server.stdin.flush()
        self._read()

    def move(self, seconds: float) -> None:
        """Let time pass on both sides."""
        ahead_s = self.clock.ahead_s + seconds
        self.tell("ahead", f"{ahead_s:.3f}")
        self.clock.ahead_s = ahead_s

    def break_with(self, fault: str) -> None:
        """Begin a fault of the network or of the server."""
        self.mend()
        self.fault = fault
        both = (self.broker, self.page)
        match fault:
            case "cut":
                self.cables.cut(*both, is_cut=True)
            case "slow":
                self.cables.lose(*both, is_lossy=True)
            case "refused":
                self.broker.target_port = self.page.target_port = 1
                self.cables.reset(*both)
            case "broken":
                self.tell("fail", "1")
            case "reset":
                self.cables.reset(*both)

    def mend(self) -> None:
        """All is well again."""
        if self.fault is not None:
            self.fault = None
            self.cables.cut(self.broker, self.page, is_cut=False)
            self.cables.lose(self.broker, self.page, is_lossy=False)
            self.broker.target_port, self.page.target_port = self._ports
            self.cables.reset(self.broker, self.page)
            self.tell("fail", "0")

    def _read(self) -> str:
        assert self._server.stdout is not None
        return self._server.stdout.readline().strip()
