"""Opens the device of a bed and runs its screen. Called by `python -m bedside` and by `wardlink bedside`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bedside.app import BedsideApp
from bedside.ports import Place
from wardlink.errors import Misconfigured
from wardlink.i18n import N_, domain, set_process_language
from wardlink.terminal.rubbish import Rubbish

if TYPE_CHECKING:
    from bedside.ports import Terminal
    from wardlink.device import Device

_ = domain("bedside").gettext

DEMO = "WARDLINK_DEMO"

_NO_BED = N_("{path} is bound to no bed. Enrol the terminal again, with its bed.")


def run(credential: Path, folder: Path, *, language: str | None = None) -> int:
    """Run the bed's screen until it ends; the exit code of the program.

    What keeps it from running is said on the error output once the screen is gone.
    """
    if language is not None:
        set_process_language(language)

    def opened() -> tuple[Terminal, Place]:
        device = open_device(credential, folder)
        return device, place_of(device)

    app = BedsideApp(opened, is_sample=DEMO in os.environ, rubbish=Rubbish())
    app.run()
    if app.error is not None:
        sys.stderr.write(app.error.text() + "\n")
    return app.return_code or 0


def run_sample(*, language: str | None = None) -> int:
    """Run the screen on an invented bed in memory; nothing is saved anywhere."""
    if language is not None:
        set_process_language(language)
    app = BedsideApp(_open_sample, is_sample=True, rubbish=Rubbish())
    app.run()
    return app.return_code or 0


def open_device(credential: Path, folder: Path) -> Device:
    """The device in `folder`.

    Raises:
        Misconfigured: the credential or the folder cannot be used, or it is no bed's.
        Collision: another program runs on this folder.
    """
    from wardlink import credential as credentials
    from wardlink.device.opening import open_when_free

    found = credentials.read(credential, kind="terminal")
    if found.bed is None:
        raise Misconfigured(_NO_BED, path=credential)
    return open_when_free(folder, found)


def place_of(device: Device) -> Place:
    """Where a terminal hangs, by its credential."""
    known = device.credential
    return Place(known.ward, known.bed or "", known.device)


def _open_sample() -> tuple[Terminal, Place]:
    from bedside.sample import PLACE, SampleTerminal
    from wardlink.clock import SystemClock

    return SampleTerminal(SystemClock(), answers=True), PLACE
