"""A monitor in a process of its own, to be killed: `python -m tests.browser.monitor CREDENTIAL FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from wardlink import credential
from wardlink.device import Device


def main() -> None:
    """Be connected until somebody ends us."""
    device = Device(Path(sys.argv[2]), credential.read(Path(sys.argv[1])))
    device.start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
