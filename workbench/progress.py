"""One line that tells how far a long piece of work is: rewritten in place on a terminal, said now and then in a log."""

from __future__ import annotations

import sys
import time
from typing import TextIO

EVERY_S = 5.0


class ProgressLine:
    """Shows the newest line. On a terminal it stays one line; elsewhere a line appears every `EVERY_S` seconds."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._in_place = self._stream.isatty()
        self._said_s = float("-inf")
        self._last = ""

    def show(self, line: str) -> None:
        """This is how far it is."""
        if line == self._last:
            return
        self._last = line
        if self._in_place:
            print(f"\r\x1b[K{line}", end="", file=self._stream, flush=True)
        elif time.monotonic() - self._said_s >= EVERY_S:
            self._said_s = time.monotonic()
            print(line, file=self._stream, flush=True)

    def end(self, line: str = "") -> None:
        """The work is over; `line` stays."""
        if self._in_place:
            print("\r\x1b[K", end="", file=self._stream)
        if line:
            print(line, file=self._stream, flush=True)
