"""A program run as a process of its own, and ended with the one that started it."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from wardlink.errors import Unreachable
from wardlink.i18n import N_

_NOT_READY = N_("{name} did not get ready within {timeout_s:g} seconds. Its last words are in {log}.")
_ENDED = N_("{name} ended by itself with code {code}. Its last words are in {log}.")


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nobody listens on now, from below those that the system gives to outgoing connections.

    Of those another program could be given the same one before it is listened on.
    """
    for _try in range(100):
        port = 20_000 + secrets.randbelow(12_000)
        with contextlib.suppress(OSError), socket.create_server((host, port)):
            return port
    with socket.create_server((host, 0)) as probe:
        return int(probe.getsockname()[1])


class Child:
    """One program, started as often as needed. Start it from a thread that lives as long as it shall.

    What it says on stdout goes to `on_line`, a line at a time, from a thread of its own; stderr goes to `log`.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] | None = None,
    ) -> None:
        self.name = name
        self._command = list(command)
        self._log = log
        self._environment = os.environ | dict(environment or {})
        self._on_line = on_line
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    @property
    def alive(self) -> bool:
        """Whether it runs now."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process id, of the last start."""
        if self._process is None:
            raise RuntimeError(f"{self.name} was never started")
        return self._process.pid

    def start(self) -> None:
        """Start it, anew if it has run before."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "wardlink.process.leash", str(os.getpid()), "--", *self._command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE if self._on_line else log,
                stderr=log,
                env=self._environment,
                text=True,
                # Ctrl-C is for us: we end our children in the right order.
                start_new_session=True,
            )
        if self._on_line:
            self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
            self._reader.start()

    def say(self, line: str) -> bool:
        """Write a line to its stdin; False if it is not there to read it."""
        if self._process is None or self._process.stdin is None:
            return False
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except (BrokenPipeError, ValueError):
            return False
        return True

    def kill(self) -> None:
        """End it like a power cut would; returns when it and its output are gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._join()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, if it runs."""
        if self.alive and self._process is not None:
            self._process.send_signal(number)

    def stop(self, timeout_s: float = 10.0) -> int | None:
        """Ask it to end, and end it if it does not; returns its exit code."""
        if self._process is None:
            return None
        self.signal(signal.SIGTERM)
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._join()
        return self._process.returncode

    def wait_ready(self, ready: Callable[[], bool], timeout_s: float) -> None:
        """Wait until `ready`.

        Raises:
            Unreachable: it ended, or did not get ready in time.
        """
        until_s = time.monotonic() + timeout_s
        while not ready():
            self.check()
            if time.monotonic() > until_s:
                raise Unreachable(_NOT_READY, name=self.name, timeout_s=timeout_s, log=self._log)
            time.sleep(0.05)

    def check(self) -> None:
        """See that it has not ended.

        Raises:
            Unreachable: it has.
        """
        if not self.alive and self._process is not None:
            raise Unreachable(_ENDED, name=self.name, code=self._process.returncode, log=self._log)

    def _read(self, process: subprocess.Popen[str]) -> None:
        if process.stdout is not None and self._on_line is not None:
            for line in process.stdout:
                self._on_line(line.rstrip("\n"))

    def _join(self) -> None:
        if self._reader is not None:
            self._reader.join(timeout=5)
