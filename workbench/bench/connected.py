"""A device that is connected and does nothing, to be killed or frozen: `python -m workbench.bench.connected …`."""

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
    device.stop()


if __name__ == "__main__":
    main()
