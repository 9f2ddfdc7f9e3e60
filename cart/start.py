"""Opens the device of a cart and runs its screen. Called by `python -m cart` and by `wardlink cart`."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from cart.app import CartApp
from wardlink.errors import Collision
from wardlink.i18n import set_process_language

if TYPE_CHECKING:
    from cart.ports import Ward

FORMER_WINDOW_S = 4.0
"""How long the program of a window that was just closed may still hold the device's folder."""

DEMO = "WARDLINK_DEMO"


def run(credential: Path, folder: Path, *, language: str | None = None) -> int:
    """Run the cart's screen until it ends; the exit code of the program.

    What keeps it from running is said on the error output once the screen is gone.
    """
    if language is not None:
        set_process_language(language)
    app = CartApp(lambda: open_device(credential, folder), is_sample=DEMO in os.environ)
    app.run()
    if app.error is not None:
        sys.stderr.write(app.error.text() + "\n")
    return app.return_code or 0


def run_sample(*, language: str | None = None) -> int:
    """Run the screen on an invented ward in memory; nothing is saved anywhere."""
    if language is not None:
        set_process_language(language)
    app = CartApp(_open_sample, named="C2", is_sample=True)
    app.run()
    return app.return_code or 0


def open_device(credential: Path, folder: Path) -> Ward:
    """The device in `folder`.

    Raises:
        Misconfigured: the credential or the folder cannot be used, or it is no cart's.
        Collision: another program runs on this folder.
    """
    from wardlink import credential as credentials
    from wardlink.device import Device

    found = credentials.read(credential, kind="cart")
    until_s = time.monotonic() + FORMER_WINDOW_S
    while True:
        try:
            return Device(folder, found)
        except Collision:
            if time.monotonic() > until_s:
                raise
            time.sleep(0.2)


def _open_sample() -> Ward:
    from cart.sample import SampleWard
    from wardlink.clock import SystemClock

    return SampleWard(SystemClock())
