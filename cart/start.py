"""Opens the device of a cart and runs its screen. Called by `python -m cart` and by `wardlink cart`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cart.app import CartApp
from wardlink.i18n import set_process_language
from wardlink.terminal.rubbish import Rubbish

if TYPE_CHECKING:
    from cart.ports import Ward
    from cart.usecases.scan import Scanner
    from wardlink.device import Device

DEMO = "WARDLINK_DEMO"


def run(credential: Path, folder: Path, *, language: str | None = None, scanner: Scanner | None = None) -> int:
    """Run the cart's screen until it ends; the exit code of the program.

    What keeps it from running is said on the error output once the screen is gone.
    """
    if language is not None:
        set_process_language(language)

    def open_named() -> Ward:
        device = open_device(credential, folder)
        app.named = device.credential.name
        return device

    app = CartApp(open_named, is_sample=DEMO in os.environ, scanner=scanner, rubbish=Rubbish())
    app.run()
    if app.error is not None:
        sys.stderr.write(app.error.text() + "\n")
    return app.return_code or 0


def run_sample(*, language: str | None = None, scanner: Scanner | None = None) -> int:
    """Run the screen on an invented ward in memory; nothing is saved anywhere."""
    if language is not None:
        set_process_language(language)
    app = CartApp(_open_sample, named="C2", is_sample=True, scanner=scanner)
    app.run()
    return app.return_code or 0


def open_device(credential: Path, folder: Path) -> Device:
    """The device in `folder`.

    Raises:
        Misconfigured: the credential or the folder cannot be used, or it is no cart's.
        Collision: another program runs on this folder.
    """
    from wardlink import credential as credentials
    from wardlink.device.opening import open_when_free

    found = credentials.read(credential, kind="cart")
    return open_when_free(folder, found)


def _open_sample() -> Ward:
    from cart.sample import SampleWard
    from wardlink.clock import SystemClock

    return SampleWard(SystemClock())
