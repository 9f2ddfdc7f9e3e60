"""A device, opened by the program of its screen. Called by the cart and by the bedside as they start."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from wardlink.device.device import Device
from wardlink.errors import Collision

if TYPE_CHECKING:
    from wardlink.credential import Credential

FORMER_WINDOW_S = 4.0
"""How long the program of a window that was just closed may still hold the device's folder."""

_ASK_EVERY_S = 0.2


def open_when_free(folder: Path, credential: Credential) -> Device:
    """The device in `folder`; the program of a former window is given time to end.

    Raises:
        Misconfigured: the folder cannot be used.
        Collision: another program runs on this folder.
    """
    until_s = time.monotonic() + FORMER_WINDOW_S
    while True:
        try:
            return Device(folder, credential)
        except Collision:
            if time.monotonic() > until_s:
                raise
            time.sleep(_ASK_EVERY_S)
