"""Runs a program that cannot outlive the one that started it: `python -m wardlink.process.leash PID -- COMMAND ...`.

The kernel kills it when the starting thread ends, also when that was killed itself.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Bind this process to its parent, then become the command."""
    parent, _, *command = arguments
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # The parent may have gone before the leash was on.
    if os.getppid() != int(parent):
        sys.exit(0)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
