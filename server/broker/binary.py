"""Where the program nats-server is on this machine."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from wardlink.errors import Misconfigured
from wardlink.i18n import N_

_NOWHERE = N_("The program nats-server is not installed here. Run: pip install 'wardlink[server]'")
_NOT_THERE = N_("{path} is no program that can be run. Set WARDLINK_NATS_SERVER to where nats-server is.")


def nats_server(given: Path | None = None) -> Path:
    """The one that the settings name; else the one beside this Python; else the one on PATH.

    Raises:
        Misconfigured: there is none, or the named one cannot be run.
    """
    if given is not None:
        if not (given.is_file() and os.access(given, os.X_OK)):
            raise Misconfigured(_NOT_THERE, path=given)
        return given
    # Not resolved: in a virtual environment the interpreter is a link, and programs lie beside the link.
    beside = Path(sys.executable).parent / "nats-server"
    if beside.exists():
        return beside
    found = shutil.which("nats-server")
    if found is None:
        raise Misconfigured(_NOWHERE)
    return Path(found)
