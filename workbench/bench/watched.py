"""A program on a terminal of its own, watched from the outside: what it writes, and when."""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress

import psutil

from wardlink.errors import Unreachable
from wardlink.i18n import N_

COLUMNS, LINES = 120, 40
KEPT_LETTERS = 100_000
"""Of what was painted: so much is looked through for a text."""
_CONTROL = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI
    r"|\x1b[\]P_^][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC, DCS, APC, PM
    r"|\x1b[ -/]*[0-~]"
    r"|[\x00-\x1f\x7f]"
)
_UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]P_^][^\x07\x1b]*\x1b?)?$")
_NOT_PAINTED = N_("{name} painted nothing within {timeout_s:g} seconds.")


def cells(text: str) -> tuple[int, int]:
    """How many cells of a terminal this output writes, and how many letters and digits are among them."""
    shown = _CONTROL.sub("", text)
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in shown)
    return len(shown) + wide, sum(each.isalnum() for each in shown)


class Watched:
    """One run of a program. Use as a context manager: it is ended at the end of the block."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.name = name
        self._decode = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._painted = ""
        known = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor"} | dict(environment)
        # The terminal of its own has a size of its own, whatever the one that started us has.
        known = {name: value for name, value in known.items() if name not in ("COLUMNS", "LINES")}
        self.started_s = time.perf_counter()
        self._pid, self._master = pty.fork()
        if self._pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
            os.execvpe(command[0], list(command), known)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._master)

    def first_paint_s(self, *, letters: int, timeout_s: float = 30.0) -> float:
        """Seconds from the start until the screen is full, with at least so many letters on it.

        Raises:
            Unreachable: that never happened.
        """
        written, spelt = 0, 0
        while written < COLUMNS * LINES * 8 // 10 or spelt < letters:
            text = self._read(self.started_s + timeout_s - time.perf_counter())
            more, spelt_more = cells(text)
            written, spelt = written + more, spelt + spelt_more
        return time.perf_counter() - self.started_s

    def wait_for_text(self, text: str, *, timeout_s: float = 30.0) -> None:
        """Return once these letters have been painted at any time since the start.

        Raises:
            Unreachable: they never came.
        """
        until_s = time.perf_counter() + timeout_s
        while text not in self._painted:
            self._read(until_s - time.perf_counter())

    def key_to_paint_s(self, key: bytes, timeout_s: float = 30.0) -> float:
        """Seconds from a key until what it changes has begun to arrive on the terminal.

        Raises:
            Unreachable: nothing changed.
        """
        self.settle()
        pressed_s = time.perf_counter()
        os.write(self._master, key)
        while True:
            text = self._read(pressed_s + timeout_s - time.perf_counter())
            if cells(text)[0]:
                return time.perf_counter() - pressed_s

    def elapsed_s(self) -> float:
        """Seconds since the start of the program."""
        return time.perf_counter() - self.started_s

    def pause(self, seconds: float) -> None:
        """The person in front of it does nothing for so long; what is painted meanwhile is read."""
        until_s = time.perf_counter() + seconds
        while (left_s := until_s - time.perf_counter()) > 0:
            self.settle(left_s, left_s)

    def type(self, text: str, *, every_s: float) -> None:
        """Press these keys one after the other, as slowly as a person."""
        for char in text:
            os.write(self._master, char.encode())
            self.pause(every_s)

    def key_to_rest_s(self, key: bytes, *, quiet_s: float = 0.08, timeout_s: float = 30.0) -> float:
        """Seconds from a key until the last of what it changes has arrived, after which nothing came for a moment.

        Raises:
            Unreachable: nothing changed.
        """
        self.settle()
        pressed_s = time.perf_counter()
        os.write(self._master, key)
        until_s, rested_s = pressed_s + timeout_s, 0.0
        while not rested_s or select.select([self._master], [], [], quiet_s)[0]:
            if cells(self._read(until_s - time.perf_counter()))[0]:
                rested_s = time.perf_counter() - pressed_s
        return rested_s

    def key_to_text_s(self, key: bytes, text: str, *, timeout_s: float = 30.0) -> float:
        """Seconds from a key until these letters, which do not stand there yet, have arrived on the terminal.

        Raises:
            Unreachable: they never came.
        """
        self.settle()
        pressed_s = time.perf_counter()
        os.write(self._master, key)
        shown = ""
        while text not in shown:
            shown += _CONTROL.sub("", self._read(pressed_s + timeout_s - time.perf_counter()))
        return time.perf_counter() - pressed_s

    def tap_to_text_s(self, column: int, row: int, text: str) -> float:
        """Seconds from a finger on this cell, counted from 0, until these letters have come. Raises as a key does."""
        at = f"{column + 1};{row + 1}"
        return self.key_to_text_s(f"\x1b[<0;{at}M\x1b[<0;{at}m".encode(), text)

    def settle(self, quiet_s: float = 0.1, most_s: float = 3.0) -> None:
        """Return when nothing has been written for a moment."""
        until_s = time.perf_counter() + most_s
        while time.perf_counter() < until_s and select.select([self._master], [], [], quiet_s)[0]:
            self._read(quiet_s)

    def rss_mb(self) -> float:
        """The memory of the program and of what it has started."""
        program = psutil.Process(self._pid)
        return float(sum(each.memory_info().rss for each in [program, *program.children(recursive=True)]) / 2**20)

    def own_mb(self) -> float:
        """The memory that would be free without the program: what it shares with others is not counted."""
        return float(psutil.Process(self._pid).memory_full_info().uss / 2**20)

    def _read(self, timeout_s: float) -> str:
        if timeout_s <= 0 or not select.select([self._master], [], [], timeout_s)[0]:
            raise Unreachable(_NOT_PAINTED, name=self.name, timeout_s=max(timeout_s, 0.0))
        try:
            data = os.read(self._master, 65_536)
        except OSError as exc:
            raise Unreachable(_NOT_PAINTED, name=self.name, timeout_s=0.0) from exc
        text = self._rest + self._decode.decode(data)
        cut = _UNFINISHED.search(text)
        self._rest = cut[0] if cut else ""
        whole = text[: cut.start()] if cut else text
        self._painted = (self._painted + _CONTROL.sub("", whole))[-KEPT_LETTERS:]
        return whole
